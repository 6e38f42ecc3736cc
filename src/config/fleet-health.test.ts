import { describe, expect, it } from 'vitest';
import { loadConfig } from './load.ts';
import type { AllswellConfig, ConfigNote, Env, LoadedConfig } from './types.ts';

describe('fleet_health', () => {
  it('sets the pace, in seconds', () => {
    const yaml = `
rise: 3
fall: 4
edge_interval: 2.5
lease: 6
store_deadline: 0.5
boot_window: 0
history: { points_per_target: 10, points_per_fleet: 5000, age: 86400 }
concurrency: { total: 8, per_host: 2 }
metrics_auth: key
public_up: yes
dashboard: off
status_page: { groups: [a, b, a], title: Models, show_holds: true }
agent_check_port: 9001
envoy_eds_dir: /eds`;
    expect(config(yaml)).toMatchObject({
      policy: { rise: 3, fall: 4, edgeIntervalMs: 2_500 },
      leaseMs: 6_000,
      storeDeadlineMs: 500,
      bootWindowMs: 0,
      history: { points: 10, fleetPoints: 5_000, keptMs: 86_400_000 },
      concurrency: { total: 8, perHost: 2 },
      metricsAuth: 'key',
      upAuth: 'none',
      dashboard: 'off',
      statusPage: { groups: ['a', 'b'], title: 'Models', holds: 'shown' },
      agentCheckPort: 9_001,
      envoyEdsDir: '/eds',
    });
  });

  it('sets a distance of probes that beats the one LiteLLM reads', () => {
    const models = 'model_list: [{ model_name: a, litellm_params: { model: openai/a } }]';
    const rest = `general_settings: { health_check_interval: 5 }\n${models}`;
    const { intervalMs, targets } = config('interval: 60', { DEFAULT_HEALTH_CHECK_INTERVAL: '7' }, rest);
    expect([intervalMs, ...targets.map((target) => target.intervalMs)]).toEqual([60_000, 60_000]);
    expect(config('rise: 1', {}, rest).intervalMs).toBe(5_000);
  });

  it('shows another policy to the fleet as another policy', () => {
    const hashes = ['', 'rise: 2', 'fall: 3', 'edge_interval: 9'].map((yaml) => config(yaml).policyHash);
    expect(new Set(hashes).size).toBe(4);
    expect(config('lease: 5').policyHash).toBe(hashes[0]);
  });

  it.each([
    ['rise', '0', '11', '1.5'],
    ['fall', '0', '11', 'twice'],
    ['interval', '0.5', '86401', 'soon'],
    ['edge_interval', '0.5', '3601', 'soon'],
    ['expected_pods', '0', '10001', '2.5'],
    ['lease', '0.9', '301', '[10]'],
    ['store_deadline', '0.01', '2.1', 'no'],
    ['boot_window', '-1', '601', '{}'],
    ['history', '5', '[10]'],
    ['history.age', '59', '7776001'],
    ['history.points_per_target', '0', '1001'],
    ['history.points_per_fleet', '0', 'many'],
    ['metrics_auth', 'yes', 'admin', '1'],
    ['public_up', 'maybe', '2', '[true]'],
    ['dashboard', 'maybe', '2', '[on]'],
    ['envoy_eds_dir', '[x]', 'true'],
    ['agent_check_port', '0', '65536', 'http'],
  ])('bounds %s', (key, ...wrong) => {
    for (const value of wrong) {
      const [outer = '', inner] = key.split('.');
      const text = inner === undefined ? value : `{ ${inner}: ${value} }`;
      expect([value, load(`${outer}: ${text}`)]).toMatchObject([
        value,
        {
          kind: 'refused',
          problems: [{ code: 'ALLSWELL_ERR_CONFIG_INVALID', path: `fleet_health.${key}`, line: 2 }],
        },
      ]);
    }
  });

  it('never leases beyond the lock TTL', () => {
    expect(config('lease: 30', { DEFAULT_SHARED_HEALTH_CHECK_LOCK_TTL: '20' }).leaseMs).toBe(20_000);
    expect(config('', { DEFAULT_SHARED_HEALTH_CHECK_LOCK_TTL: '4' }).leaseMs).toBe(4_000);
  });

  it('wants time to renew a lease in', () => {
    expect(load('lease: 1\n  store_deadline: 0.4')).toMatchObject({
      problems: [
        { path: 'fleet_health.store_deadline', line: 3, expected: 'a lease of at least 3 times store_deadline' },
      ],
    });
    expect(load('lease: 1\n  store_deadline: 0.3').kind).toBe('loaded');
  });

  it('goes before the bound of LiteLLM, which is one for all and for each host', () => {
    const general = 'general_settings: { health_check_concurrency: 5 }\n';
    expect(config('', {}, general).concurrency).toEqual({ total: 5, perHost: 5 });
    expect(config('concurrency: { total: 9 }', {}, general).concurrency).toEqual({ total: 9, perHost: 5 });
    expect(config('concurrency: { per_host: 1 }', {}, general).concurrency).toEqual({ total: 5, perHost: 1 });
  });

  it('asks for a key to the metrics where LiteLLM would', () => {
    const litellm = 'litellm_settings: { require_auth_for_metrics_endpoint: true }\n';
    expect(config('', {}, litellm).metricsAuth).toBe('key');
    expect(config('metrics_auth: none', {}, litellm).metricsAuth).toBe('none');
  });

  it('gives model groups the objective of all, or their own, and says where one is wrong or has no effect', () => {
    const model = (name: string): string => `{ model_name: ${name}, litellm_params: { model: openai/${name} } }`;
    const models = `model_list: [${model('a')}, ${model('b')}, ${model('a')}]`;
    const objectives = (yaml: string) => load(`slo: ${yaml}`, {}, models);
    expect(config('').objectives).toEqual([]);
    expect(objectives('{ availability: 99.9, groups: { b: { availability: 95, window_days: 7 } } }')).toMatchObject({
      config: {
        objectives: [
          { group: 'a', availability: 99.9, windowMs: 30 * 86_400_000 },
          { group: 'b', availability: 95, windowMs: 7 * 86_400_000 },
        ],
      },
    });
    expect(objectives('{ groups: { a: { availability: 99 } } }')).toMatchObject({
      config: { objectives: [{ group: 'a', availability: 99 }] },
    });
    const noted = objectives('{ availability: 99, window_days: 33, groups: { c: { availability: 99 } } }');
    expect(noted.notes.filter(({ path }) => path.startsWith('fleet_health')).map(({ path }) => path)).toEqual([
      'fleet_health.slo.groups.c',
      'fleet_health.slo.window_days',
    ]);
    for (const [path, yaml] of [
      ['availability', '{ availability: 100 }'],
      ['availability', '{ availability: high }'],
      ['window_days', '{ availability: 99, window_days: 0.5 }'],
      ['groups.a.availability', '{ groups: { a: { availability: 101 } } }'],
      ['groups.a', '{ groups: { a: { window_days: 7 } } }'],
      ['groups.a', '{ availability: 99, groups: { a: { availabilty: 98 } } }'],
    ] as const) {
      expect(objectives(yaml)).toMatchObject({
        problems: [{ path: `fleet_health.slo.${path}`, line: 2, column: expect.any(Number) as number }],
      });
    }
  });

  it('has no status page by default, and says which group of one is not a model group', () => {
    expect(config('').statusPage).toBeNull();
    const models = 'model_list: [{ model_name: a, litellm_params: { model: openai/a } }]';
    const loaded = load('status_page: { groups: [a, b] }', {}, models);
    expect(loaded).toMatchObject({ config: { statusPage: { groups: ['a', 'b'], title: 'Status', holds: 'hidden' } } });
    expect(loaded.notes.filter(({ path }) => path.startsWith('fleet_health')).map(({ path }) => path)).toEqual([
      'fleet_health.status_page.groups[1]',
    ]);
    expect(load('status_page: { title: Models }')).toMatchObject({
      problems: [{ path: 'fleet_health.status_page.groups' }],
    });
  });

  it('takes budgets of the fleet and of each target, in billionths of a dollar', () => {
    expect(config('').budget).toEqual({ fleet: {}, target: {} });
    const both = 'budget: { usd_per_day: 0.25, probes_per_hour: 60, per_target: { usd_per_day: 0.000001 } }';
    expect(config(both).budget).toEqual({
      fleet: { probesPerHour: 60, nanoUsdPerDay: 250_000_000 },
      target: { nanoUsdPerDay: 1_000 },
    });
  });

  it.each([
    ['usd_per_day: much', 'usd_per_day'],
    ['probes_per_hour: 0', 'probes_per_hour'],
    ['per_target: { usd_per_day: -1 }', 'per_target.usd_per_day'],
  ])('refuses the budget { %s }', (text, path) => {
    expect(load(`budget: { ${text} }`)).toMatchObject({
      problems: [{ code: 'ALLSWELL_ERR_CONFIG_INVALID', path: `fleet_health.budget.${path}` }],
    });
  });

  it.each([
    ['budgets: { usd_per_day: 1 }', 'budgets', ': did you mean budget?'],
    ['concurrency: { totl: 4 }', 'concurrency.totl', ': did you mean total?'],
    ['health_check_interval: 5', 'health_check_interval', ': it belongs under general_settings'],
    ['mystery: 1', 'mystery', ''],
  ])('refuses a key that it does not have, for a slip in a budget would spend money: { %s }', (text, path, hint) => {
    expect(load(text)).toMatchObject({
      problems: [
        { path: `fleet_health.${path}`, message: `fleet_health.${path} is not a setting of fleet_health${hint}` },
      ],
    });
  });
});

