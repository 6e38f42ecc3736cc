import type { PodShot, Snapshot, TargetShot } from './observe/snapshot.ts';

/** A snapshot of a healthy fleet, for tests. */
export function exampleShot(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    atMs: new Date(2026, 0, 2, 12, 0, 3).getTime(),
    elapsedMs: 42_000,
    intervalMs: 5_000,
    pids: [11, 12],
    redis: 'up',
    probing: 'on',
    pods: [1, 2, 3].map((number) => examplePod(number)),
    targets: [exampleTargetShot(), exampleTargetShot({ name: 'gpt-4o-mini', serves: ['gpt-4o-mini', 'cheap'] })],
    probes: { counted: 18, independent: 54, rate: 1 },
    requests: { answered: 240, failedOver: 4, failed: 0, lostWithPod: 0, replacedProbes: 9 },
    money: { spentUsd: 0.002, savedUsd: 0.0041, monthlyUsd: 207, unpriced: 0 },
    fleetSpend: { spentUsd: 0.002, savedUsd: { bySharing: 0.0039, byAlias: 0.0005, byCache: 0 } },
    ...changes,
  };
}

export function examplePod(number: number, changes: Partial<PodShot> = {}): PodShot {
  return {
    name: `pod ${number}`,
    life: 'running',
    backInMs: null,
    self: { mode: 'shared', impaired: false, storeProblem: null },
    network: 'open',
    probes: 6,
    failingOnlyHere: 0,
    states: { 'gpt-4o': 'up', 'gpt-4o-mini': 'up' },
    ...changes,
  };
}

export function exampleTargetShot(changes: Partial<TargetShot> = {}): TargetShot {
  return {
    name: 'gpt-4o',
    serves: ['gpt-4o'],
    state: 'up',
    isStale: false,
    why: 'the last probe passed',
    sinceMs: 40_000,
    ageMs: 2_400,
    checkedAtMs: 1_000_000,
    probes: 9,
    by: 'pod 2',
    host: '127.0.0.1:1',
    latencyMs: 421.7,
    probing: null,
    hold: null,
    fault: 'none',
    metFault: 0,
    ...changes,
  };
}
