import type { RoutingSettings } from '../ports/index.ts';

/** Settings where neither a file nor an application says others. Times in ms. */
export const DEFAULT_ROUTING: RoutingSettings = {
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
  timeoutMs: 600_000,
  streamTimeoutMs: 600_000,
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
