import { expect, it } from 'vitest';
import { loadConfig } from '../load.ts';
import type { LoadedConfig, RequestedProfile } from '../types.ts';

function load(profile: RequestedProfile, info = '{}', rpm = 'abc'): LoadedConfig {
  const text = `general_settings: { background_health_checks: true, use_shared_health_check: true }
model_list:
  - model_name: fine
    litellm_params: { model: openai/a, api_key: k }
  - model_name: m
    litellm_params:
      model: azure/b
      api_base: http://az
      api_key: 123456
      api_version: 2024-02-01
      rpm: ${rpm}
    model_info: ${info}
`;
  const env = { REDIS_HOST: 'redis', LITELLM_MASTER_KEY: 'sk-9a1f6c3e8b2d47f0a5c1' };
  return loadConfig({ file: 'proxy_config.yaml', text, profile, env, readFile: () => '' });
}

const warnings = ({ notes }: LoadedConfig): readonly string[] =>
  notes
    .filter(({ level }) => level === 'warn')
    .map(({ file, line, column, message }) => `${file}:${line}:${column} ${message}`);
const names = (loaded: LoadedConfig): readonly string[] =>
  loaded.kind === 'loaded' ? loaded.config.deployments.map(({ modelName }) => modelName) : [];

it('a deployment that LiteLLM drops for what is written is no business of a bridge, which says why and where', () => {
  const loaded = load('bridge');
  expect(names(loaded)).toEqual(['fine']);
  const without = 'LiteLLM refuses: LiteLLM and the bridge leave the deployment out';
  expect(warnings(loaded)).toEqual([
    `proxy_config.yaml:9:16 model_list[1].litellm_params.api_key is a number, which ${without}. Put the value in quotes`,
    `proxy_config.yaml:10:20 model_list[1].litellm_params.api_version is a date, which ${without}. Put the value in quotes`,
    `proxy_config.yaml:11:12 model_list[1].litellm_params.rpm is text, which ${without}`,
  ]);
});

it('nobody is told of one that opted out, and a pod that serves has it', () => {
  expect(warnings(load('bridge', '{ disable_background_health_check: true }'))).toEqual([]);
  const serving = load('serve', '{}', '9');
  expect(names(serving)).toEqual(['fine', 'm']);
  expect(warnings(serving)).toEqual([]);
});
