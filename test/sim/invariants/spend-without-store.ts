import type { PodId, TargetId } from '../../../src/health/index.ts';
import { Violation } from './violation.ts';
import type { Checked } from './violation.ts';

/** Share of a budget for all processes together while there is no store. */
const SHARE = 0.25;

/** Tolerance for pods that count different numbers of members. */
const MEMBERS_DIFFER = 1.25;

/** A process, and the source of its member count. */
export interface Spender {
  readonly pod: PodId;
  readonly livesForMs: number;
  /** From the store once; or from the configured number of pods; or neither. */
  readonly memberCountFrom: 'store' | 'config' | 'unknown';
}

/** Paid probes without a store, summed over all processes. */
export interface SpendWithoutStore {
  /** The store becomes unreachable; the sum starts here. */
  begins(pods: number): void;
  started(payer: Spender, target: TargetId, trouble: 'calm' | 'troubled'): void;
}

export function spendWithoutStore(
  nowMs: () => number,
  bounds: { readonly intervalMs: number; readonly probesPerHour: number | undefined },
  checked: Checked,
): SpendWithoutStore {
  const { intervalMs, probesPerHour } = bounds;
  const shared = new Map<TargetId, number>();
  const own = new Map<string, number>();
  let sinceMs = 0;
  let pods = 1;
  let total = 0;

  function checkShare(): void {
    const share = Math.floor((probesPerHour ?? Infinity) * SHARE);
    if (total <= share) return;
    throw new Violation(`spend: ${total} paid probes without the store by all processes, their share is ${share}`);
  }

  return {
    begins(count) {
      sinceMs = nowMs();
      pods = count;
    },
    started({ pod, livesForMs, memberCountFrom }, target, trouble) {
      total += 1;
      checked('spend: paid probes of all processes without a store');
      checkShare();
      // Failures that each process must confirm for itself cost more, and so may a wrong configured number of pods.
      if (trouble === 'troubled' || memberCountFrom === 'config') return;
      if (memberCountFrom === 'unknown') {
        const count = (own.get(`${pod} ${target}`) ?? 0) + 1;
        own.set(`${pod} ${target}`, count);
        // Once at its start, then after 2, 4, 8 … intervals.
        const allowed = 1 + Math.ceil(Math.log2(livesForMs / intervalMs + 2));
        if (count <= allowed) return;
        throw new Violation(
          `spend: ${pod} paid for ${count} probes of ${target} in ${livesForMs} ms, without known members`,
        );
      }
      const count = (shared.get(target) ?? 0) + 1;
      shared.set(target, count);
      // Member lists may differ when the store becomes unreachable, and stay so: of three pods, one that counts two
      // takes every second slot and not every third.
      const allowed = Math.ceil((MEMBERS_DIFFER * (nowMs() - sinceMs)) / intervalMs) + 2 * pods;
      if (count <= allowed) return;
      throw new Violation(
        `spend: ${count} paid probes of ${target} by all processes, one an interval makes ${allowed}`,
      );
    },
  };
}
