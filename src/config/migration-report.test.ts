import { expect, it } from 'vitest';
import { loadConfig } from './load.ts';
import type { MigrationReport } from './types.ts';

function report(settings: string, env: Readonly<Record<string, string>> = {}): MigrationReport {
  const text = `model_list:
  - { model_name: a, litellm_params: { model: openai/m, api_key: k, rpm: 3 } }
  - { model_name: b, litellm_params: { model: openai/m, api_key: k } }
${settings}`;
  const loaded = loadConfig({ text, env, readFile: () => '' });
  if (loaded.kind !== 'loaded') throw new Error(JSON.stringify(loaded.problems));
  return loaded.migration;
}

const shared = `general_settings:
  master_key: sk-9a1f6c3e8b2d47f0a5c1
  background_health_checks: true
  use_shared_health_check: true
  store_model_in_db: true
  proxy_batch_write_at: null
`;

it('lists what works and what has no effect, by block, and leaves out what is not set', () => {
  const { works, ignored } = report(`${shared}fleet_health: { interval: 20 }\n`, { REDIS_HOST: 'redis' });
  expect(works).toEqual([
    'model_list[]: model_name',
    'model_list[].litellm_params: api_key, model, rpm',
    'general_settings: background_health_checks, master_key, use_shared_health_check',
  ]);
  expect(ignored).toEqual(['general_settings: store_model_in_db']);
});

it('tells what a fleet that shares health gains, and how LiteLLM would treat the interval', () => {
  const { better, avoided } = report(`${shared}  health_check_interval: 60\n`, { REDIS_HOST: 'redis' });
  expect(better).toContain("1 probe per 60 s in the whole fleet; LiteLLM's pods probe 2 deployments");
  expect(better).toContain('rpm, tpm and max_parallel_requests hold for the whole fleet, in any minute');
  expect(avoided).toEqual(['LiteLLM probes every 300 s (DEFAULT_SHARED_HEALTH_CHECK_TTL), not every 60 s']);
});

it('names the settings with which LiteLLM silently checks nothing, or everything in each pod', () => {
  expect(report(`${shared}  health_check_interval: "300"\n`).avoided).toContainEqual(
    expect.stringContaining('is text: LiteLLM never begins'),
  );
  expect(report('general_settings: { use_shared_health_check: true }\n', { REDIS_HOST: 'r' }).avoided).toEqual([
    expect.stringContaining('each request for health probes in each LiteLLM pod'),
  ]);
  const alone = report('general_settings: { background_health_checks: true }\n');
  expect(alone.avoided).toEqual([expect.stringContaining('every LiteLLM pod probes by itself')]);
  expect(alone.better.join()).not.toContain('fleet; ');
});
