import type { PodId } from '../../../src/health/index.ts';
import type { Budget } from '../../../src/ports/index.ts';
import { Violation } from './violation.ts';
import type { Checked } from './violation.ts';

/** Share of the remaining budget for all pods together while there is no store. */
const SHARE = 0.25;

/** Invariant 5, counted independently: paid probes stay within the budget, through any crashes. */
export interface BudgetHistory {
  /** A pod starts a paid probe, counted by the store, or without a store against its share. */
  started(pod: PodId, by: 'store' | 'share', pods: number): void;
  /** The store lost data, or its clock stepped: its count may restart. */
  reset(): void;
}

export function budgetHistory({ probesPerHour }: Budget, checked: Checked): BudgetHistory {
  let counted = 0;
  const withoutStore = new Map<PodId, number>();
  return {
    started(pod, by, pods) {
      if (probesPerHour === undefined) return;
      if (by === 'store') {
        counted += 1;
        checked('5: a paid probe is within the budget');
        if (counted > probesPerHour) {
          throw new Violation(`invariant 5: paid probe ${counted} of ${probesPerHour} by ${pod}`);
        }
        return;
      }
      const own = (withoutStore.get(pod) ?? 0) + 1;
      withoutStore.set(pod, own);
      const share = Math.floor((probesPerHour * SHARE) / pods);
      checked('5: a paid probe is within the share');
      if (own > share) throw new Violation(`invariant 5: ${pod} paid for probe ${own} of ${share} without the store`);
    },
    reset() {
      counted = 0;
      withoutStore.clear();
    },
  };
}
