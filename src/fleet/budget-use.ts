import type { StoreTime } from '../health/index.ts';
import { DAY_US, HOUR_US } from '../ports/index.ts';
import type { Budget, BudgetUse } from '../ports/index.ts';

/** Of what is left, this is for all pods together while there is no store to count. */
const SHARE_WITHOUT_STORE = 0.25;

/** What of a count still counts at `now`. */
export function useAt(now: StoreTime, use: BudgetUse | undefined): BudgetUse {
  const [hour, day] = [Math.floor(now / HOUR_US), Math.floor(now / DAY_US)];
  return {
    hour,
    probes: use !== undefined && use.hour >= hour ? use.probes : 0,
    day,
    nanoUsd: use !== undefined && use.day >= day ? use.nanoUsd : 0,
  };
}

/** Whether a budget limits anything. */
export function isLimit({ probesPerHour, nanoUsdPerDay }: Budget = {}): boolean {
  return probesPerHour !== undefined || nanoUsdPerDay !== undefined;
}

/** What all pods together may take of what is left while there is no store to count. */
export function shareOfAll(left: number): number {
  return Math.floor(Math.max(0, left) * SHARE_WITHOUT_STORE);
}
