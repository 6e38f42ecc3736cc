import type { Failure, Policy } from '../../../src/health/index.ts';
import { seededRandom } from '../seeded-random.ts';
import type { SeededRandom } from '../seeded-random.ts';
import type { LastingPlan, PathFault, PodPlan, PlannedTarget } from './plan.ts';

const HOUR_MS = 3_600_000;
const INTERVALS = 40;
const HOSTS = 5;
const pathFailures: readonly Failure[] = [
  { class: 'network', message: 'connection refused' },
  { class: 'network', message: 'accepted, then reset' },
  { class: 'timeout', status: 408, message: 'Timeout exceeded' },
  { class: 'server', status: 502, message: 'bad gateway' },
  { class: 'auth', status: 401, message: 'the proxy requires authentication' },
  { class: 'not-found', status: 404, message: 'the proxy cannot resolve the host' },
];
const failures: readonly Failure[] = [
  { class: 'network', message: 'connection refused' },
  { class: 'timeout', status: 408, message: 'Timeout exceeded' },
  { class: 'server', status: 500, message: 'boom' },
  { class: 'auth', status: 401, message: 'wrong key' },
  { class: 'overloaded', status: 429, message: 'slow down', retryAfterMs: 5_000 },
  { class: 'not-found', status: 404, message: 'no such model' },
  { class: 'bad-probe', status: 400, message: 'what is this' },
];

type Size = 'usual' | 'many targets' | 'many pods';

/** Draws the plan of one seed: which lasting faults, in which pods, and from when on. */
export function drawPlan(seed: number, usual: { readonly pods: number; readonly targets: number }): LastingPlan {
  const random = seededRandom(Math.imul(seed, 0x9e3779b1) ^ 0x5f356495);
  const size: Size = random.chance(0.06) ? 'many targets' : random.chance(0.06) ? 'many pods' : 'usual';
  const intervalMs = size === 'usual' ? random.pick([5_000, 10_000, 20_000, 30_000]) : 20_000;
  const runMs = (size === 'usual' ? INTERVALS : 20) * intervalMs + 300_000;
  const podPlans = drawPodPlans(
    random,
    size === 'many pods' ? 21 + Math.floor(random.between(0, 6)) : drawCount(random, usual.pods),
    {
      intervalMs,
      runMs,
    },
  );
  const count = size === 'many targets' ? 201 + Math.floor(random.between(0, 60)) : usual.targets;
  const lostFrom = drawStoreLoss(random, runMs);
  return {
    intervalMs,
    timeoutMs: random.pick([5_000, 10_000, 30_000]),
    policy: drawPolicy(random),
    podPlans,
    targets: Array.from({ length: count }, (_, i) => drawTarget(random, i, runMs)),
    clockSteps: random.chance(0.3) ? drawSteps(random, runMs) : [],
    stormEndsMs: lostFrom === undefined && random.chance(0.4) ? runMs / 2 : 0,
    expectedPods: random.chance(0.8) ? null : podPlans.length,
    runMs,
    ...(random.chance(0.3) && { garbageEveryMs: random.between(2_000, 40_000) }),
    ...(lostFrom !== undefined && { storeLostFromMs: lostFrom }),
    ...(lostFrom !== undefined && random.chance(0.4) && { budget: { probesPerHour: random.pick([40, 200, 1_000]) } }),
    ...(size === 'many targets' && { slowPagesMs: 60 }),
  };
}

function drawCount(random: SeededRandom, pods: number): number {
  return Math.max(1, Math.floor(random.between(2, pods + 3)));
}

function drawPolicy(random: SeededRandom): Policy {
  const many = random.chance(0.25);
  const rise = many ? 1 + Math.floor(random.between(0, 4)) : 1;
  const fall = many ? 2 + Math.floor(random.between(0, 4)) : 2;
  return { rise, fall, edgeIntervalMs: random.pick([3_000, 5_000]) };
}

