import { expect, it } from 'vitest';
import { loadConfig } from '../config/index.ts';
import type { Logger } from '../ports/index.ts';
import { logStart } from './start-server.ts';

it("the first line shows the switches in LiteLLM's words", () => {
  expect(
    started(
      'general_settings: { background_health_checks: true, use_shared_health_check: true, health_check_interval: 20, master_key: sk-x }',
      { REDIS_HOST: 'r' },
    )[0],
  ).toBe(
    'info background_health_check_config enabled=True shared=True interval_seconds=20 max_concurrency=64 details=True health_check_routing=True model_groups=None',
  );
  expect(
    started('general_settings: { health_check_concurrency: 5, health_check_details: false, master_key: sk-x }')[0],
  ).toBe(
    'info background_health_check_config enabled=False shared=False interval_seconds=300 max_concurrency=5 details=False health_check_routing=True model_groups=None',
  );
});

it("the first line of a bridge shows health_check_routing of LiteLLM's file", () => {
  const general = (more: string): string => `general_settings: { master_key: sk-x, ${more} }`;
  const on = started(general('enable_health_check_routing: true'), { REDIS_HOST: 'r' }, 'bridge');
  expect(on[0]).toContain(' health_check_routing=True ');
  expect(started(general(''), { REDIS_HOST: 'r' }, 'bridge')[0]).toContain(' health_check_routing=False ');
});

it('the first line shows which groups are checked', () => {
  const [line] = started('general_settings: { background_health_check_model_groups: [prod, eu], master_key: sk-x }');
  expect(line).toMatch(/ model_groups=\['prod', 'eu'\]$/);
});

it('a missing master key is logged once, with the way to set one', () => {
  const lines = started('model_list: []').filter((line) => line.includes('master_key'));
  expect(lines).toEqual([
    expect.stringMatching(/^warn .*master_key is not set: routes that need a key answer 401\..*LITELLM_MASTER_KEY$/),
  ]);
});

it('an open pod says so', () => {
  const lines = started('general_settings: { dangerously_permit_weak_or_unset_master_key: true }');
  expect(
    lines.filter((line) =>
      /^warn .*master_key is not set, and dangerously_permit_weak_or_unset_master_key is true/.test(line),
    ),
  ).toHaveLength(1);
});

it('sharing without a Redis is warned about once', () => {
  const lines = started(
    'general_settings: { background_health_checks: true, use_shared_health_check: true, master_key: sk-x }',
  );
  expect(lines.filter((line) => line.includes('Redis is not configured'))).toHaveLength(1);
});

function started(text: string, env: Record<string, string> = {}, profile: 'serve' | 'bridge' = 'serve'): string[] {
  const loaded = loadConfig({ text, env, readFile: () => '', profile });
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  const lines: string[] = [];
  const into = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  const logger: Logger = { debug: into('debug'), info: into('info'), warn: into('warn'), error: into('error') };
  logStart(logger, loaded.config, loaded.notes);
  return lines;
}
