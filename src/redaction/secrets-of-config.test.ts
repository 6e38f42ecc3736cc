import { expect, it } from 'vitest';
import { loadConfig } from '../config/index.ts';
import type { AllswellConfig } from '../config/index.ts';
import { secretsOf } from './index.ts';

it('every credential of a configuration counts as a secret; ordinary header values, which logs need, do not', () => {
  const config = load(`
model_list:
  - model_name: a
    litellm_params:
      model: openai/gpt-4o-mini
      api_key: sk-upstream
      extra_headers: { X-Gateway-Token: gw-secret, Authorization: Bearer header-secret, X-Team: platform }
    model_info: { health_check_params: { service_token: body-secret } }
general_settings: { master_key: sk-master }
litellm_settings:
  cache: true
  cache_params: { type: redis, url: "redis://user:p%40ss@redis:6379" }
`);
  expect(secretsOf(config)).toEqual(
    expect.arrayContaining(['sk-master', 'sk-upstream', 'gw-secret', 'header-secret', 'body-secret', 'p@ss']),
  );
  expect(secretsOf(config)).not.toContain('platform');
});

it('what requests are sent with counts as a secret where probes have other credentials', () => {
  const secrets = secretsOf(
    load(`
model_list:
  - model_name: a
    litellm_params: { model: openai/a, api_key: sk-requests, headers: { X-Token: header-requests }, extra_body: { token: body-requests } }
    model_info: { health_check_params: { api_key: sk-probes, headers: { X-Token: header-probes }, extra_body: { token: body-probes } } }
`),
  );
  const kinds = ['requests', 'probes'].flatMap((kind) => [`sk-${kind}`, `header-${kind}`, `body-${kind}`]);
  expect(secrets).toEqual(expect.arrayContaining(kinds));
});

it('each value in the query of a receiver counts as a secret, as it is written and decoded, and so do its login and its path', () => {
  const secrets = secretsOf(
    load(`
model_list: []
fleet_health:
  alerts:
    receivers:
      - { name: a, type: webhook, url: "http://ann:p%40ss@ops.example/hook?token=to%2Fken-1&v=1" }
      - { name: b, type: webhook, url: "http://ann:50%zz@ops.example/a-secret%20path" }
`),
  );
  const basic = btoa('ann:p@ss');
  expect(secrets).toEqual(
    expect.arrayContaining(['to%2Fken-1', 'to/ken-1', 'p@ss', basic, '50%zz', 'a-secret%20path', 'a-secret path']),
  );
  expect(secrets).not.toContain('1');
});

it('a configuration without credentials has no secrets', () => {
  expect(secretsOf(load('model_list: []'))).toEqual([]);
});

function load(text: string): AllswellConfig {
  const loaded = loadConfig({ text, env: {}, readFile: () => '' });
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}
