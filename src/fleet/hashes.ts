import { createHash } from 'node:crypto';
import type { Level, Policy, TargetId } from '../health/index.ts';

/** Equal if two pods derive the same verdicts from the same facts. */
export function policyHashOf(policy: Policy, cacheTtlMs: number): string {
  return hash(['policy 1', policy.rise, policy.fall, policy.edgeIntervalMs, cacheTtlMs]);
}

/** Pace of a pod whose targets are all without probes in the background. */
const NO_PACE = 'none';

/** A target as other pods must know it: probed in the background or not, and at which level. */
export interface HashedTarget {
  readonly id: TargetId;
  readonly level: Level;
  readonly background: boolean;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/**
 * `<list>.<pace>`. The part before the point is equal if two pods have the same targets, in any order; the other part, if they
 * also probe the same of them at the same levels and intervals with the same timeouts. A pod without probes has the pace
 * {@link NO_PACE}.
 */
export function targetsHashOf(targets: readonly HashedTarget[]): string {
  const list = targets.map(({ id }) => id);
  // A target without background probes has no pace.
  const probed = targets.filter(({ background }) => background);
  const pace = probed.map(({ id, level, intervalMs, timeoutMs }) => `${id} ${level} ${intervalMs} ${timeoutMs}`);
  const shownPace = pace.length === 0 ? NO_PACE : hash(['pace 2', ...pace.toSorted()]);
  return `${hash(['targets 3', ...list.toSorted()])}.${shownPace}`;
}

function hash(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}
