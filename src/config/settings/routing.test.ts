import { describe, expect, it } from 'vitest';
import type { RoutingSettings } from '../../ports/index.ts';
import { loadConfig } from '../load.ts';
import type { AllswellConfig, LoadedConfig, RequestedProfile } from '../types.ts';

const MODEL = 'model_list: [{ model_name: m, litellm_params: { model: openai/x, api_key: k } }]\n';

function read(yaml: string, profile: RequestedProfile = 'check', env: Record<string, string> = {}): LoadedConfig {
  const key = { LITELLM_MASTER_KEY: 'sk-9a1f6c3e8b2d47f0a5c1', REDIS_HOST: 'health.example' };
  return loadConfig({ text: `${MODEL}${yaml}`, env: { ...key, ...env }, readFile: () => '', profile });
}

function load(...asked: Parameters<typeof read>): AllswellConfig {
  const loaded = read(...asked);
  if (loaded.kind !== 'loaded') throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

const routing = (...asked: Parameters<typeof read>): RoutingSettings => load(...asked).routing;
const router = (settings: string): RoutingSettings => routing(`router_settings: { ${settings} }`);

const defaults: RoutingSettings = {
  strategy: 'simple-shuffle',
  latencyBuffer: 0,
  retries: 2,
  retryPolicy: {},
  groupRetryPolicy: {},
  retryAfterMs: 0,
  allowedFails: null,
  allowedFailsPolicy: {},
  cooldownMs: 5_000,
  cooldowns: 'on',
  timeoutMs: 6_000_000,
  streamTimeoutMs: 6_000_000,
  streamTimeoutFrom: 'timeout',
  fallbacks: {},
  contextWindowFallbacks: {},
  contentPolicyFallbacks: {},
  maxFallbacks: 5,
  aliases: {},
  hiddenAliases: [],
  tagFiltering: 'off',
  defaultMaxParallel: null,
  ignoreTransientErrors: false,
};

describe('routing settings', () => {
  it("are LiteLLM's defaults without settings", () => {
    expect(routing('')).toEqual(defaults);
  });

  it('are read from router_settings', () => {
    const settings = `router_settings:
  routing_strategy: latency-based-routing
  routing_strategy_args: { lowest_latency_buffer: 0.5 }
  num_retries: 1
  retry_after: 3
  allowed_fails: 0
  cooldown_time: 30
  disable_cooldowns: true
  default_max_parallel_requests: "7"
  context_window_fallbacks: [{ a: [b] }]
  content_policy_fallbacks: [{ a: [c, { model: d }] }]
  model_group_alias: { short: m, secret: { model: m, hidden: true } }
  health_check_ignore_transient_errors: true
`;
    expect(routing(settings)).toEqual({
      ...defaults,
      strategy: 'latency-based-routing',
      latencyBuffer: 0.5,
      retries: 1,
      retryAfterMs: 3_000,
      allowedFails: 0,
      cooldownMs: 30_000,
      cooldowns: 'off',
      defaultMaxParallel: 7,
      contextWindowFallbacks: { a: ['b'] },
      contentPolicyFallbacks: { a: ['c', 'd'] },
      aliases: { short: 'm', secret: 'm' },
      hiddenAliases: ['secret'],
      ignoreTransientErrors: true,
    });
  });

  it('are read from litellm_settings where router_settings lack them', () => {
    const litellm = `litellm_settings:
  num_retries: 4
  allowed_fails: 9
  fallbacks: [{ a: [b] }]
  context_window_fallbacks: [{ a: [c] }]
  content_policy_fallbacks: [{ a: [d] }]
  default_fallbacks: [z]
  max_fallbacks: 1
`;
    expect(routing(litellm)).toMatchObject({
      retries: 4,
      allowedFails: 9,
      fallbacks: { a: ['b'], '*': ['z'] },
      contextWindowFallbacks: { a: ['c'] },
      contentPolicyFallbacks: { a: ['d'] },
      maxFallbacks: 1,
    });
    const both = `${litellm}router_settings: { num_retries: 0, allowed_fails: 1, context_window_fallbacks: [{ a: [x] }] }`;
    expect(routing(both)).toMatchObject({ retries: 0, allowedFails: 1, contextWindowFallbacks: { a: ['x'] } });
  });

  it('take a 0 of cooldown_time for not set', () => {
    expect(router('cooldown_time: 0').cooldownMs).toBe(5_000);
  });

  it.each([
    ['', 'off'],
    ['enable_tag_filtering: true', 'match-any'],
    ['enable_tag_filtering: true, tag_filtering_match_any: false', 'match-all'],
    ['tag_filtering_match_any: false', 'off'],
  ])('hold how requests are matched by tags: %s', (settings, expected) => {
    expect(router(settings).tagFiltering).toBe(expected);
  });

  it('let router_settings come before general_settings', () => {
    const general = 'general_settings: { health_check_ignore_transient_errors: true }\n';
    expect(routing(general).ignoreTransientErrors).toBe(true);
    const both = `${general}router_settings: { health_check_ignore_transient_errors: false }`;
    expect(routing(both).ignoreTransientErrors).toBe(false);
  });

  it('hold policies by kind of error', () => {
    const policies = `router_settings:
  retry_policy: { TimeoutErrorRetries: 3, BadRequestErrorRetries: 0, DefaultRetries: 1 }
  model_group_retry_policy: { m: { RateLimitErrorRetries: 5 } }
  allowed_fails_policy: { BadGatewayErrorAllowedFails: 10 }
`;
    expect(routing(policies)).toMatchObject({
      retryPolicy: { TimeoutError: 3, BadRequestError: 0, Default: 1 },
      groupRetryPolicy: { m: { RateLimitError: 5 } },
      allowedFailsPolicy: { BadGatewayError: 10 },
    });
  });
});

describe('routing strategies', () => {
  it.each([
    ['simple-shuffle', 'simple-shuffle'],
    ['least-busy', 'least-busy'],
    ['latency-based-routing', 'latency-based-routing'],
    ['usage-based-routing', 'usage-based-routing-v2'],
    ['usage-based-routing-v2', 'usage-based-routing-v2'],
    ['cost-based-routing', 'cost-based-routing'],
  ])('%s is %s', (name, strategy) => {
    expect(router(`routing_strategy: ${name}`).strategy).toBe(strategy);
  });

  it.each([
    ['lar1', 'the known ones are simple-shuffle, least-busy, '],
    ['leastbusy', 'did you mean least-busy?'],
    ['constructor', 'the known ones are '],
  ])('that are unknown become simple-shuffle, with a warning: %s', (name, hint) => {
    const loaded = read(`router_settings: { routing_strategy: ${name} }`);
    expect(loaded).toMatchObject({ kind: 'loaded', config: { routing: { strategy: 'simple-shuffle' } } });
    const is = 'router_settings.routing_strategy is not a strategy of allswell, which uses simple-shuffle instead: ';
    expect(loaded.notes).toMatchObject([{ level: 'warn', line: 2, message: expect.stringContaining(`${is}${hint}`) }]);
  });
});

// LiteLLM's `_get_timeout`: of a deployment, else `request_timeout` if `timeout` is set beside it, else `timeout`, whose
// default is `request_timeout`. Streams: `stream_timeout`, else `request_timeout` if `timeout` is set, else as the others.
describe('deadlines of an attempt', () => {
  it.each([
    ['router_settings: { timeout: 30 }', {}, 30, 30, 'timeout'],
    ['router_settings: { timeout: 0 }', {}, 6_000, 6_000, 'timeout'],
    ['router_settings: { stream_timeout: 9 }', {}, 6_000, 9, 'stream_timeout'],
    ['litellm_settings: { request_timeout: 20 }', {}, 20, 20, 'timeout'],
    ['litellm_settings: { request_timeout: 0 }', {}, 6_000, 6_000, 'timeout'],
    ['', { REQUEST_TIMEOUT: '25' }, 25, 25, 'timeout'],
    ['litellm_settings: { request_timeout: 20 }', { REQUEST_TIMEOUT: '25' }, 20, 20, 'timeout'],
    ['litellm_settings: { request_timeout: 20 }\nrouter_settings: { timeout: 30 }', {}, 20, 20, 'stream_timeout'],
    [
      'litellm_settings: { request_timeout: 20 }\nrouter_settings: { timeout: 30, stream_timeout: 9 }',
      {},
      20,
      9,
      'stream_timeout',
    ],
  ])('%s %j', (yaml, env, timeout, stream, from) => {
    expect(routing(yaml, 'serve', env)).toMatchObject({
      timeoutMs: timeout * 1_000,
      streamTimeoutMs: stream * 1_000,
      streamTimeoutFrom: from,
    });
  });
});

describe('wrong routing settings', () => {
  it.each([
    ['router_settings:\n  num_retries: many\n', 3, 16, 'router_settings.num_retries', 'a whole number, 0 or more'],
    ['router_settings:\n  timeout: -1\n', 3, 12, 'router_settings.timeout', 'a number of seconds from 0 to 2000000'],
    [
      'router_settings:\n  retry_policy: { TimeoutErrorRetries: x }\n',
      3,
      40,
      'router_settings.retry_policy.TimeoutErrorRetries',
      'a whole number, 0 or more',
    ],
    [
      'router_settings:\n  fallbacks: [gpt-4]\n',
      3,
      15,
      'router_settings.fallbacks[0]',
      'a list of mappings, each from one model group to a list of others',
    ],
    [
      'litellm_settings:\n  fallbacks: [{ a: [b], c: [d] }]\n',
      3,
      15,
      'litellm_settings.fallbacks[0]',
      'a list of mappings, each from one model group to a list of others',
    ],
    [
      'router_settings:\n  default_fallbacks: gpt-4\n',
      3,
      22,
      'router_settings.default_fallbacks',
      'a list of model groups',
    ],
    [
      'router_settings:\n  model_group_alias: { a: [b] }\n',
      3,
      27,
      'router_settings.model_group_alias.a',
      'a model group, or a mapping with model and hidden',
    ],
    [
      'general_settings:\n  health_check_ignore_transient_errors: maybe\n',
      3,
      41,
      'general_settings.health_check_ignore_transient_errors',
      'true or false',
    ],
    ['router_settings: [a]\n', 2, 18, 'router_settings', 'a mapping of keys and values'],
  ])('are problems with their place: %s', (yaml, line, column, path, expected) => {
    expect(read(yaml)).toMatchObject({ kind: 'refused', problems: [{ line, column, path, expected }] });
  });

  it.each([
    ['rpm: many', 'rpm', 'a whole number, 0 or more'],
    ['tpm: -1', 'tpm', 'a whole number, 0 or more'],
    ['weight: -1', 'weight', 'a number, 0 or more'],
    ['order: first', 'order', 'a whole number, 0 or more'],
    ['max_parallel_requests: 0', 'max_parallel_requests', 'a whole number, 1 or more'],
    ['stream_timeout: soon', 'stream_timeout', 'a number of seconds from 0 to 2000000'],
  ])('of a deployment are problems with their place: %s', (params, key, expected) => {
    const list = `model_list:\n- model_name: m\n  litellm_params: { model: openai/x, api_key: k, ${params} }\n`;
    const loaded = loadConfig({ file: 'f.yaml', text: list, env: {}, readFile: () => '' });
    const path = `model_list[0].litellm_params.${key}`;
    expect(loaded).toMatchObject({ kind: 'refused', problems: [{ file: 'f.yaml', line: 3, path, expected }] });
    expect(loadConfig({ text: list, env: { REDIS_HOST: 'r' }, readFile: () => '', profile: 'bridge' })).toMatchObject({
      kind: 'loaded',
    });
  });

  it('of an entry beside litellm_params are problems too, and right ones come before those in it', () => {
    const entry = (rpm: string): string =>
      `model_list: [{ model_name: m, rpm: ${rpm}, litellm_params: { model: openai/x, api_key: k, rpm: 1, tpm: 2 } }]`;
    const input = { env: {}, readFile: () => '' };
    expect(loadConfig({ ...input, text: entry('x') })).toMatchObject({ problems: [{ path: 'model_list[0].rpm' }] });
    expect(loadConfig({ ...input, text: entry('9') })).toMatchObject({
      config: { deployments: [{ limits: { rpm: 9, tpm: 2 } }] },
    });
  });

  it('do not concern a bridge, which routes nothing and starts with every file that LiteLLM starts with', () => {
    const yaml = 'router_settings: { num_retries: many, timeout: 5 }\nlitellm_settings: { request_timeout: soon }\n';
    const loaded = read(yaml, 'bridge');
    expect(loaded).toMatchObject({ kind: 'loaded', config: { routing: defaults } });
    expect(loaded.notes.filter(({ path }) => /router_settings|request_timeout/.test(path))).toEqual([]);
  });
});

it('enable_health_check_routing: false has no effect, and says so', () => {
  const place = (yaml: string): unknown => read(yaml).notes.map(({ line, message }) => `${line} ${message}`);
  const is = 'is false, and has no effect: allswell always routes by health';
  expect(place('general_settings: { enable_health_check_routing: false }')).toEqual([
    `2 general_settings.enable_health_check_routing ${is}`,
  ]);
  expect(place('router_settings: { enable_health_check_routing: false }')).toEqual([
    `2 router_settings.enable_health_check_routing ${is}`,
  ]);
  expect(place('general_settings: { enable_health_check_routing: true }')).toEqual([]);
});
