import type { StoreTime } from '../../health/index.ts';
import { DAY_US, HOUR_US, SPENT_OFFLINE } from '../../ports/index.ts';
import type { Budget, BudgetUse, KnownUse } from '../../ports/index.ts';

/** Of what is left, this is for all pods together while there is no store to count. */
const SHARE_WITHOUT_STORE = 0.25;

/**
 * Who was without the store: this pod, which is so `now`; `all`, so that what the others took is not known; or `this` pod alone,
 * while others went on with it.
 */
export type UncountedSpend = 'now' | 'all' | 'this';

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

/** What one pod knows of one count. */
interface KnownParts {
  /** What the store counted last. */
  readonly counted: KnownUse;
  /** What this pod spent since without it. */
  readonly alone: BudgetUse | undefined;
  readonly opened: UncountedSpend | undefined;
}

/** What a claim says of one count, with the most that was spent without the store since; undefined where that is nothing new. */
export function knownUse(
  now: StoreTime,
  { counted, alone, opened }: KnownParts,
  { probesPerHour, nanoUsdPerDay }: Budget = {},
): KnownUse | undefined {
  const found = useAt(now, counted);
  if (opened === undefined) return counted.epoch === '' ? undefined : { ...found, epoch: counted.epoch };
  const own = useAt(now, alone);
  // A store that went on counts this pod's own beside the rest; one whose data is lost needs both.
  if (opened === 'this' && counted.epoch !== null) return { ...own, epoch: SPENT_OFFLINE };
  const most = (limit: number | undefined, spent: number, mine: number): number =>
    limit === undefined || opened === 'this' ? mine : Math.max(mine, shareOfAll(limit - spent));
  return {
    ...found,
    probes: found.probes + most(probesPerHour, found.probes, own.probes),
    nanoUsd: found.nanoUsd + most(nanoUsdPerDay, found.nanoUsd, own.nanoUsd),
    // Whatever data the store has, it does not have these.
    epoch: null,
  };
}
