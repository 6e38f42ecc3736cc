import { describe, expect, it } from 'vitest';
import { loadConfig } from '../load.ts';
import type { AllswellConfig } from '../types.ts';

const MODEL = `model_list:
- model_name: m
  litellm_params: { model: openai/x, api_base: "http://127.0.0.1:1/v1", api_key: k, tags: [paid, { not: text }] }
`;

function load(yaml: string, profile: 'serve' | 'bridge' = 'bridge', env: Record<string, string> = {}): AllswellConfig {
  const redis = { REDIS_HOST: 'health.example' };
  const readFile = (): string => '';
  const loaded = loadConfig({ text: `${MODEL}${yaml}`, env: { ...redis, ...env }, readFile, profile });
  if (loaded.kind !== 'loaded') throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

describe("LiteLLM's routing rules", () => {
  it('are empty without settings', () => {
    expect(load('').litellmRouting).toEqual({
      fallbacks: {},
      aliases: {},
      tagFiltering: false,
      matchAllTags: false,
      maxFallbacks: 5,
    });
  });

  it.each([
    ['router_settings: { max_fallbacks: 2 }', 2],
    ['router_settings: { max_fallbacks: 0 }', 0],
    ['router_settings: { max_fallbacks: "3" }', 3],
    ['router_settings: { max_fallbacks: 1.5 }', 1],
    ['router_settings: { max_fallbacks: -1 }', 0],
    ['router_settings: { max_fallbacks: many }', 5],
    ['router_settings: { max_fallbacks: [1] }', 5],
    ['litellm_settings: { max_fallbacks: 2 }', 2],
    ['router_settings: { max_fallbacks: null }\nlitellm_settings: { max_fallbacks: 2 }', 2],
    ['router_settings: { max_fallbacks: 1 }\nlitellm_settings: { max_fallbacks: 2 }', 1],
  ])('stop where LiteLLM does: %s', (yaml, expected) => {
    expect(load(yaml).litellmRouting.maxFallbacks).toBe(expected);
  });

  it.each([
    ['', false],
    ['tag_filtering_match_any: true', false],
    ['tag_filtering_match_any: false', true],
  ])('hold how tags match: %s', (setting, expected) => {
    expect(load(`router_settings: { ${setting} }`).litellmRouting.matchAllTags).toBe(expected);
  });

  it('hold the fallbacks of router_settings, else those of litellm_settings', () => {
    const litellm = 'litellm_settings: { fallbacks: [{ a: [c] }] }\n';
    expect(load(litellm).litellmRouting.fallbacks).toEqual({ a: ['c'] });
    expect(load(`${litellm}router_settings: { fallbacks: [{ a: [b] }] }`).litellmRouting.fallbacks).toEqual({
      a: ['b'],
    });
    expect(load(`${litellm}router_settings: { fallbacks: [] }`).litellmRouting.fallbacks).toEqual({ a: ['c'] });
  });

  it('read a fallback as a name, a list of names or of mappings; the first entry for a group counts', () => {
    const fallbacks = '[{ a: b }, { c: [d, { model: e }, { other: x }] }, { a: [x] }, f]';
    expect(load(`router_settings: { fallbacks: ${fallbacks} }`).litellmRouting.fallbacks).toEqual({
      a: ['b'],
      c: ['d', 'e'],
      '*': ['f'],
    });
  });

  it('use default_fallbacks for groups without their own', () => {
    const settings = 'router_settings: { fallbacks: [{ a: [b] }], default_fallbacks: [z] }';
    expect(load(settings).litellmRouting.fallbacks).toEqual({ a: ['b'], '*': ['z'] });
  });

  it.each(['fallbacks: [{ "*": [x] }, { "*": [y] }]', 'fallbacks: [{ "*": [x] }], default_fallbacks: [y]'])(
    'use the last fallbacks for all groups: %s',
    (settings) => {
      expect(load(`router_settings: { ${settings} }`).litellmRouting.fallbacks).toEqual({ '*': ['y'] });
    },
  );

  it('hold aliases in both forms, and tags', () => {
    const settings =
      'router_settings: { model_group_alias: { x: m, y: { model: m, hidden: true } }, enable_tag_filtering: true }';
    expect(load(settings).litellmRouting).toMatchObject({ aliases: { x: 'm', y: 'm' }, tagFiltering: true });
    expect(load('').deployments[0]?.tags).toEqual(['paid']);
  });

  it.each(['5', 'text', '[1, 2]', '{ a: 5 }', '[[a]]'])('ignore fallbacks of another shape: %s', (value) => {
    expect(load(`router_settings: { fallbacks: ${value} }`).litellmRouting.tagFiltering).toBe(false);
  });
});

describe("the Redis of LiteLLM's Router", () => {
  it('is that of the health checks, unless router_settings names a whole address', () => {
    expect(load('').routerRedis).toBeNull();
    expect(load('router_settings: { redis_host: h }').routerRedis).toBeNull();
  });

  it.each([
    [
      'a host and a port',
      'redis_host: h, redis_port: 7, redis_password: p',
      { kind: 'single', host: 'h', port: 7, password: 'p' },
    ],
    ['a URL', 'redis_url: "redis://u:p@h:7/2"', { kind: 'url', url: 'redis://u:p@h:7/2' }],
    [
      'a cluster',
      'redis_host: h, redis_port: 7, cache_kwargs: { startup_nodes: [{ host: c, port: 8 }] }',
      { kind: 'cluster', nodes: [{ host: 'c', port: 8 }] },
    ],
    [
      'sentinels',
      'redis_host: h, redis_port: 7, cache_kwargs: { sentinel_nodes: [[s, 9]], service_name: main }',
      { kind: 'sentinel', sentinels: [{ host: 's', port: 9 }], name: 'main' },
    ],
  ])('can be %s', (_, settings, target) => {
    expect(load(`router_settings: { ${settings} }`).routerRedis?.target).toMatchObject(target);
  });

  it('has its own namespace', () => {
    const settings = 'router_settings: { redis_host: h, redis_port: 7, cache_kwargs: { namespace: ns } }';
    expect(load(settings).routerRedis?.namespace).toBe('ns');
  });

  it('does not matter to a pod that publishes nothing for LiteLLM', () => {
    expect(load('router_settings: { redis_host: h, redis_port: 7 }', 'serve').routerRedis).toBeNull();
  });
});

describe('fleet_health.litellm_bridge', () => {
  it.each([
    ['bridge', '', 'on', 'on'],
    ['bridge', 'litellm_bridge: true', 'on', 'on'],
    ['bridge', 'litellm_bridge: { cooldowns: off }', 'on', 'off'],
    ['bridge', 'litellm_bridge: { cooldowns: observe }', 'on', 'observe'],
    ['serve', '', 'off', 'off'],
    ['serve', 'litellm_bridge: true', 'on', 'observe'],
    ['serve', 'litellm_bridge: { enabled: true, cooldowns: on }', 'on', 'on'],
    ['serve', 'litellm_bridge: { cooldowns: on }', 'off', 'off'],
  ] as const)('asked for %s with %s: publishing is %s and cooldowns are %s', (profile, fleet, bridge, cooldowns) => {
    const general =
      'general_settings: { master_key: sk-9a1f6c3e8b2d47f0a5c1, background_health_checks: true, use_shared_health_check: true }\n';
    expect(load(`${general}fleet_health: { ${fleet} }`, profile)).toMatchObject({ bridge, cooldowns });
  });

  it('refuses another word', () => {
    expect(() => load('fleet_health: { litellm_bridge: { cooldowns: maybe } }')).toThrow('on, observe or off');
    expect(() => load('fleet_health: { litellm_bridge: { colds: on } }')).toThrow('litellm_bridge');
  });
});
