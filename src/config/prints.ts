import { createHash } from 'node:crypto';
import type { Policy, TargetId } from '../health/index.ts';

/** Equal means that two pods judge the same facts alike. */
export function policyPrintOf(policy: Policy, cacheTtlMs: number): string {
  return print(['policy 1', policy.rise, policy.fall, policy.edgeIntervalMs, cacheTtlMs]);
}

/** Equal means that two pods know the same targets, in whatever order. */
export function targetsPrintOf(targets: readonly TargetId[]): string {
  return print(['targets 1', ...targets.toSorted()]);
}

function print(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}
