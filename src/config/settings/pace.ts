import { defaultPolicy } from '../../health/index.ts';
import { HISTORY_LIMITS } from '../../ports/index.ts';
import type { Blocks } from './blocks.ts';
import type { Environment } from '../source/index.ts';
import { addProblem, type Findings } from '../problems/index.ts';
import { follow, type Node } from '../yaml/index.ts';
import type { AllswellConfig } from '../types.ts';

export interface PaceInput {
  readonly root: Node;
  readonly blocks: Blocks;
  readonly environment: Environment;
  readonly findings: Findings;
}

/** Policy, leases, deadlines and limits. */
export type Pace = Pick<
  AllswellConfig,
  'policy' | 'lockTtlMs' | 'leaseMs' | 'storeDeadlineMs' | 'bootWindowMs' | 'concurrency' | 'history'
>;

/** Enough for hundreds of targets, few enough for one processor and one provider. */
const TOTAL = 64;
const PER_HOST = 16;

const LEASE_MS = 10_000;
const STORE_DEADLINE_MS = 250;
const BOOT_WINDOW_MS = 2_000;

/** Leases are renewed after a third. The answer may take another third; a longer deadline would let the lease expire. */
const DEADLINES_IN_A_LEASE = 3;

export function readPace(input: PaceInput): Pace {
  const { blocks, environment } = input;
  const { fleet, general } = blocks;
  const lockTtlMs = environment.lockTtlMs ?? 60_000;
  // LiteLLM's limit, if set, replaces both defaults. 0 means that it is not set.
  const stated = general.health_check_concurrency || undefined;
  const pace = {
    policy: {
      rise: fleet.rise ?? defaultPolicy.rise,
      fall: fleet.fall ?? defaultPolicy.fall,
      edgeIntervalMs: fleet.edge_interval ?? defaultPolicy.edgeIntervalMs,
    },
    lockTtlMs,
    leaseMs: Math.min(fleet.lease ?? LEASE_MS, lockTtlMs),
    storeDeadlineMs: fleet.store_deadline ?? STORE_DEADLINE_MS,
    bootWindowMs: fleet.boot_window ?? BOOT_WINDOW_MS,
    history: {
      points: fleet.history?.points_per_target ?? HISTORY_LIMITS.points,
      fleetPoints: fleet.history?.points_per_fleet ?? HISTORY_LIMITS.fleetPoints,
      keptMs: fleet.history?.age ?? HISTORY_LIMITS.keptMs,
    },
    concurrency: {
      total: fleet.concurrency?.total ?? stated ?? TOTAL,
      perHost: fleet.concurrency?.per_host ?? stated ?? PER_HOST,
    },
  };
  refuseShortLease(pace, input);
  return pace;
}

function refuseShortLease({ leaseMs, storeDeadlineMs }: Pace, { root, blocks, findings }: PaceInput): void {
  const { lease, store_deadline: deadline } = blocks.fleet;
  if ((lease === undefined && deadline === undefined) || leaseMs >= DEADLINES_IN_A_LEASE * storeDeadlineMs) return;
  const path = ['fleet_health', deadline === undefined ? 'lease' : 'store_deadline'];
  addProblem(findings, {
    location: follow(root, path).location,
    path,
    is: 'leaves no time to renew a lease before it expires',
    expected: `a lease of at least ${DEADLINES_IN_A_LEASE} times store_deadline`,
  });
}
