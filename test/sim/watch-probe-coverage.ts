import type { TargetId } from '../../src/health/index.ts';
import { isProbedRarely } from '../../src/health/index.ts';
import { LONGEST_BACKOFF } from './invariants/probe-coverage.ts';
import type { SimPod } from './sim-pod.ts';
import { failureOnPath } from './sim-upstream.ts';
import type { World } from './world.ts';

const CHECK_EVERY_MS = 1_000;
/** A crashed pod counts as a member for ten seconds. */
const MEMBER_FOR_MS = 15_000;

/** Checks every second that each target with an eligible pod is probed in time. */
export function watchProbeCoverage(world: World, untilMs: number): void {
  const { time, truths, faultTimes, histories } = world;
  const brokenAt = new Map<TargetId, number>();
  const members = memberCount(world);
  const observe = (): void => {
    const quietMs = faultTimes.quietForMs(['store', 'pod']);
    const count = members();
    const clock = world.clockState();
    const paused = isPaused(world);
    if (paused) world.pausedAtMs = time.now;
    for (const { id, failure } of truths.values()) {
      const seen = [failure, ...[...world.pods].map(({ path }) => failureOnPath(path, id))];
      if (seen.some((one) => one !== undefined && isProbedRarely(one.class))) brokenAt.set(id, time.now);
      const eligible = paused ? [] : [...world.pods].filter((pod) => canProbe(world, pod, id));
      const intervalMs =
        eligible.length === 0 ? undefined : Math.max(...eligible.map(({ deploy }) => deploy.intervalMs));
      const sinceBrokenMs = time.now - (brokenAt.get(id) ?? Number.NEGATIVE_INFINITY);
      const backsOff = intervalMs !== undefined && sinceBrokenMs <= 2 * LONGEST_BACKOFF * intervalMs;
      const probing = [...world.pods].some((pod) => isProbing(pod, id));
      const waits = { backsOff, clock, quietMs, paused, members: count };
      world.guard(() => histories.probeCoverage.observe({ target: id, intervalMs, probing, ...waits }));
    }
    if (time.now < untilMs) time.schedule(CHECK_EVERY_MS, observe);
  };
  time.schedule(CHECK_EVERY_MS, observe);
}

/** A pod waits for the end of a pause: nobody ended it yet, or the pod has not received the end. */
function isPaused({ pods, occurred, check }: World): boolean {
  // If the answer to a pause was lost, it is in the store and the pods, but not in the histories.
  if (!occurred.has('probing paused') && !occurred.has('lost reply')) return false;
  const waiting = [...pods].map(({ fleet }) => fleet.status()).filter(({ pause }) => pause !== null);
  if (waiting.some(({ mode }) => mode !== 'shared')) check('holds: a pod that has a pause does not probe');
  return waiting.length > 0;
}

function isProbing({ path, clock, probing }: SimPod, target: TargetId): boolean {
  return path.kind !== 'blind' && !clock.paused && probing.has(target);
}

function canProbe(world: World, pod: SimPod, target: TargetId): boolean {
  const sees = pod.path.kind !== 'blind' && failureOnPath(pod.path, target) === undefined;
  return sees && !pod.clock.paused && world.isReliable(pod) && pod.deploy.background.has(target);
}

/** Counts pods that may be listed as members: all that ran recently. */
function memberCount({ pods, time }: World): () => number {
  const seenAt = new Map<SimPod, number>();
  return () => {
    for (const pod of pods) seenAt.set(pod, time.now);
    for (const [pod, atMs] of seenAt) if (atMs < time.now - MEMBER_FOR_MS) seenAt.delete(pod);
    return seenAt.size;
  };
}
