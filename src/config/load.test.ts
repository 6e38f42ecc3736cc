import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadConfig } from './load.ts';
import type { AllswellConfig, ConfigNote, Env, Problem } from './types.ts';

function load(text: string | undefined, env: Env = {}): { config: AllswellConfig; notes: readonly ConfigNote[] } {
  const loaded = loadConfig({
    ...(text !== undefined && { text }),
    env,
    readFile: (path) => readFileSync(path, 'utf8'),
  });
  if (loaded.kind === 'refused') throw new Error(JSON.stringify(loaded.problems));
  return loaded;
}

function refuse(text: string, env: Env = {}): readonly Problem[] {
  const loaded = loadConfig({ text, env, readFile: (path) => readFileSync(path, 'utf8') });
  return loaded.kind === 'refused' ? loaded.problems : [];
}

function warnings(notes: readonly ConfigNote[]): readonly string[] {
  return notes.filter(({ level }) => level === 'warn').map(({ path }) => path);
}

describe('the examples of the source document', () => {
  const example = (name: string): string =>
    fileURLToPath(new URL(`../../examples/source-document/${name}`, import.meta.url));
  const readFile = (path: string): string => readFileSync(path, 'utf8');

  it('load: sharing alone', () => {
    const loaded = loadConfig({ file: example('shared-health.yaml'), env: {}, readFile });
    expect(loaded).toMatchObject({
      kind: 'loaded',
      config: {
        file: example('shared-health.yaml'),
        activation: { mode: 'shared', warnings: [] },
        intervalMs: 300_000,
        redis: { kind: 'single', host: 'your-redis-host', port: 6379, password: 'your-redis-password' },
      },
    });
  });

  it('load: the complete one, with its secrets from the environment', () => {
    const env = { OPENAI_API_KEY: 'sk-a', REDIS_PASSWORD: 'pw' };
    const loaded = loadConfig({ file: example('complete.yaml'), env, readFile });
    expect(loaded).toMatchObject({
      kind: 'loaded',
      config: {
        activation: { mode: 'shared' },
        details: 'full',
        redis: { kind: 'single', host: 'redis-cluster.example.com', password: 'pw', tls: { verify: 'full' } },
        deployments: [{ modelName: 'gpt-4', call: { provider: 'openai' }, displayParams: { model: 'gpt-4' } }],
        targets: [{ apiKey: 'sk-a', timeoutMs: 30_000, upstreamModel: 'gpt-4' }],
      },
    });
  });

  it('load: the environment of the Kubernetes deployment and no file at all', () => {
    const { config, notes } = load(undefined, {
      USE_SHARED_HEALTH_CHECK: 'true',
      REDIS_HOST: 'redis-service',
      REDIS_PASSWORD: 'pw',
      LITELLM_MASTER_KEY: 'sk-9a1f6c3e8b2d47f0a5c1',
    });
    expect(config).toMatchObject({
      file: null,
      activation: { mode: 'shared' },
      redis: { host: 'redis-service', password: 'pw' },
      deployments: [],
    });
    expect(warnings(notes)).toEqual(['model_list']);
  });
});

