import type { BudgetPage, DayMoneyPage, FleetPage } from '../ask/index.ts';

/** Money of the present UTC day, as scripts read it from `status --json`. */
export interface MoneyToday {
  readonly day: string;
  /** When the store was read; null until it was. */
  readonly as_of: string | null;
  readonly fleet: AccountToday;
  /** The targets that were probed for money today, dearest first, those without a known price last. */
  readonly targets: readonly TargetToday[];
}

export interface AccountToday {
  /** Paid probes; null where the store was not read today. */
  readonly probes: number | null;
  readonly unpriced_probes: number | null;
  /** Null if unknown: not read today, or none of the probes has a price. */
  readonly spent_usd: number | null;
  readonly saved_usd: number | null;
  readonly saved_by: { readonly sharing: number; readonly alias: number; readonly cache: number } | null;
  readonly budget: BudgetPage;
}

export interface TargetToday extends AccountToday {
  readonly target: string;
  readonly model: string | null;
}

const NOTHING = { probes: 0, unpriced_probes: 0 } as const;
const COST_NOTHING = { ...NOTHING, spent_usd: 0, saved_usd: { by_sharing: 0, by_alias: 0, by_cache: 0 } } as const;
const COST_UNKNOWN = { ...NOTHING, spent_usd: null, saved_usd: null } as const;

/** Spend of today, from the page of all days; null if the page has no `money`. */
export function moneyToday({ money, now }: FleetPage): MoneyToday | null {
  if (money === undefined) return null;
  const day = dayOf(now);
  const { as_of: asOf } = money;
  // What was read before midnight says nothing of what came after it.
  const isOfToday = asOf !== null && dayOf(asOf) >= day;
  const isPriced = money.targets.some(({ worst_price_usd: price }) => price !== null);
  const none = isPriced ? COST_NOTHING : COST_UNKNOWN;
  const account = (days: readonly DayMoneyPage[], budget: BudgetPage): AccountToday =>
    accountOf(isOfToday ? (days.find((one) => one.day === day) ?? none) : undefined, budget);
  return {
    day,
    as_of: asOf,
    fleet: account(money.days, money.budget),
    targets: money.targets
      .map(({ target, model, days, budget }): TargetToday => ({ target, model, ...account(days, budget) }))
      .filter(({ probes }) => probes !== null && probes > 0)
      .toSorted((a, b) => (b.spent_usd ?? -1) - (a.spent_usd ?? -1) || (b.probes ?? 0) - (a.probes ?? 0)),
  };
}

function dayOf(at: string): string {
  return new Date(at).toISOString().slice(0, 10);
}

function accountOf(totals: Omit<DayMoneyPage, 'day'> | undefined, budget: BudgetPage): AccountToday {
  const saved = totals?.saved_usd ?? null;
  return {
    probes: totals?.probes ?? null,
    unpriced_probes: totals?.unpriced_probes ?? null,
    spent_usd: totals?.spent_usd ?? null,
    saved_usd: saved === null ? null : sumOf([saved.by_sharing, saved.by_alias, saved.by_cache]),
    saved_by: saved && { sharing: saved.by_sharing, alias: saved.by_alias, cache: saved.by_cache },
    budget,
  };
}

/** Without the crumbs of binary fractions: they were whole billionths, and so is their sum. */
function sumOf(dollars: readonly number[]): number {
  return Math.round(dollars.reduce((sum, one) => sum + one, 0) * 1e9) / 1e9;
}
