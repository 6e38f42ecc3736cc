import { loadConfig } from '../load.ts';
import type { AllswellConfig, ProbeTarget } from '../types.ts';

/** The defaults: the loaded configuration of a file with one model and nothing else. */
export const builtIn: AllswellConfig = load();

/** The probe of that one model. */
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