describe('fleet_health.level', () => {
  const models = `
model_list:
  - { model_name: chat, litellm_params: { model: openai/a } }
  - { model_name: embed, litellm_params: { model: openai/b }, model_info: { mode: embedding } }
  - { model_name: image, litellm_params: { model: openai/c }, model_info: { mode: image_generation } }
  - { model_name: also, litellm_params: { model: openai/a } }
`;
  const levels = (level: string): readonly string[] =>
    config(`level: ${level}`, {}, models).targets.map((target) => target.level);

  it('is inference where an answer can be had, else the list of models', () => {
    expect(levels('{}')).toEqual(['inference', 'inference', 'models']);
  });

  it('goes by mode, and by model before that', () => {
    expect(levels('{ mode: { embedding: models, image_generation: connect } }')).toEqual([
      'inference',
      'models',
      'connect',
    ]);
    expect(levels('{ mode: { chat: connect, embedding: models }, model: { embed: connect } }')).toEqual([
      'connect',
      'connect',
      'models',
    ]);
  });

  it('is the deepest that one of those who share the target wants', () => {
    expect(levels('{ model: { chat: connect } }')[0]).toBe('inference');
    expect(levels('{ model: { chat: connect, also: models } }')[0]).toBe('models');
  });

  it('is no deeper than can be', () => {
    expect(levels('{ model: { image: inference } }')[2]).toBe('models');
    expect(load('level: { model: { image: inference } }', {}, models)).toMatchObject({
      notes: expect.arrayContaining([
        expect.objectContaining({
          message: expect.stringContaining('has a mode that cannot be probed at level inference'),
        }),
      ]),
    });
  });

  it('names modes and groups that exist', () => {
    expect(warnings('level: { model: { imag: models } }', models)).toContain(
      'fleet_health.level.model.imag is not a model group: did you mean image?',
    );
    expect(load('level: { mode: { embeding: models } }')).toMatchObject({
      problems: [{ message: 'fleet_health.level.mode.embeding is not a mode: did you mean embedding?' }],
    });
    expect(load('level: { mode: { chat: deep } }')).toMatchObject({
      problems: [{ path: 'fleet_health.level.mode.chat', expected: 'connect, models or inference' }],
    });
  });
});

function load(fleet: string, env: Env = {}, rest = ''): LoadedConfig {
  const block = fleet.trim().replaceAll(/\n\s*/g, '\n  ');
  return loadConfig({ text: `fleet_health:\n  ${block}\n${rest}`, env, readFile: () => '' });
}

function config(fleet: string, env: Env = {}, rest = ''): AllswellConfig {
  const loaded = load(fleet, env, rest);
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

function warnings(fleet: string, rest = ''): readonly string[] {
  const loaded = load(fleet, {}, rest);
  const notes: readonly ConfigNote[] = loaded.kind === 'loaded' ? loaded.notes : [];
  return notes.filter(({ path }) => path.startsWith('fleet_health')).map(({ message }) => message);
}