function drawStoreLoss(random: SeededRandom, runMs: number): number | undefined {
  if (!random.chance(0.15)) return undefined;
  return random.chance(0.5) ? 0 : random.between(60_000, runMs / 3);
}

/** The first pod has no fault; of the others some are sick, blind, partly unreachable, shallow, or on demand only. */
function drawPodPlans(
  random: SeededRandom,
  count: number,
  { intervalMs, runMs }: { readonly intervalMs: number; readonly runMs: number },
): readonly PodPlan[] {
  const sickCount = count >= 3 ? random.pick([0, 0, 1, 1, 2]) : random.pick([0, 1]);
  return Array.from({ length: count }, (_, i): PodPlan => {
    const plain: PodPlan = { host: `pod-${i}`, level: 'inference', background: true, faultFromMs: 0 };
    if (i === 0) return plain;
    const faultFromMs = random.chance(0.3) ? 0 : random.between(0, runMs / 2);
    if (i <= sickCount) {
      const faultToMs = random.chance(0.3) ? { faultToMs: random.between(0.5, 0.6) * runMs } : {};
      return { ...plain, path: drawPathFault(random), faultFromMs, ...faultToMs, ...drawRestart(random, intervalMs) };
    }
    if (random.chance(0.15)) return { ...plain, path: { kind: 'blind' }, faultFromMs };
    if (random.chance(0.15)) return { ...plain, background: false };
    if (random.chance(0.15)) return { ...plain, level: 'models' };
    return { ...plain, ...(random.chance(0.2) && drawRestart(random, 4 * intervalMs)) };
  });
}

function drawPathFault(random: SeededRandom): PathFault {
  const failure = random.pick(pathFailures);
  const resets = failure.message === 'accepted, then reset';
  const connects = resets ? 'yes' : failure.class === 'network' ? 'no' : random.pick(['yes', 'no'] as const);
  if (random.chance(0.5)) return { kind: 'sick', failure, connects };
  const hosts = Array.from({ length: HOSTS }, (_, i) => `h${i}`).filter(() => random.chance(0.35));
  return { kind: 'partial', failure, connects, hosts: hosts.length === 0 ? ['h0'] : hosts };
}

function drawRestart(random: SeededRandom, intervalMs: number): Pick<PodPlan, 'restart'> {
  if (random.chance(0.4)) return {};
  return {
    restart: {
      everyMs: random.between(10_000, 12 * intervalMs + 20_000),
      by: random.pick(['crash', 'roll']),
      where: random.chance(0.8) ? 'same host' : 'other host',
    },
  };
}

function drawTarget(random: SeededRandom, i: number, runMs: number): PlannedTarget {
  const id = Array.from({ length: 24 }, () => Math.floor(random.next() * 16).toString(16)).join('');
  const unlisted = random.chance(0.3) && ({ listed: false } as const);
  const plain = { id, host: `h${i % HOSTS}`, tookMs: random.between(20, 1_500), ...unlisted };
  if (random.chance(0.5)) return plain;
  const failure = random.pick(failures);
  const generationOnly = failure.class !== 'network' && random.chance(0.4);
  const failing = { ...plain, failure, ...(generationOnly && { generationOnly }) };
  if (random.chance(0.4)) return failing;
  const fromMs = random.between(0, runMs / 3);
  return random.chance(0.4)
    ? { ...failing, fromMs }
    : { ...failing, fromMs, toMs: random.between(runMs / 3, runMs / 2) };
}

function drawSteps(random: SeededRandom, runMs: number): LastingPlan['clockSteps'] {
  const count = 1 + Math.floor(random.between(0, 4));
  return Array.from({ length: count }, () => ({
    atMs: random.between(40_000, runMs * 0.7),
    byMs: (random.chance(0.5) ? 1 : -1) * random.between(0.2, 6) * HOUR_MS,
  }));
}
