import type { BudgetBody, DayMoneyBody, MoneyBody } from '../../api/index.ts';
import type { StoreTime } from '../../health/index.ts';
import type { Budget, BudgetUse, DayTotals, MoneyView } from '../../ports/index.ts';
import { DAY_US, HOUR_US } from '../../ports/index.ts';
import { isoOf, isoOrNull } from '../times.ts';

/** Spend and savings in dollars; null if unknown. */
export function moneyBody(view: MoneyView, now: StoreTime, names: ReadonlyMap<string, string>): MoneyBody {
  return {
    as_of: isoOrNull(view.asOf),
    lost_at: isoOrNull(view.lostAt),
    budget: budgetOf(view, now),
    days: view.days.map((day) => dayOf(day)),
    targets: view.targets.map(({ target, worstNanoUsd, budget, use, days }) => ({
      target,
      model: names.get(target) ?? null,
      worst_price_usd: worstNanoUsd === 0 ? null : dollars(worstNanoUsd),
      budget: budgetOf({ budget, use }, now),
      days: days.map((day) => dayOf(day)),
    })),
  };
}

interface Account {
  readonly budget: Budget;
  readonly use: BudgetUse | null;
}

/** Counts of an earlier hour or day do not apply. */
function budgetOf({ budget: { probesPerHour, nanoUsdPerDay }, use }: Account, now: StoreTime): BudgetBody {
  const [hour, day] = [Math.floor(now / HOUR_US), Math.floor(now / DAY_US)];
  return {
    probes_per_hour: probesPerHour ?? null,
    usd_per_day: nanoUsdPerDay === undefined ? null : dollars(nanoUsdPerDay),
    probes_this_hour: use === null || use.hour < hour ? null : use.probes,
    usd_today: use === null || use.day < day ? null : dollars(use.nanoUsd),
    hour_ends_at: use === null ? null : isoOf((Math.max(use.hour, hour) + 1) * HOUR_US),
    day_ends_at: use === null ? null : isoOf((Math.max(use.day, day) + 1) * DAY_US),
  };
}

function dayOf({ day, probes, unpriced, spent, savedBySharing, savedByAlias, savedByCache }: DayTotals): DayMoneyBody {
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
