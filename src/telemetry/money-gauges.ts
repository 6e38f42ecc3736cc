import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { StoreTime } from '../health/index.ts';
import { DAY_US, HOUR_US } from '../ports/index.ts';
import type { Budget, BudgetUse, DayTotals, FleetReader } from '../ports/index.ts';
import { fleetMetricList } from './fleet-metric-list.ts';
import type { MeasuredNames } from './measured-config.ts';
import { seesFleet } from './fleet-gauges.ts';
import { metricOptions } from './metric-options.ts';

/** Gauges of what the fleet spends on probes. */
export interface MoneyGauges {
  /** Sets every gauge from what this pod read last. What is not known is not there: a 0 would be a price. */
  set(fleet: FleetReader, names: MeasuredNames): void;
}

export function createMoneyGauges(registry: Registry): MoneyGauges {
  const ofFleet = createAccountGauges(registry, 'fleet');
  const ofTarget = createAccountGauges(registry, 'target');
  return {
    set: (fleet, names) => {
      for (const gauge of Object.values(ofTarget)) gauge.reset();
      const { saved, ...withoutLabels } = ofFleet;
      saved.reset();
      // Reset would set a gauge without labels to 0, and that would be a price.
      for (const gauge of Object.values(withoutLabels)) gauge.remove();
      const money = fleet.money();
      const { now } = fleet.status();
      const sees = seesFleet(fleet);
      const isOfToday = sees && money.asOf !== null && dayOf(money.asOf) >= dayOf(now);
      const setAll = (gauges: AccountGauges, account: Account, labels: Labels): void => {
        setBudget(gauges, sees ? account : { ...account, use: null }, labels, now);
        if (isOfToday && account.use !== null) setToday(gauges, account, labels, dayOf(now));
      };
      const isPriced = money.targets.some(({ worstNanoUsd }) => worstNanoUsd > 0);
      setAll(ofFleet, { ...money, price: isPriced ? 'known' : 'unknown' }, {});
      for (const account of money.targets) {
        const labels = { target: account.target, model: names.get(account.target) ?? '' };
        setAll(ofTarget, { ...account, price: account.worstNanoUsd > 0 ? 'known' : 'unknown' }, labels);
      }
    },
  };
}

interface Account {
  /** `known` if a price of the probes is configured or listed. */
  readonly price: 'known' | 'unknown';
  readonly budget: Budget;
  readonly use: BudgetUse | null;
  readonly days: readonly DayTotals[];
}

type Labels = Readonly<Partial<Record<'target' | 'model', string>>>;
type AccountGauges = ReturnType<typeof createAccountGauges>;

/** The fleet's gauges have no labels, a target's have its id and name. */
function createAccountGauges(registry: Registry, owner: 'fleet' | 'target') {
  return {
    limitProbes: new Gauge(metricOptions(registry, fleetMetricList[`${owner}BudgetProbes`])),
    limitUsd: new Gauge(metricOptions(registry, fleetMetricList[`${owner}BudgetUsd`])),
    usedProbes: new Gauge(metricOptions(registry, fleetMetricList[`${owner}BudgetUsedProbes`])),
    usedUsd: new Gauge(metricOptions(registry, fleetMetricList[`${owner}BudgetUsedUsd`])),
    spent: new Gauge(metricOptions(registry, fleetMetricList[`${owner}SpentToday`])),
    saved: new Gauge(metricOptions(registry, fleetMetricList[`${owner}SavedToday`])),
    unpriced: new Gauge(metricOptions(registry, fleetMetricList[`${owner}UnpricedToday`])),
  };
}

/** Counts of an earlier hour or day do not apply. */
function setBudget(gauges: AccountGauges, { budget, use }: Account, labels: Labels, now: StoreTime): void {
  const { probesPerHour, nanoUsdPerDay } = budget;
  if (probesPerHour !== undefined) gauges.limitProbes.set(labels, probesPerHour);
  if (nanoUsdPerDay !== undefined) gauges.limitUsd.set(labels, nanoUsdPerDay / 1e9);
  if (use === null) return;
  const isThisHour = use.hour >= Math.floor(now / HOUR_US);
  if (probesPerHour !== undefined && isThisHour) gauges.usedProbes.set(labels, use.probes);
  if (nanoUsdPerDay !== undefined && use.day >= dayOf(now)) gauges.usedUsd.set(labels, use.nanoUsd / 1e9);
}

function setToday(gauges: AccountGauges, { days, price }: Account, labels: Labels, today: number): void {
  const totals = days.find(({ day }) => day === today);
  gauges.unpriced.set(labels, totals?.unpriced ?? 0);
  if (totals === undefined ? price === 'unknown' : totals.probes === totals.unpriced) return;
  gauges.spent.set(labels, (totals?.spent ?? 0) / 1e9);
  gauges.saved.set({ ...labels, by: 'sharing' }, (totals?.savedBySharing ?? 0) / 1e9);
  gauges.saved.set({ ...labels, by: 'alias' }, (totals?.savedByAlias ?? 0) / 1e9);
  gauges.saved.set({ ...labels, by: 'cache' }, (totals?.savedByCache ?? 0) / 1e9);
}

function dayOf(at: StoreTime): number {
  return Math.floor(at / DAY_US);
}
