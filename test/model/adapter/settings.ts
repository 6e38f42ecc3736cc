import type { FleetOptions, FleetTarget } from '../../../src/fleet/options.ts';
import { Replica } from '../../../src/fleet/replication/replica.ts';
import { defaultPolicy } from '../../../src/health/index.ts';
import { HISTORY_LIMITS } from '../../../src/ports/index.ts';
import { INTERVAL_MS } from '../model-state.ts';
import type { PodState } from '../model-state.ts';

/** The one target. Its phase is 0: grid points lie at whole intervals. */
export const TARGET = '00000000aaaa';
export const LEASE_MS = 10_000;
/** Ends any lease. */
export const FOREVER: number = Number.MAX_SAFE_INTEGER;
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const metrics = new Proxy({}, { get: () => ignore }) as FleetOptions['metrics'];

/** Replaces callbacks that only display, count or log. */
export function ignore(): void {
  return undefined;
}

/** The target as a pod of this kind is configured. */
export function targetFor({ path }: PodState): FleetTarget {
  const level = path === 'shallow' ? 'models' : 'inference';
  const fixed = {
    holdKey: 'd0000000aaaa',
    name: 'openai/gpt',
    upstreamHost: 'api.example.com',
    background: true,
    deployments: 1,
  };
  return { ...fixed, id: TARGET, level, intervalMs: INTERVAL_MS, timeoutMs: 5_000 };
}

/** Settings of a pod: as shipped, with short times. */
export function optionsOf({ id, host }: PodState, target: FleetTarget, monotonicMs: () => number): FleetOptions {
  return {
    pod: id,
    host,
    fleet: 'model',
    version: '0.0.0',
    sharing: 'shared',
    policy: defaultPolicy,
    policyHash: 'policy',
    targetsHash: target.level,
    targets: [target],
    cacheTtlMs: 10_000,
    leaseMs: LEASE_MS,
    storeDeadlineMs: 250,
    bootWindowMs: 2_000,
    expectedPods: 1,
    maxProbes: 16,
    maxProbesPerHost: 8,
    drainMs: 10_000,
    budget: {},
    history: HISTORY_LIMITS,
    clock: { monotonicMs, wallMs: monotonicMs, setTimer: () => ({ cancel: ignore }) },
    store: undefined as never,
    prober: { probe: () => new Promise<never>(ignore) },
    random: { next: () => 0.5, id: () => `epoch${Math.round(monotonicMs() * 1000)}` },
    logger: silent,
    metrics,
  };
}

/** A real replica with the records that the pod applied. */
export function replicaOf({ record, data, lease }: PodState): Replica {
  const view = new Replica();
  if (record !== undefined) view.apply(TARGET, { kind: 'record', record });
  if (data === 'lost') view.dataLost();
  if (lease !== undefined) view.setLease(lease);
  return view;
}