describe('loading', () => {
  it('knows the defaults', () => {
    const { config } = load('');
    expect(config).toMatchObject({
      fleet: 'default',
      expectedPods: null,
      activation: { mode: 'on-demand' },
      sharingRequested: false,
      redis: null,
      masterKey: null,
      withoutMasterKey: 'refuse',
      intervalMs: 300_000,
      cacheTtlMs: 300_000,
      lockTtlMs: 60_000,
      details: 'full',
      leaseMs: 10_000,
      storeDeadlineMs: 250,
      bootWindowMs: 2_000,
      concurrency: { total: 64, perHost: 16 },
      history: { points: 48, fleetPoints: 48_000, keptMs: 2_764_800_000 },
      policy: { rise: 1, fall: 2, edgeIntervalMs: 5_000 },
      metricsAuth: 'none',
      upAuth: 'key',
      dashboard: 'on',
      agentCheckPort: null,
      envoyEdsDir: null,
      logLevel: 'info',
    });
  });

  it('lets a key of the file beat the environment, and the environment the default', () => {
    const env = {
      DEFAULT_HEALTH_CHECK_INTERVAL: '20',
      DEFAULT_SHARED_HEALTH_CHECK_TTL: '30',
      DEFAULT_SHARED_HEALTH_CHECK_LOCK_TTL: '15.5',
      LITELLM_MASTER_KEY: 'from-env',
      ALLSWELL_EXPECTED_PODS: '3',
      USE_SHARED_HEALTH_CHECK: 'True',
      REDIS_HOST: 'r',
    };
    expect(load('', env).config).toMatchObject({
      intervalMs: 20_000,
      cacheTtlMs: 30_000,
      lockTtlMs: 15_500,
      masterKey: 'from-env',
      expectedPods: 3,
      activation: { mode: 'shared' },
    });
    const yaml = `
general_settings: { health_check_interval: 7, master_key: from-file, use_shared_health_check: false }
fleet_health: { expected_pods: 5 }`;
    expect(load(yaml, env).config).toMatchObject({
      intervalMs: 7000,
      masterKey: 'from-file',
      expectedPods: 5,
      activation: { mode: 'on-demand' },
    });
  });

  it('takes the failure domain from the environment, and refuses one that the store could not hold', () => {
    expect(load('', {}).config.failureDomain).toBeNull();
    expect(load('', { ALLSWELL_FAILURE_DOMAIN: 'eu-west-1a' }).config.failureDomain).toBe('eu-west-1a');
    for (const unusable of ['two words', 'x'.repeat(65)]) {
      expect(() => load('', { ALLSWELL_FAILURE_DOMAIN: unusable })).toThrow('ALLSWELL_FAILURE_DOMAIN');
    }
  });

  it('runs with a text interval that would silently disable the loop elsewhere', () => {
    expect(load('general_settings: { health_check_interval: "300" }').config.intervalMs).toBe(300_000);
    expect(
      load('general_settings: { health_check_interval: os.environ/EVERY }', { EVERY: '2.5' }).config.intervalMs,
    ).toBe(2500);
  });

  it.each(['abc', 'true', '-5', '0', '.inf', '.nan', '[1]', '99999999', '"1_000"', '300# five'])(
    'refuses the interval %s, in its place',
    (value) => {
      expect(refuse(`general_settings:\n  health_check_interval: ${value}\n`)).toMatchObject([
        {
          code: 'ALLSWELL_ERR_CONFIG_INVALID',
          file: 'configuration',
          line: 2,
          column: 26,
          path: 'general_settings.health_check_interval',
        },
      ]);
    },
  );

  it('refuses a wrong variable by its name', () => {
    expect(refuse('', { HEALTH_CHECK_TIMEOUT_SECONDS: 'soon', REDIS_PORT: '70000' })).toMatchObject([
      {
        file: 'environment',
        line: 0,
        path: 'HEALTH_CHECK_TIMEOUT_SECONDS',
        expected: 'a number of seconds above 0, at most 2000000',
      },
      { file: 'environment', line: 0, path: 'REDIS_PORT', expected: 'a port from 1 to 65535' },
    ]);
  });

  it('reads yes, on and quoted words as switches', () => {
    for (const word of ['yes', 'on', 'True', '"true"']) {
      expect(load(`general_settings: { background_health_checks: ${word} }`).config.activation.mode).toBe(
        'independent',
      );
    }
  });

  it.each([
    ['general_settings: { set_verbose: true }', 'debug'],
    ['litellm_settings: { set_verbose: true }', 'debug'],
    ['general_settings: { set_verbose: false }\nlitellm_settings: { set_verbose: true }', 'info'],
  ])('has its log level from set_verbose in either block: %s', (yaml, level) => {
    expect(load(yaml).config.logLevel).toBe(level);
  });

  it('says how to set a master key where there is none, and that an example key is weak', () => {
    expect(warnings(load('').notes)).toContain('general_settings.master_key');
    expect(warnings(load('general_settings: { master_key: sk-1234 }').notes)).toContain('general_settings.master_key');
    const random = 'general_settings: { master_key: sk-9a1f6c3e8b2d47f0a5c1 }';
    expect(warnings(load(random).notes)).not.toContain('general_settings.master_key');
    const known = 'general_settings: { master_key: sk-1234, dangerously_permit_weak_or_unset_master_key: true }';
    expect(warnings(load(known).notes)).not.toContain('general_settings.master_key');
    const unsendable = known.replace('sk-1234', '"sk-9a1f6c3e 8b2d47f0"');
    expect(warnings(load(unsendable).notes)).toContain('general_settings.master_key');
    expect(warnings(load('', { LITELLM_MASTER_KEY: 'short' }).notes)).toContain('general_settings.master_key');
    const open = load('general_settings: { dangerously_permit_weak_or_unset_master_key: true }');
    expect(open.config).toMatchObject({ masterKey: null, withoutMasterKey: 'open' });
  });

  it.each(['007.10', '0777', '0x1F', '0b11', '1_000', '12:30', '1.0', '+.5', '2024-02-01', '12345678901234567890'])(
    'keeps the password %s as it is written, though LiteLLM reads a number or a date',
    (password) => {
      const yaml = `litellm_settings: { cache: true, cache_params: { type: redis, host: h, password: ${password} } }`;
      expect(load(yaml).config.redis).toMatchObject({ password });
      const variables = `environment_variables: { REDIS_HOST: h, REDIS_PASSWORD: ${password} }`;
      expect(load(variables).config.redis).toMatchObject({ password });
      const models = `model_list: [{ model_name: m, litellm_params: { model: openai/m, api_key: ${password} } }]`;
      expect(load(models).config.targets).toMatchObject([{ apiKey: password }]);
    },
  );

  it.each([
    ['1_0', 10],
    ['0x1F', 31],
    ['1:30', 90],
    ['+1_0.5', 10.5],
    ['"20"', 20],
  ])('takes the number %s for what it is to LiteLLM', (written, number) => {
    const yaml = `general_settings: { health_check_interval: ${written} }
model_list: [{ model_name: m, litellm_params: { model: openai/m, timeout: ${written} } }]`;
    expect(load(yaml).config.litellmIntervalMs).toBe(number * 1_000);
  });

  it.each(['1.2.3', '1_000s', '0xg', '1::3'])('takes no number out of %s', (written) => {
    expect(refuse(`general_settings: { health_check_interval: ${written} }`)).toMatchObject([
      { expected: 'a number of seconds above 0, at most 2000000' },
    ]);
  });

  it('never changes afterwards', () => {
    const { config } = load('model_list: [{ model_name: a, litellm_params: { model: openai/gpt-4 } }]');
    expect(
      [config, config.targets, config.targets[0], config.deployments[0]?.displayParams].every(Object.isFrozen),
    ).toBe(true);
  });

  it('prints the same targets alike in any order, and other targets not', () => {
    const entry = (model: string): string => `{ model_name: ${model}, litellm_params: { model: openai/${model} } }`;
    const print = (...models: string[]): string =>
      load(`model_list: [${models.map(entry).join(', ')}]`).config.targetsHash;
    expect(print('a', 'b')).toBe(print('b', 'a'));
    expect(print('a', 'b')).not.toBe(print('a'));
    expect(load('').config.policyHash).not.toBe(load('', { DEFAULT_SHARED_HEALTH_CHECK_TTL: '9' }).config.policyHash);
  });

  it('prints the same targets at another interval, timeout or level alike before the point, and otherwise after it', () => {
    const parts = (settings: string, info = '', more = ''): readonly string[] =>
      load(
        `general_settings: { background_health_checks: true, ${settings} }
model_list: [{ model_name: a, litellm_params: { model: openai/a }, model_info: { ${info} } }]
${more}`,
      ).config.targetsHash.split('.');
    const [list, pace] = parts('health_check_interval: 60');
    expect(pace).toMatch(/^\w{12}$/);
    expect(parts('health_check_interval: 60')).toEqual([list, pace]);
    for (const other of [
      parts('health_check_interval: 61'),
      parts('health_check_interval: 60', 'health_check_timeout: 7'),
      parts('health_check_interval: 60', '', 'fleet_health: { level: { model: { a: models } } }'),
    ]) {
      expect(other).toEqual([list, expect.not.stringMatching(`^${pace}$`)]);
    }
    const off = 'disable_background_health_check: true';
    expect(parts('health_check_interval: 60', off)).toEqual([list, 'none']);
  });

  it('follows anchors and merged mappings', () => {
    const yaml = `
x: &defaults { api_base: http://h/v1, api_key: k }
model_list:
  - model_name: a
    litellm_params: { <<: *defaults, model: hosted_vllm/a, api_key: own }`;
    expect(load(yaml).config.targets).toMatchObject([{ apiBase: 'http://h/v1', apiKey: 'own' }]);
  });
});

describe('the name of the fleet', () => {
  const cache = (namespace: string): string =>
    `litellm_settings: { cache: true, cache_params: { host: h, namespace: "${namespace}" } }\n`;

  it('is given, else the cache namespace, else default', () => {
    expect(load(`${cache('ns')}fleet_health: { fleet: mine }`).config.fleet).toBe('mine');
    expect(load(cache('ns')).config.fleet).toBe('ns');
    expect(load('').config.fleet).toBe('default');
  });

  it('is refused with characters that would not fit into a key', () => {
    expect(refuse('fleet_health: { fleet: "a:b" }')).toMatchObject([{ column: 24, path: 'fleet_health.fleet' }]);
    expect(refuse(cache('a:b'))).toMatchObject([{ path: 'litellm_settings.cache_params.namespace' }]);
    expect(load(`${cache('a:b')}fleet_health: { fleet: mine }`).config.fleet).toBe('mine');
  });
});
