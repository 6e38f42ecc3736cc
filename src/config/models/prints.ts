import { createHash } from 'node:crypto';
import type { Level, Policy, TargetId } from '../../health/index.ts';

/** Equal means that two pods judge the same facts alike. */
export function policyPrintOf(policy: Policy, cacheTtlMs: number): string {
  return print(['policy 1', policy.rise, policy.fall, policy.edgeIntervalMs, cacheTtlMs]);
}

/** What other pods must know of a target: whether this pod probes it in the background, and how deep. */
export interface HashedTarget {
  readonly id: TargetId;
  readonly level: Level;
  readonly background: boolean;
}

/** Equal means that two pods know the same targets, and look at them alike, in whatever order. */
export function targetsPrintOf(targets: readonly HashedTarget[]): string {
  return print([
    'targets 2',
    ...targets.map(({ id, level, background }) => `${id} ${background ? level : '-'}`).toSorted(),
  ]);
}

function print(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}
