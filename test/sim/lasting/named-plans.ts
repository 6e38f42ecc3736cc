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

/** A world in which the defect that names it showed itself, every time. */
export interface NamedPlan {
  readonly name: string;
  readonly plan: LastingPlan;
}

/** One for each defect that lasting faults have shown. */
export const namedPlans: readonly NamedPlan[] = [
  {
    name: 'D1: a pod that stays cut off after an outage keeps no target down in the others',
    plan: {
      ...plain,
      podPlans: [...sick({ faultFromMs: 120_000 }, 1), ...podPlans(4)],
      targets: targets(16, { failure: boom, fromMs: 60_000, toMs: 150_000 }),
      runMs: 900_000,
    },
  },
  {
    name: 'D1: two pods that stay cut off from one host keep its targets down for moments only',
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
    name: 'a sick pod that crashes and starts again does not second its own failure',
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
    name: 'a pod behind a proxy that accepts and resets does not flap, and reaches its targets again once that ends',
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
    name: 'D2: what is dead is down although the other pods look only when asked',
    plan: {
      ...plain,
      podPlans: [...podPlans(1), ...podPlans(2, { background: false }, 1)],
      targets: targets(4, { failure: boom, fromMs: 60_000 }),
      runMs: 600_000,
    },
  },
  {
    name: 'D2: what is dead is down although the other pods are blind',
    plan: {
      ...plain,
      podPlans: [...podPlans(1), ...podPlans(2, { path: { kind: 'blind' } }, 1)],
      targets: targets(4, { failure: boom, fromMs: 60_000 }),
      runMs: 600_000,
    },
  },
  {
    name: 'D3: generation that fails is down beside a pod that probes at level models only',
    plan: {
      ...plain,
      podPlans: [...podPlans(1, { level: 'models' }), ...podPlans(3, {}, 1)],
      targets: targets(16, { failure: boom, generationOnly: true, fromMs: 120_000 }),
      runMs: 600_000,
    },
  },
  {
    name: 'D5: pods that start without the store do not pay for each interval',
    plan: { ...plain, podPlans: podPlans(10), targets: targets(6), storeLostFromMs: 0, runMs: 600_000 },
  },
  {
    name: 'D5: pods that start again without the store stay within the share of the budget',
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
    name: 'D7: a target that asked for rest is looked at again after the clock was an hour ahead and is corrected',
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
    name: 'D8: a policy that asks for four failures is served at the edge interval',
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
    name: 'pods pay once an interval without the store although its clock was set back by an hour before it went',
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
    name: 'what asked for a longer rest than its interval is looked at again after the clock was set back by an hour',
    plan: {
      ...plain,
      podPlans: podPlans(3),
      targets: targets(4, { failure: rateLimitedForAnInterval, fromMs: 60_000, toMs: 250_000 }),
      clockSteps: hourBack,
      runMs: 1_200_000,
    },
  },
  {
    name: 'what answers nothing but 429 is down, and rests, although the clock was set back by an hour',
    plan: {
      ...plain,
      podPlans: podPlans(3),
      targets: targets(4, { failure: rateLimited, fromMs: 250_000 }),
      clockSteps: hourBack,
      runMs: 1_200_000,
    },
  },
  {
    name: 'good probes end an outage although the clock was set back by an hour and the store lost its data',
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
    name: 'a lone witness is believed in bounded time although the clock was set back by an hour',
    plan: {
      ...plain,
      podPlans: [...podPlans(1), ...podPlans(2, { path: { kind: 'blind' } }, 1)],
      targets: targets(4, { failure: boom, fromMs: 250_000 }),
      clockSteps: hourBack,
      runMs: 1_200_000,
    },
  },
  {
    name: 'a record that was spoiled while the clock was an hour behind is shown as it is after its repair',
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
    name: 'what one pod does not reach is not down in the others although blind pods were granted the confirmations',
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

/** Places that reach no upstream. */
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
