import { Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { GroupBudget } from '../ports/index.ts';
import { fleetMetricList } from './fleet-metric-list.ts';
import type { MeasuredConfig } from './measured-config.ts';
import { metricOptions } from './metric-options.ts';

/** Gauges of objectives and error budgets. */
export interface SloGauges {
  /** Sets every gauge. A group whose budget is not given, because the store cannot be read, has only its objective. */
  set(config: MeasuredConfig, budgets: readonly GroupBudget[]): void;
}

export function createSloGauges(registry: Registry): SloGauges {
  const gauges = {
    objective: new Gauge(metricOptions(registry, fleetMetricList.sloObjective)),
    availability: new Gauge(metricOptions(registry, fleetMetricList.sloAvailability)),
    known: new Gauge(metricOptions(registry, fleetMetricList.sloKnown)),
    left: new Gauge(metricOptions(registry, fleetMetricList.sloBudgetLeft)),
    burnRate: new Gauge(metricOptions(registry, fleetMetricList.sloBurnRate)),
  };
  return {
    set: ({ objectives = [] }, budgets) => {
      for (const gauge of Object.values(gauges)) gauge.reset();
      for (const { group, availability } of objectives) {
        gauges.objective.set({ group }, Math.round(availability * 1e6) / 1e8);
      }
      for (const { group, leftRatio, uptime, known, burnRates } of budgets) {
        gauges.known.set({ group }, known);
        if (uptime !== null) gauges.availability.set({ group }, uptime);
        if (leftRatio !== null) gauges.left.set({ group }, leftRatio);
        for (const [window, rate] of Object.entries(burnRates)) {
          if (rate !== null) gauges.burnRate.set({ group, window }, rate);
        }
      }
    },
  };
}
