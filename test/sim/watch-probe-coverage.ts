import type { TargetId } from '../../src/health/index.ts';
import { isProbedRarely } from '../../src/health/index.ts';
import { LONGEST_BACKOFF } from './invariants/probe-coverage.ts';
import type { SimPod } from './sim-pod.ts';
import { failureOnPath } from './sim-upstream.ts';
import type { World } from './world.ts';

const CHECK_EVERY_MS = 1_000;
/** A pod that is gone without a word is believed to live for ten seconds. */
const MEMBER_FOR_MS = 15_000;

/** Looks every second, as long as the world runs, whether each target has somebody who cares for it. */
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

/** Whether some pod waits until probing goes on: for a pause that nobody ended, or whose end did not come to all yet. */
function isPaused({ pods, occurred, check }: World): boolean {
  // The answer to a pause may have been lost: then nobody but the store and the pods know of it.
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

/** How many pods the others may count: all that lived a moment ago. */
function memberCount({ pods, time }: World): () => number {
  const seenAt = new Map<SimPod, number>();
  return () => {
    for (const pod of pods) seenAt.set(pod, time.now);
    for (const [pod, atMs] of seenAt) if (atMs < time.now - MEMBER_FOR_MS) seenAt.delete(pod);
    return seenAt.size;
  };
}
