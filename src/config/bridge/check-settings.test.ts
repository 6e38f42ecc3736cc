import { describe, expect, it } from 'vitest';
import { loadConfig } from '../load.ts';
import type { LoadedConfig } from '../types.ts';

const SHARING = 'background_health_checks: true, use_shared_health_check: true';
const MODEL = 'model_list: [{ model_name: a, litellm_params: { model: openai/a, api_key: sk-a } }]';

function load(text: string, env: Readonly<Record<string, string>> = { REDIS_HOST: 'redis' }): LoadedConfig {
  return loadConfig({ text: `${MODEL}\n${text}`, profile: 'bridge', env, readFile: () => '' });
}

function notesOf(loaded: LoadedConfig): readonly string[] {
  return loaded.notes.filter(({ level }) => level === 'warn').map(({ message }) => message);
}

describe('a configuration for a bridge', () => {
  it('shares and probes in the background regardless of the file, and warns if LiteLLM would not read the results', () => {
    const loaded = load('general_settings: { master_key: sk-9a1f6c3e8b2d47f0a5c1 }');
    expect(loaded).toMatchObject({
      config: { activation: { mode: 'shared', warnings: [] }, sharingRequested: true, bridge: 'on' },
    });
    expect(notesOf(loaded)).toEqual([
      'general_settings.background_health_checks is not true in this file: a LiteLLM pod with this file never reads the published results',
      'general_settings.use_shared_health_check is not true in this file: a LiteLLM pod with this file never reads the published results',
    ]);
    expect(notesOf(load(`general_settings: { master_key: sk-9a1f6c3e8b2d47f0a5c1, ${SHARING} }`))).toEqual([]);
  });

  it.each(['"5"', 'os.environ/EVERY', '5.5', '5.0'])(
    'warns of an interval with which LiteLLM never looks: %s',
    (interval) => {
      const text = `general_settings:\n  master_key: sk-9a1f6c3e8b2d47f0a5c1\n  health_check_interval: ${interval}\n  ${SHARING.replace(', ', '\n  ')}`;
      const loaded = load(text, { REDIS_HOST: 'redis', EVERY: '5' });
      expect(loaded.notes.filter(({ level }) => level === 'warn')).toMatchObject([
        {
          line: 4,
          message:
            'general_settings.health_check_interval is not a whole number: LiteLLM pods then neither probe nor read the published results',
        },
      ]);
      expect(notesOf(load(text.replace(interval, '5')))).toEqual([]);
    },
  );

  it.each([
    ['health_check_interval: 5', 'health_check_interval', 'general_settings'],
    ['router_settings: { health_check_interval: 5 }', 'router_settings.health_check_interval', 'general_settings'],
  ])('warns of a key of another block, which LiteLLM ignores too: %s', (line, path, home) => {
    const loaded = load(`general_settings: { master_key: sk-9a1f6c3e8b2d47f0a5c1, ${SHARING} }\n${line}`);
    expect(loaded).toMatchObject({ kind: 'loaded' });
    expect(notesOf(loaded)).toEqual([`${path} is ignored here: it belongs under ${home}`]);
  });

  it('refuses a key of fleet_health at the top level', () => {
    const loaded = load(
      `general_settings: { master_key: sk-9a1f6c3e8b2d47f0a5c1, ${SHARING} }\nbudget: { usd_per_day: 1 }`,
    );
    expect(loaded).toMatchObject({ kind: 'refused', problems: [{ path: 'budget' }] });
  });

  it('is told of no missing Redis beside a file that is missing, or a Redis that is misspelt', () => {
    const missing = loadConfig({
      file: 'none.yaml',
      profile: 'bridge',
      env: {},
      readFile: () => {
        throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      },
    });
    const misspelt = load(
      `general_settings: { master_key: sk-9a1f6c3e8b2d47f0a5c1, ${SHARING}, coordination_redis: { host: redis, port: 1837x } }`,
      {},
    );
    for (const loaded of [missing, misspelt]) {
      expect(loaded.kind === 'refused' && loaded.problems).toHaveLength(1);
      expect(JSON.stringify(loaded)).not.toContain('no Redis is configured');
    }
  });

  it('starts without a Redis, as LiteLLM does, and says that it publishes nothing', () => {
    const loaded = load(`general_settings: { master_key: sk-9a1f6c3e8b2d47f0a5c1, ${SHARING} }`, {});
    expect(loaded).toMatchObject({ kind: 'loaded', config: { activation: { mode: 'independent' }, redis: null } });
    expect(notesOf(loaded)).toEqual([
      'no Redis is configured: this bridge publishes nothing. Set the Redis of the LiteLLM pods in REDIS_HOST, ' +
        'litellm_settings.cache_params or general_settings.coordination_redis',
    ]);
  });

  it.each([
    ['general_settings', 'health_check_interval: soon', 'is text', 'litellmIntervalMs', 300_000],
    ['general_settings', 'health_check_details: perhaps', 'is text', 'details', 'full'],
    ['litellm_settings', 'set_verbose: perhaps', 'is text', 'logLevel', 'info'],
  ])('ignores a wrong value of a setting of LiteLLM with a warning: %s %s', (block, wrong, is, key, value) => {
    const text = `${block}: { ${wrong} }`;
    const loaded = load(text);
    expect(loaded).toMatchObject({ kind: 'loaded', config: { [key]: value } });
    const path = `${block}.${wrong.split(':')[0]}`;
    expect(notesOf(loaded)).toContainEqual(expect.stringContaining(`${path} ${is} and is ignored. Expected: `));
    expect(loadConfig({ text: `${MODEL}\n${text}`, env: {}, readFile: () => '' }).kind).toBe('refused');
  });

  it('takes the last value of a key that is written twice, as LiteLLM does, with a warning', () => {
    const text = 'general_settings:\n  health_check_interval: 10\n  health_check_interval: 20';
    const loaded = load(text);
    expect(loaded).toMatchObject({ kind: 'loaded', config: { litellmIntervalMs: 20_000 } });
    expect(loaded.notes).toContainEqual(
      expect.objectContaining({
        line: 4,
        column: 3,
        message: 'this key is written twice in one mapping: the last one counts, as in LiteLLM',
      }),
    );
    expect(loadConfig({ text: `${MODEL}\n${text}`, env: {}, readFile: () => '' }).kind).toBe('refused');
  });

  it('refuses what it must not ignore: its Redis, and a setting that would open its metrics', () => {
    const wrong = [
      'litellm_settings: { cache: true, cache_params: { type: redis, host: r, port: 1837x } }',
      'litellm_settings: { require_auth_for_metrics_endpoint: perhaps }',
    ];
    expect(wrong.map((text) => load(text).kind)).toEqual(['refused', 'refused']);
  });

  it('leaves security settings to LiteLLM, and lists them in one line', () => {
    const text = `
general_settings: { master_key: sk-9a1f6c3e8b2d47f0a5c1, ${SHARING}, database_url: "postgres://db", custom_auth: a.b, allowed_ips: [127.0.0.1] }
litellm_settings: { guardrails: [{ x: 1 }], callbacks: [my.guard] }`;
    const served = loadConfig({ text: `${MODEL}\n${text}`, env: { REDIS_HOST: 'redis' }, readFile: () => '' });
    expect(served.kind).toBe('refused');
    const loaded = load(text);
    expect(loaded.kind).toBe('loaded');
    expect(notesOf(loaded)).toEqual([
      'general_settings.database_url (and general_settings.custom_auth, general_settings.allowed_ips, litellm_settings.guardrails, litellm_settings.callbacks) are security settings. The bridge ignores them: LiteLLM enforces them',
    ]);
  });

  it('lets no target rest for longer than LiteLLM would have', () => {
    const backOffOf = (text: string, env = {}): unknown => {
      const loaded = load(text, { REDIS_HOST: 'redis', ...env });
      return loaded.kind === 'loaded' ? loaded.config.policy.backOffMs : loaded.problems;
    };
    expect(backOffOf('')).toBe(300_000);
    const [often, ttl] = ['general_settings: { health_check_interval: 20 }', { DEFAULT_SHARED_HEALTH_CHECK_TTL: '60' }];
    expect(backOffOf(often, ttl)).toBe(60_000);
    expect(backOffOf(`${often}\nfleet_health: { interval: 900 }`, { DEFAULT_SHARED_HEALTH_CHECK_TTL: '10' })).toBe(
      20_000,
    );
    const serve = loadConfig({ text: MODEL, env: { REDIS_HOST: 'redis' }, readFile: () => '' });
    expect(serve).toMatchObject({ config: { policy: expect.not.objectContaining({ backOffMs: expect.anything() }) } });
  });

  it('refuses a slip in our own block all the same', () => {
    expect(load('fleet_health: { litellm_brigde: true }').kind).toBe('refused');
  });
});

