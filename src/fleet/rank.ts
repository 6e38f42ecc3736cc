import type { PodId, TargetId } from '../health/index.ts';

/** Ranks beyond this wait no longer. */
const LAST_RANK = 4;
const RANK_STEP_MS = 150;

/**
 * How many of the given pods go before `self` in claiming `target` (rendezvous hashing): 0 asks at once. Every pod
 * computes the same order from the same members, and a member that leaves moves only its own targets.
 */
export function rankOf(target: TargetId, self: PodId, others: Iterable<PodId>): number {
  const key = hash(target);
  const own = score(key, self);
  let rank = 0;
  for (const pod of others) {
    if (pod === self) continue;
    const other = score(key, pod);
    if (other > own || (other === own && pod > self)) rank += 1;
  }
  return rank;
}

/** Pods in the order in which they go for `target`. */
export function byRank(target: TargetId, pods: readonly PodId[]): readonly PodId[] {
  return pods.toSorted((a, b) => rankOf(target, a, pods) - rankOf(target, b, pods));
}

/** How long a pod of this rank lets the ones before it go first, ms. A lease event ends the wait. */
export function rankWaitMs(rank: number): number {
  return Math.min(rank, LAST_RANK) * RANK_STEP_MS;
}

/** 32-bit hash of a short text (FNV-1a, then mixed): even enough to spread work, stable across versions. */
export function hash(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h);
}

const podHashes = new Map<PodId, number>();

function score(key: number, pod: PodId): number {
  let podHash = podHashes.get(pod);
  if (podHash === undefined) {
    if (podHashes.size > 10_000) podHashes.clear();
    podHash = hash(pod);
    podHashes.set(pod, podHash);
  }
  return mix(key ^ podHash);
}

function mix(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
