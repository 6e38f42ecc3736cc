import type { StoreTime } from '../../health/index.ts';
import { DAY_US, HOUR_US, SPENT_OFFLINE } from '../../ports/index.ts';
import type { Budget, BudgetUse, KnownUse } from '../../ports/index.ts';

/** Share of the remaining budget that all pods together may spend while no store counts. */
const SHARE_WITHOUT_STORE = 0.25;

/**
 * Pods that could spend without the store: `now`: this pod still does; `all`: other pods did too, by an unknown amount;
 * `this`: this pod alone did, while the others used the store.
 */
export type UncountedSpend = 'now' | 'all' | 'this';

/** The part of a count that belongs to the hour and day of `now`. */
export function useAt(now: StoreTime, use: BudgetUse | undefined): BudgetUse {
  const [hour, day] = [Math.floor(now / HOUR_US), Math.floor(now / DAY_US)];
  return {
    hour,
    probes: use !== undefined && use.hour >= hour ? use.probes : 0,
    day,
    nanoUsd: use !== undefined && use.day >= day ? use.nanoUsd : 0,
  };
}

/** True if a budget limits anything. */
export function isLimit({ probesPerHour, nanoUsdPerDay }: Budget = {}): boolean {
  return probesPerHour !== undefined || nanoUsdPerDay !== undefined;
}

/** Amount that all pods together may spend of `left` while no store counts. */
export function shareOfAll(left: number): number {
  return Math.floor(Math.max(0, left) * SHARE_WITHOUT_STORE);
}

/** One count, as one pod has it. */
interface KnownParts {
  /** Last count of the store. */
  readonly counted: KnownUse;
  /** Spend of this pod since then, without the store. */
  readonly alone: BudgetUse | undefined;
  readonly opened: UncountedSpend | undefined;
}

/**
 * One count for a claim, including the most that was spent without the store since; undefined if there is nothing to
 * report.
 */
export function knownUse(
  now: StoreTime,
  { counted, alone, opened }: KnownParts,
  { probesPerHour, nanoUsdPerDay }: Budget = {},
): KnownUse | undefined {
  const found = useAt(now, counted);
  if (opened === undefined) return counted.epoch === '' ? undefined : { ...found, epoch: counted.epoch };
  const own = useAt(now, alone);
  // A store that kept its data needs only this pod's own spend. A store that lost its data needs the whole count.
  if (opened === 'this' && counted.epoch !== null) return { ...own, epoch: SPENT_OFFLINE };
  const most = (limit: number | undefined, spent: number, mine: number): number =>
    limit === undefined || opened === 'this' ? mine : Math.max(mine, shareOfAll(limit - spent));
  return {
    ...found,
    probes: found.probes + most(probesPerHour, found.probes, own.probes),
    nanoUsd: found.nanoUsd + most(nanoUsdPerDay, found.nanoUsd, own.nanoUsd),
    // No data of the store includes these.
    epoch: null,
  };
}
