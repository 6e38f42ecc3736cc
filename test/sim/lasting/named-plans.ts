import type { Failure } from '../../../src/health/index.ts';
import type { LastingPlan, PodPlan, PlannedTarget } from './plan.ts';

const refused: Failure = { class: 'network', message: 'connection refused' };
const reset: Failure = { class: 'network', message: 'accepted, then reset' };
const boom: Failure = { class: 'server', status: 500, message: 'boom' };
const wrongKey: Failure = { class: 'auth', status: 401, message: 'wrong key' };
const rateLimited: Failure = { class: 'overloaded', status: 429, message: 'slow down', retryAfterMs: 5_000 };
const HOUR_MS = 3_600_000;
const rateLimitedForAnInterval: Failure = {
  class: 'overloaded',
  status: 429,
  message: 'slow down',
  retryAfterMs: 30_000,
};
const hourBack = [{ atMs: 190_000, byMs: -HOUR_MS }];

const plain: Omit<LastingPlan, 'podPlans' | 'targets' | 'runMs'> = {
  intervalMs: 20_000,
  timeoutMs: 5_000,
  policy: { rise: 1, fall: 2, edgeIntervalMs: 5_000 },
  clockSteps: [],
  stormEndsMs: 0,
  expectedPods: null,
};

/** A world that reproduces one defect deterministically; the defect is its name. */
export interface NamedPlan {
  readonly name: string;
  readonly plan: LastingPlan;
}

