import { expect, it } from 'vitest';
import { loadConfig } from './load.ts';
import type { LoadedConfig } from './types.ts';

const list = `model_list:
  - { model_name: team, litellm_params: { model: openai/a, api_key: os.environ/TEAM_KEY } }
  - { model_name: vendor, litellm_params: { model: openai/b } }
`;
const env = { OPENAI_API_KEY: 'of-another-team' };

function load(settings: string, more: Readonly<Record<string, string>> = {}): LoadedConfig {
  const text = `${list}general_settings: { master_key: sk-9a1f6c3e8b2d47f0a5c1${settings} }\n`;
  return loadConfig({ text, env: { ...env, ...more }, readFile: () => '' });
}

function keysOf(loaded: LoadedConfig): unknown {
  if (loaded.kind !== 'loaded') return loaded.problems;
  return loaded.config.deployments.map(({ call }) => call.kind === 'callable' && call.apiKey);
}

const MANAGER = ', key_management_system: azure_key_vault';

it("uses the vendor's key in the environment for a reference that is not set, as LiteLLM does", () => {
  expect(keysOf(load(''))).toEqual(['of-another-team', 'of-another-team']);
});

it('fault: another key is used by chance where LiteLLM would read one from a secret manager', () => {
  const loaded = load(MANAGER);
  expect(keysOf(loaded)).toEqual([undefined, 'of-another-team']);
  expect(loaded.notes.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
    'model_list[0].litellm_params.api_key is not set: there is no environment variable TEAM_KEY',
    'general_settings.key_management_system has no effect: allswell reads secrets from the environment alone; these stay empty without a variable: TEAM_KEY',
  ]);
});

it('warns of nothing where all secrets are in the environment', () => {
  const loaded = load(MANAGER, { TEAM_KEY: 'own' });
  expect(keysOf(loaded)).toEqual(['own', 'of-another-team']);
  expect(loaded.notes.filter(({ level }) => level === 'warn')).toEqual([]);
});
