import { hostname } from 'node:os';
import { policyHashOf, targetsHashOf } from '../fleet/index.ts';
import type { FleetSettings, FleetTarget } from '../fleet/index.ts';
import { defaultPolicy, LEVELS } from '../health/index.ts';
import { HISTORY_LIMITS } from '../ports/index.ts';
import type { RoutingSettings } from '../ports/index.ts';
import { DEFAULT_ROUTING } from '../routing/index.ts';
import type { TargetPace } from './deployments.ts';
import type { JoinOptions, ProbeOptions, RoutingOptions } from './options.ts';

const CACHE_TTL_MS = 300_000;
const LEASE_MS = 10_000;
const BOOT_WINDOW_MS = 2_000;
/** Longest wait for the store unless given. */
export const JOIN_TIMEOUT_MS = 1_000;
/** Timeout of one command to the store; only the coordinator waits for it. */
export const STORE_DEADLINE_MS = 250;
/** A probe of this library is a request that waits for its turn, so there may be one for each target. */
const MAX_PROBES = 1_000;
const NANO = 1_000_000_000;
/** A shorter time between probes, or trials, would make more load than it saves. */
const LEAST_INTERVAL_MS = 1_000;
const TRIAL_INTERVAL_MS = 10_000;

/** How often targets are probed; without `probe`, how often a request tests one that is down. */
export function paceOf({ probe, routing }: JoinOptions): TargetPace {
  if (probe === undefined) {
    const intervalMs = atLeast(
      routing?.trialIntervalMs ?? TRIAL_INTERVAL_MS,
      LEAST_INTERVAL_MS,
      'routing.trialIntervalMs',
    );
    return { intervalMs, timeoutMs: routing?.timeoutMs ?? TIMEOUT_MS, level: undefined };
  }
  const { intervalMs = 60_000, timeoutMs = 10_000, level = 'models' } = probe;
  if (!LEVELS.includes(level)) throw new TypeError(`probe.level is "${level}": use one of ${LEVELS.join(', ')}`);
  atLeast(timeoutMs, 1, 'probe.timeoutMs');
  return { intervalMs: atLeast(intervalMs, LEAST_INTERVAL_MS, 'probe.intervalMs'), timeoutMs, level };
}

function atLeast(value: number, least: number, name: string): number {
  if (typeof value !== 'number' || !(value >= least)) throw new TypeError(`${name} is ${value}: use at least ${least}`);
  return value;
}

const PROBE_NAMES = ['intervalMs', 'level', 'timeoutMs', 'maxPerHour', 'maxUsdPerDay'] satisfies (keyof ProbeOptions)[];
const ROUTING_NAMES = [
  'strategy',
  'retries',
  'timeoutMs',
  'cooldownMs',
  'trialIntervalMs',
  'fallbacks',
] satisfies (keyof RoutingOptions)[];

/** A misspelt option would have no effect, silently. */
function checkNames(where: string, given: object | undefined, known: readonly string[]): void {
  const unknown = Object.keys(given ?? {}).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new TypeError(`${where}.${unknown} is no option: use ${known.join(', ')}`);
}

/** Settings of the coordinator. */
export function fleetSettingsOf(
  { fleet = 'default', probe, redis, joinTimeoutMs = JOIN_TIMEOUT_MS }: JoinOptions,
  targets: readonly FleetTarget[],
  version: string,
): FleetSettings {
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(fleet)) {
    throw new TypeError(`fleet is "${fleet}": use 1 to 64 letters, digits, dots, underscores or hyphens`);
  }
  const host = nameFrom(hostname());
  const podName = nameFrom(process.env['POD_NAME'] ?? hostname());
  const { maxPerHour = 60, maxUsdPerDay } = probe ?? {};
  atLeast(joinTimeoutMs, 0, 'joinTimeoutMs');
  atLeast(maxPerHour, 0, 'probe.maxPerHour');
  if (maxUsdPerDay !== undefined) atLeast(maxUsdPerDay, 0, 'probe.maxUsdPerDay');
  checkNames('probe', probe, PROBE_NAMES);
  return {
    fleet,
    version,
    ...(podName !== '' && { podName }),
    ...(redis !== undefined && { joinGraceMs: joinTimeoutMs }),
    litellmLines: 'none',
    // Processes of one machine fail together where its network does: one witness.
    ...(host !== '' && { host, domain: host }),
    sharing: redis === undefined ? 'independent' : 'shared',
    policy: defaultPolicy,
    policyHash: policyHashOf(defaultPolicy, CACHE_TTL_MS),
    targetsHash: targetsHashOf(targets),
    cacheTtlMs: CACHE_TTL_MS,
    leaseMs: LEASE_MS,
    storeDeadlineMs: STORE_DEADLINE_MS,
    bootWindowMs: BOOT_WINDOW_MS,
    expectedPods: null,
    maxProbes: MAX_PROBES,
    maxProbesPerHost: MAX_PROBES,
    budget: {
      probesPerHour: maxPerHour,
      ...(maxUsdPerDay !== undefined && { nanoUsdPerDay: Math.floor(maxUsdPerDay * NANO) }),
    },
    history: HISTORY_LIMITS,
    drainMs: 0,
  };
}

/** Another character than these would need care in tables, labels and keys. */
function nameFrom(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9._-]/g, '-').slice(0, 64);
}

const TIMEOUT_MS = 120_000;
const STRATEGIES: readonly string[] = [
  'simple-shuffle',
  'least-busy',
  'latency-based-routing',
  'usage-based-routing-v2',
];

/** Settings of routing: a gateway's defaults, and those that were given. */
export function routingSettingsOf(options: RoutingOptions = {}): RoutingSettings {
  const { strategy = 'simple-shuffle', retries = DEFAULT_ROUTING.retries, timeoutMs = TIMEOUT_MS } = options;
  const { cooldownMs = DEFAULT_ROUTING.cooldownMs, fallbacks = {} } = options;
  checkNames('routing', options, ROUTING_NAMES);
  if (!STRATEGIES.includes(strategy)) {
    throw new TypeError(`routing.strategy is "${strategy}": use one of ${STRATEGIES.join(', ')}`);
  }
  atLeast(retries, 0, 'routing.retries');
  atLeast(timeoutMs, 1, 'routing.timeoutMs');
  atLeast(cooldownMs, 0, 'routing.cooldownMs');
  return { ...DEFAULT_ROUTING, strategy, retries, cooldownMs, timeoutMs, streamTimeoutMs: timeoutMs, fallbacks };
}
