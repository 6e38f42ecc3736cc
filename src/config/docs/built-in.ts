import { loadConfig } from '../load.ts';
import type { AllswellConfig, ProbeTarget } from '../types.ts';

/** What holds where nothing is configured: a file with one model and nothing else, as it is loaded. */
export const builtIn: AllswellConfig = load();

/** How that one model is probed. */
export const builtInTarget: ProbeTarget = builtIn.targets[0] ?? unreadable();

export function shownSeconds(ms: number): string {
  return `${ms / 1000}`;
}

function load(): AllswellConfig {
  const text = 'model_list: [{ model_name: one, litellm_params: { model: openai/gpt-4o-mini } }]';
  const loaded = loadConfig({ text, env: {}, readFile: unreadable });
  return loaded.kind === 'loaded' ? loaded.config : unreadable();
}

function unreadable(): never {
  throw new Error('the file for the defaults was not read');
}
