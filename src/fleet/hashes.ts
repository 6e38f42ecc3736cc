import { createHash } from 'node:crypto';
import type { Level, Policy, TargetId } from '../health/index.ts';

/** Equal if two pods derive the same verdicts from the same facts. */
export function policyHashOf(policy: Policy, cacheTtlMs: number): string {
  return hash(['policy 1', policy.rise, policy.fall, policy.edgeIntervalMs, cacheTtlMs]);
}

/** A target as other pods must know it: probed in the background or not, and at which level. */
export interface HashedTarget {
  readonly id: TargetId;
  readonly level: Level;
  readonly background: boolean;
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/**
 * `<list>.<pace>`. The part before the point is equal if two pods have the same targets at the same levels, in any order;
 * the other part, if they also probe them at the same intervals with the same timeouts.
 */
export function targetsHashOf(targets: readonly HashedTarget[]): string {
  const list = targets.map(({ id, level, background }) => `${id} ${background ? level : '-'}`);
  // A target without background probes has no pace.
  const probed = targets.filter(({ background }) => background);
  const pace = probed.map(({ id, intervalMs, timeoutMs }) => `${id} ${intervalMs} ${timeoutMs}`);
  return `${hash(['targets 2', ...list.toSorted()])}.${hash(['pace 1', ...pace.toSorted()])}`;
}

function hash(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}
