import type { Budget, BudgetUse, DayTally, MoneyView } from '../ports/index.ts';
import { DAY_US, HOUR_US } from '../ports/index.ts';
import { isoOf, isoOrNull } from './times.ts';

/** What probes cost and did not cost, in dollars. What nobody knows is null, and never 0. */
export function moneyPage(view: MoneyView, names: ReadonlyMap<string, string>): Readonly<Record<string, unknown>> {
  return {
    as_of: isoOrNull(view.asOf),
    budget: budgetOf(view.budget, view.use),
    days: view.days.map((day) => dayOf(day)),
    targets: view.targets.map(({ target, worstNanoUsd, budget, use, days }) => ({
      target,
      model: names.get(target) ?? null,
      worst_price_usd: worstNanoUsd === 0 ? null : dollars(worstNanoUsd),
      budget: budgetOf(budget, use),
      days: days.map((day) => dayOf(day)),
    })),
  };
}

function budgetOf({ probesPerHour, nanoUsdPerDay }: Budget, use: BudgetUse | null): unknown {
  return {
    probes_per_hour: probesPerHour ?? null,
    usd_per_day: nanoUsdPerDay === undefined ? null : dollars(nanoUsdPerDay),
    probes_this_hour: use?.probes ?? null,
    usd_today: use === null ? null : dollars(use.nanoUsd),
    hour_ends_at: use === null ? null : isoOf((use.hour + 1) * HOUR_US),
    day_ends_at: use === null ? null : isoOf((use.day + 1) * DAY_US),
  };
}

function dayOf({ day, probes, unpriced, spent, savedBySharing, savedByAlias, savedByCache }: DayTally): unknown {
  const priced = probes > unpriced;
  return {
    day: new Date((day * DAY_US) / 1000).toISOString().slice(0, 10),
    probes,
    unpriced_probes: unpriced,
    spent_usd: priced ? dollars(spent) : null,
    saved_usd: priced
      ? { by_sharing: dollars(savedBySharing), by_alias: dollars(savedByAlias), by_cache: dollars(savedByCache) }
      : null,
  };
}

function dollars(nanoUsd: number): number {
  return nanoUsd / 1e9;
}