describe("the namespace of LiteLLM's keys", () => {
  it('is that of the Redis which LiteLLM shares health over', () => {
    const cache = 'litellm_settings: { cache: true, cache_params: { type: redis, host: r, namespace: of-cache } }';
    const coordination = 'general_settings: { coordination_redis: { host: r, namespace: of-coordination } }';
    const bare = 'general_settings: { coordination_redis: { host: r } }';
    expect(load(cache)).toMatchObject({ config: { cacheNamespace: 'of-cache' } });
    expect(load(`${cache}\n${coordination}`)).toMatchObject({ config: { cacheNamespace: 'of-coordination' } });
    expect(load(`${cache}\n${bare}`)).toMatchObject({ config: { cacheNamespace: null } });
    expect(load('')).toMatchObject({ config: { cacheNamespace: null } });
  });

  it('does not follow the name of the fleet', () => {
    expect(load('fleet_health: { fleet: mine }')).toMatchObject({ config: { fleet: 'mine', cacheNamespace: null } });
  });
});

describe('fleet_health.litellm_bridge', () => {
  it('makes a pod of `serve` a bridge, and changes nothing else', () => {
    const text = `${MODEL}\ngeneral_settings: { master_key: sk-9a1f6c3e8b2d47f0a5c1, ${SHARING} }\nfleet_health: { litellm_bridge: true }`;
    const served = loadConfig({ text, env: { REDIS_HOST: 'redis' }, readFile: () => '' });
    expect(served).toMatchObject({ config: { bridge: 'on', activation: { mode: 'shared' } } });
    const without = loadConfig({ text: MODEL, env: {}, readFile: () => '' });
    expect(without).toMatchObject({ config: { bridge: 'off' } });
  });
});
