import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadConfig } from './index.ts';
import type { LoadedConfig, RequestedProfile } from './index.ts';

/** What LiteLLM did with files that have something odd in them. test/differential/record_litellm_starts.py asks it again. */
interface Recorded {
  readonly litellm: string;
  readonly env: Readonly<Record<string, string>>;
  /** Files beside, by name. */
  readonly beside: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, RecordedFile>>;
}

interface RecordedFile {
  readonly text: string;
  /** LiteLLM's `/v1/models`; null where LiteLLM does not start. */
  readonly models: readonly string[] | null;
}

const recorded = JSON.parse(
  readFileSync(new URL('../../test/golden/fixtures/litellm-starts.json', import.meta.url), 'utf8'),
) as Recorded;

function load(text: string, profile: RequestedProfile): LoadedConfig {
  const readFile = (path: string): string => {
    const found = recorded.beside[path];
    if (found === undefined) throw new Error('no such file');
    return found;
  };
  return loadConfig({ file: 'f.yaml', text, profile, env: recorded.env, readFile });
}

const taken = Object.entries(recorded.files).flatMap(([name, { text, models }]) =>
  models === null ? [] : [{ name, text, models }],
);

it.each(['model-list-text', 'model-list-mapping', 'general-settings-list', 'litellm-settings-text'])(
  'LiteLLM does not start with %s, and a pod does not either: it would drop a whole block',
  (name) => {
    const { text, models } = recorded.files[name] ?? { text: '', models: [] };
    expect([models, load(text, 'serve').kind]).toEqual([null, 'refused']);
  },
);

describe(`a file with which LiteLLM ${recorded.litellm} starts`, () => {
  it('is there in many forms', () => {
    expect(taken.length).toBeGreaterThan(40);
  });

  it.each(taken)('starts a pod, too, with a warning at each wrong value: $name', ({ text, models }) => {
    const loaded = load(text, 'serve');
    if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
    const warned = loaded.notes.filter(({ level }) => level === 'warn');
    const checked = load(text, 'check');
    const wrong = checked.kind === 'refused' ? checked.problems : [];
    for (const { file, line, column, path } of wrong) {
      expect(warned).toContainEqual(expect.objectContaining({ file, line, column, path }));
    }
    // A model that LiteLLM lists is served, or listed with the reason; none goes without a word.
    const served = new Set(loaded.config.deployments.map(({ modelName }) => modelName));
    for (const model of models.filter((one) => !served.has(one) && !one.includes('*'))) {
      const unprobed = loaded.config.unprobed.find(({ modelName }) => modelName === model);
      expect(warned.map(({ message }) => message)).toContainEqual(expect.stringContaining(unprobed?.why ?? 'listed'));
    }
  });
});

describe('a wrong value that ends the start all the same', () => {
  const MODEL = 'model_list: [{ model_name: a, litellm_params: { model: openai/a, api_key: k } }]\n';

  it.each([
    ['fleet_health: { lease: soon }', 'fleet_health.lease'],
    ['fleet_health: { budgte: { usd_per_day: 1 } }', 'fleet_health.budgte'],
    ['fleet_health: { level: { mode: { chta: models } } }', 'fleet_health.level.mode.chta'],
    ['budget: { usd_per_day: 1 }', 'budget'],
    ['general_settings: { master_key: [a] }', 'general_settings.master_key'],
    ['general_settings: { drain_endpoint_token: [a] }', 'general_settings.drain_endpoint_token'],
    ['general_settings: { allowed_ips: [10.0.0.1] }', 'general_settings.allowed_ips'],
    [
      'litellm_settings: { require_auth_for_metrics_endpoint: perhaps }',
      'litellm_settings.require_auth_for_metrics_endpoint',
    ],
  ])('is in a setting of allswell, or would open something: %s', (line, path) => {
    expect(load(`${MODEL}${line}\n`, 'serve')).toMatchObject({
      kind: 'refused',
      problems: [{ file: 'f.yaml', line: 2, path }],
    });
  });
});

describe('a wrong value inside a mapping', () => {
  it('is left out alone', () => {
    const policy = 'router_settings: { retry_policy: { TimeoutErrorRetries: some, RateLimitErrorRetries: 3 } }';
    expect(load(`model_list: []\n${policy}\n`, 'serve')).toMatchObject({
      config: { routing: { retryPolicy: { RateLimitError: 3 } } },
    });
  });
});
