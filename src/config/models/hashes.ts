import { createHash } from 'node:crypto';
import type { Level, Policy, TargetId } from '../../health/index.ts';

/** Equal if two pods derive the same verdicts from the same facts. */
export function policyHashOf(policy: Policy, cacheTtlMs: number): string {
  return hash(['policy 1', policy.rise, policy.fall, policy.edgeIntervalMs, cacheTtlMs]);
}

/** A target as other pods must know it: probed in the background or not, and at which level. */
export interface HashedTarget {
  readonly id: TargetId;
  readonly level: Level;
  readonly background: boolean;
}

/** Equal if two pods have the same targets at the same levels, in any order. */
export function targetsHashOf(targets: readonly HashedTarget[]): string {
  return hash([
    'targets 2',
    ...targets.map(({ id, level, background }) => `${id} ${background ? level : '-'}`).toSorted(),
  ]);
}

function hash(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}
