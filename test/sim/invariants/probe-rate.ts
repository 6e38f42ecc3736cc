import type { TargetId } from '../../../src/health/index.ts';
import { Violation } from './violation.ts';
import type { Checked } from './violation.ts';

/** Extra probes of a target without faults: starts, lost leases, clock steps. */
const CALM_EXTRA = 6;

/** Limits of the paid probes of one target. */
export interface RateBounds {
  readonly intervalMs: number;
  /** Unforced grants in an interval, at most. */
  readonly guard: number;
}

/** Paid probes of each target, over all processes, while the store is reachable. */
export interface ProbeRate {
  started(target: TargetId): void;
  /** The grant count of this target, or of all, may restart: data loss, a clock step, an overwritten key. */
  disturbed(target?: TargetId): void;
  /** Checks the whole run of a target without faults. */
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
