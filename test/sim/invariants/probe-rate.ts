import type { TargetId } from '../../../src/health/index.ts';
import { Violation } from './violation.ts';
import type { Checked } from './violation.ts';

/** What a target without any trouble may cost besides its interval: starts, a lease that was lost, a clock that was set. */
const CALM_EXTRA = 6;

/** What bounds the paid probes of one target. */
export interface RateBounds {
  readonly intervalMs: number;
  /** Unforced grants in an interval, at most. */
  readonly guard: number;
}

/** Paid probes of each target, over all processes that ever lived, while the store is there. */
export interface ProbeRate {
  started(target: TargetId): void;
  /** Leases of this target, or of all, may be counted anew: the store lost data, its clock was set, a key was spoiled. */
  disturbed(target?: TargetId): void;
  /** Checks the whole run of a target that never was in any trouble. */
  wasCalm(target: TargetId, sinceMs: number): void;
}

export function probeRate(nowMs: () => number, { intervalMs, guard }: RateBounds, checked: Checked): ProbeRate {
  const starts = new Map<TargetId, number[]>();
  const all = new Map<TargetId, number[]>();
  return {
    started(target) {
      // An interval of any phase lies in two windows of the guard.
      const recent = (starts.get(target) ?? []).filter((atMs) => atMs > nowMs() - intervalMs);
      recent.push(nowMs());
      starts.set(target, recent);
      all.set(target, [...(all.get(target) ?? []), nowMs()]);
      checked('rate: probes of a target stay within the guard');
      if (recent.length <= 2 * guard) return;
      throw new Violation(
        `rate: ${target} was probed ${recent.length} times in ${intervalMs} ms, the guard is ${guard}`,
      );
    },
    disturbed(target) {
      if (target === undefined) starts.clear();
      else starts.delete(target);
    },
    wasCalm(target, sinceMs) {
      const count = (all.get(target) ?? []).filter((atMs) => atMs >= sinceMs).length;
      const intervals = Math.ceil((nowMs() - sinceMs) / intervalMs);
      checked('rate: a calm target is probed once an interval');
      if (count <= intervals + CALM_EXTRA) return;
      throw new Violation(`rate: calm target ${target} was probed ${count} times in ${intervals} intervals`);
    },
  };
}