/** One plan for each defect that lasting faults have found. */
export const namedPlans: readonly NamedPlan[] = [
  {
    name: 'D1: a pod that cannot reach the upstreams after an outage keeps no target down in the others',
    plan: {
      ...plain,
      podPlans: [...sick({ faultFromMs: 120_000 }, 1), ...podPlans(4)],
      targets: targets(16, { failure: boom, fromMs: 60_000, toMs: 150_000 }),
      runMs: 900_000,
    },
  },
  {
    name: 'D1: two pods that cannot reach one host keep its targets down only briefly',
    plan: {
      ...plain,
      podPlans: [
        ...podPlans(2, {
          path: { kind: 'partial', failure: refused, connects: 'no', hosts: ['h0'] },
          faultFromMs: 60_000,
        }),
        ...podPlans(3, {}, 2),
      ],
      targets: targets(12),
      runMs: 900_000,
    },
  },
  {
    name: 'a sick pod that crashes and restarts does not confirm its own failure',
    plan: {
      ...plain,
      podPlans: [
        ...sick({ faultFromMs: 60_000, restart: { everyMs: 45_000, by: 'crash', where: 'same host' } }, 1),
        ...podPlans(3),
      ],
      targets: targets(8),
      runMs: 900_000,
    },
  },
  {
    name: 'a pod behind a proxy that accepts and resets connections does not flap, and recovers when the proxy does',
    plan: {
      ...plain,
      podPlans: [
        ...podPlans(1, {
          path: { kind: 'partial', failure: reset, connects: 'yes', hosts: ['h0'] },
          faultFromMs: 60_000,
          faultToMs: 1_500_000,
        }),
        ...podPlans(2, {}, 1),
      ],
      targets: targets(8, { listed: false }),
      runMs: 2_400_000,
    },
  },
  {
    name: 'D2: a failing target is down although the other pods probe on demand only',
    plan: {
      ...plain,
      podPlans: [...podPlans(1), ...podPlans(2, { background: false }, 1)],
      targets: targets(4, { failure: boom, fromMs: 60_000 }),
      runMs: 600_000,
    },
  },
  {
    name: 'D2: a failing target is down although the other pods are blind',
    plan: {
      ...plain,
      podPlans: [...podPlans(1), ...podPlans(2, { path: { kind: 'blind' } }, 1)],
      targets: targets(4, { failure: boom, fromMs: 60_000 }),
      runMs: 600_000,
    },
  },
  {
    name: 'D3: a target whose generation fails is down although one pod probes at level models only',
    plan: {
      ...plain,
      podPlans: [...podPlans(1, { level: 'models' }), ...podPlans(3, {}, 1)],
      targets: targets(16, { failure: boom, generationOnly: true, fromMs: 120_000 }),
      runMs: 600_000,
    },
  },
  {
    name: 'D5: pods that start without the store do not make a paid probe in each interval',
    plan: { ...plain, podPlans: podPlans(10), targets: targets(6), storeLostFromMs: 0, runMs: 600_000 },
  },
  {
    name: 'D5: pods that restart without the store stay within the share of the budget',
    plan: {
      ...plain,
      podPlans: podPlans(4, { restart: { everyMs: 60_000, by: 'crash', where: 'same host' } }),
      targets: targets(6),
      storeLostFromMs: 120_000,
      budget: { probesPerHour: 200 },
      runMs: 900_000,
    },
  },
  {
    name: 'D7: a rate-limited target is probed again after the clock was an hour ahead and is corrected',
    plan: {
      ...plain,
      podPlans: podPlans(3),
      targets: targets(4, { failure: rateLimited, fromMs: 60_000, toMs: 400_000 }),
      clockSteps: [
        { atMs: 30_000, byMs: HOUR_MS },
        { atMs: 190_000, byMs: -HOUR_MS },
      ],
      runMs: 1_200_000,
    },
  },
  {
    name: 'D8: a policy with a fall of four is confirmed at the edge interval',
    plan: {
      ...plain,
      intervalMs: 300_000,
      policy: { rise: 4, fall: 4, edgeIntervalMs: 5_000 },
      podPlans: podPlans(3),
      targets: targets(4, { failure: boom, fromMs: 600_000 }),
      detectedWithinMs: 330_000,
      runMs: 2_400_000,
    },
  },
  {
    name: 'pods make one paid probe per interval without the store although its clock stepped back by an hour before',
    plan: {
      ...plain,
      podPlans: podPlans(3),
      targets: targets(6),
      clockSteps: hourBack,
      storeLostFromMs: 250_000,
      runMs: 600_000,
    },
  },
  {
    name: 'a target with a Retry-After longer than its interval is probed again after the clock steps back by an hour',
    plan: {
      ...plain,
      podPlans: podPlans(3),
      targets: targets(4, { failure: rateLimitedForAnInterval, fromMs: 60_000, toMs: 250_000 }),
      clockSteps: hourBack,
      runMs: 1_200_000,
    },
  },
  {
    name: 'a target that always answers 429 is down, and its Retry-After is kept, although the clock steps back by an hour',
    plan: {
      ...plain,
      podPlans: podPlans(3),
      targets: targets(4, { failure: rateLimited, fromMs: 250_000 }),
      clockSteps: hourBack,
      runMs: 1_200_000,
    },
  },
  {
    name: 'successful probes end an outage although the clock steps back by an hour and the store loses its data',
    plan: {
      ...plain,
      podPlans: podPlans(3),
      targets: targets(4, { failure: wrongKey, fromMs: 60_000, toMs: 221_000 }),
      clockSteps: hourBack,
      dataLostAtMs: 220_000,
      runMs: 1_200_000,
    },
  },
  {
    name: 'a single witness suffices after a bounded time although the clock steps back by an hour',
    plan: {
      ...plain,
      podPlans: [...podPlans(1), ...podPlans(2, { path: { kind: 'blind' } }, 1)],
      targets: targets(4, { failure: boom, fromMs: 250_000 }),
      clockSteps: hourBack,
      runMs: 1_200_000,
    },
  },
  {
    name: 'a record that was overwritten while the clock was an hour behind is shown after its repair',
    plan: {
      ...plain,
      podPlans: podPlans(3),
      targets: targets(4),
      clockSteps: hourBack,
      planted: [{ atMs: 260_000, key: 'records', target: targets(1)[0]?.id ?? '', text: 'garbage' }],
      runMs: 1_200_000,
    },
  },
  {
    name: 'a target that one pod cannot reach is not down in the others although blind pods get the confirmations',
    plan: {
      ...plain,
      intervalMs: 30_000,
      podPlans: [
        ...sick({ faultFromMs: 60_000 }, 1),
        ...podPlans(3, { path: { kind: 'blind' } }),
        ...podPlans(1, {}, 3),
      ],
      targets: targets(40),
      runMs: 1_500_000,
    },
  },
  {
    name: 'an outage ends although a pod that probes at level models only commits at every edge interval',
    plan: {
      ...plain,
      intervalMs: 5_000,
      podPlans: [
        ...podPlans(1, { level: 'models' }),
        ...podPlans(2, {}, 1),
        ...podPlans(1, { path: { kind: 'partial', failure: boom, connects: 'yes', hosts: ['h1', 'h2'] } }, 3),
      ],
      targets: targets(6, { failure: boom, generationOnly: true, tookMs: 1_200, toMs: 150_000 }),
      runMs: 400_000,
    },
  },
];

function podPlans(count: number, changes: Partial<PodPlan> = {}, from = 0): readonly PodPlan[] {
  return Array.from({ length: count }, (_, i): PodPlan => ({
    host: `pod-${changes.host ?? ''}${from + i}`,
    level: 'inference',
    background: true,
    faultFromMs: 0,
    ...changes,
  }));
}

/** Pods that reach no upstream. */
function sick(changes: Partial<PodPlan>, count: number): readonly PodPlan[] {
  const path = { kind: 'sick', failure: refused, connects: 'no' } as const;
  return podPlans(count, { path, ...changes }, 100);
}

function targets(count: number, changes: Partial<PlannedTarget> = {}): readonly PlannedTarget[] {
  return Array.from({ length: count }, (_, i): PlannedTarget => ({
    id: `${((i * 37) % 256).toString(16).padStart(2, '0')}00000${i.toString(16)}`.padEnd(24, '0'),
    host: `h${i % 4}`,
    tookMs: 200,
    ...changes,
  }));
}
