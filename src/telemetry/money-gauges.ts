import type { Gauge } from 'prom-client';
import type { StoreTime, TargetId } from '../health/index.ts';
import { DAY_US, HOUR_US } from '../ports/index.ts';
import type { Budget, BudgetUse, DayTotals, FleetReader } from '../ports/index.ts';

/** The gauges that show what the fleet spends on probes. */
export interface MoneyGauges {
  readonly budgetProbes: Gauge;
  readonly budgetUsd: Gauge;
  readonly budgetUsedProbes: Gauge;
  readonly budgetUsedUsd: Gauge;
  readonly spentToday: Gauge;
  readonly savedToday: Gauge;
  readonly unpricedToday: Gauge;
  readonly targetShallow: Gauge;
}

interface Account {
  /** `known` if a price of the probes is configured or listed. */
  readonly price: 'known' | 'unknown';
  readonly budget: Budget;
  readonly use: BudgetUse | null;
  readonly days: readonly DayTotals[];
}

/** Sets every gauge from what this pod read last. What is not known is not there: a 0 would be a price. */
export function setMoneyGauges(gauges: MoneyGauges, fleet: FleetReader, names: ReadonlyMap<TargetId, string>): void {
  for (const gauge of Object.values(gauges) as Gauge[]) gauge.reset();
  const money = fleet.money();
  const { now } = fleet.status();
  const isOfToday = money.asOf !== null && dayOf(money.asOf) >= dayOf(now);
  const setAll = (account: Account, labels: Labels): void => {
    setBudget(gauges, account, labels, now);
    if (isOfToday && account.use !== null) setToday(gauges, account, labels, dayOf(now));
  };
  const isPriced = money.targets.some(({ worstNanoUsd }) => worstNanoUsd > 0);
  setAll({ ...money, price: isPriced ? 'known' : 'unknown' }, { target: '', model: '' });
  for (const account of money.targets) {
    const labels = { target: account.target, model: names.get(account.target) ?? '' };
    setAll({ ...account, price: account.worstNanoUsd > 0 ? 'known' : 'unknown' }, labels);
    const shallow = fleet.target(account.target)?.facts?.last.overBudget !== undefined;
    gauges.targetShallow.set(labels, shallow ? 1 : 0);
  }
}

type Labels = Readonly<Record<'target' | 'model', string>>;

/** Counts of an earlier hour or day do not apply. */
function setBudget(gauges: MoneyGauges, { budget, use }: Account, labels: Labels, now: StoreTime): void {
  const { probesPerHour, nanoUsdPerDay } = budget;
  if (probesPerHour !== undefined) gauges.budgetProbes.set(labels, probesPerHour);
  if (nanoUsdPerDay !== undefined) gauges.budgetUsd.set(labels, nanoUsdPerDay / 1e9);
  if (use === null) return;
  const isThisHour = use.hour >= Math.floor(now / HOUR_US);
  if (probesPerHour !== undefined && isThisHour) gauges.budgetUsedProbes.set(labels, use.probes);
  if (nanoUsdPerDay !== undefined && use.day >= dayOf(now)) gauges.budgetUsedUsd.set(labels, use.nanoUsd / 1e9);
}

function setToday(gauges: MoneyGauges, { days, price }: Account, labels: Labels, today: number): void {
  const totals = days.find(({ day }) => day === today);
  gauges.unpricedToday.set(labels, totals?.unpriced ?? 0);
  if (totals === undefined ? price === 'unknown' : totals.probes === totals.unpriced) return;
  gauges.spentToday.set(labels, (totals?.spent ?? 0) / 1e9);
  gauges.savedToday.set({ ...labels, by: 'sharing' }, (totals?.savedBySharing ?? 0) / 1e9);
  gauges.savedToday.set({ ...labels, by: 'alias' }, (totals?.savedByAlias ?? 0) / 1e9);
  gauges.savedToday.set({ ...labels, by: 'cache' }, (totals?.savedByCache ?? 0) / 1e9);
}

function dayOf(at: StoreTime): number {
  return Math.floor(at / DAY_US);
}
