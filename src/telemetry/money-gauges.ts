import type { Gauge } from 'prom-client';
import type { TargetId } from '../health/index.ts';
import { DAY_US } from '../ports/index.ts';
import type { Budget, BudgetUse, DayTally, FleetReader } from '../ports/index.ts';

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
  readonly budget: Budget;
  readonly use: BudgetUse | null;
  readonly days: readonly DayTally[];
}

/** Sets every gauge from what this pod read last. What is not known is not there: a 0 would be a price. */
export function setMoneyGauges(gauges: MoneyGauges, fleet: FleetReader, names: ReadonlyMap<TargetId, string>): void {
  for (const gauge of Object.values(gauges) as Gauge[]) gauge.reset();
  const money = fleet.money();
  const today = Math.floor(fleet.status().now / DAY_US);
  setAccount(gauges, money, { target: '', model: '' }, today);
  for (const account of money.targets) {
    const labels = { target: account.target, model: names.get(account.target) ?? '' };
    setAccount(gauges, account, labels, today);
    const shallow = fleet.target(account.target)?.facts?.lastProbe.overBudget !== undefined;
    gauges.targetShallow.set(labels, shallow ? 1 : 0);
  }
}

function setAccount(
  gauges: MoneyGauges,
  { budget, use, days }: Account,
  labels: { readonly target: string; readonly model: string },
  today: number,
): void {
  if (budget.probesPerHour !== undefined) gauges.budgetProbes.set(labels, budget.probesPerHour);
  if (budget.nanoUsdPerDay !== undefined) gauges.budgetUsd.set(labels, budget.nanoUsdPerDay / 1e9);
  if (use === null) return;
  if (budget.probesPerHour !== undefined) gauges.budgetUsedProbes.set(labels, use.probes);
  if (budget.nanoUsdPerDay !== undefined) gauges.budgetUsedUsd.set(labels, use.nanoUsd / 1e9);
  const tally = days.find(({ day }) => day === today);
  gauges.unpricedToday.set(labels, tally?.unpriced ?? 0);
  if (tally !== undefined && tally.probes === tally.unpriced) return;
  gauges.spentToday.set(labels, (tally?.spent ?? 0) / 1e9);
  gauges.savedToday.set({ ...labels, by: 'sharing' }, (tally?.savedBySharing ?? 0) / 1e9);
  gauges.savedToday.set({ ...labels, by: 'alias' }, (tally?.savedByAlias ?? 0) / 1e9);
  gauges.savedToday.set({ ...labels, by: 'cache' }, (tally?.savedByCache ?? 0) / 1e9);
}
