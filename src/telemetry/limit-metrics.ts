import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { LimitReading, LimitsReader } from '../ports/index.ts';
import { fleetMetricList } from './fleet-metric-list.ts';
import type { MetricDefinition } from './metric-definition.ts';
import { metricOptions } from './metric-options.ts';
import { requestMetricList } from './request-metric-list.ts';

/** Where the metrics of limits are registered. */
export interface LimitRegistries {
  /** Of this pod's shares. */
  readonly pod: Registry;
  /** Of the limits, which are the same in every pod. */
  readonly fleet: Registry;
}

/** Registers the metrics of deployments' limits, which are read at each scrape. */
export function createLimitMetrics(
  { pod: registry, fleet }: LimitRegistries,
  reader: () => LimitsReader | undefined,
): void {
  gaugeOf(fleet, fleetMetricList.deploymentLimit, reader, ({ limit }) => limit);
  gaugeOf(registry, requestMetricList.deploymentLimitShare, reader, ({ share }) => share);
  const refused: Counter = new Counter({
    ...metricOptions(registry, requestMetricList.deploymentLimitRefusals),
    collect: () => {
      refused.reset();
      for (const [deployment, count] of reader()?.refusals() ?? []) refused.inc({ deployment }, count);
    },
  });
}

function gaugeOf(
  registry: Registry,
  definition: MetricDefinition,
  reader: () => LimitsReader | undefined,
  valueOf: (reading: LimitReading) => number,
): void {
  const gauge: Gauge = new Gauge({
    ...metricOptions(registry, definition),
    collect: () => {
      gauge.reset();
      for (const reading of reader()?.limits() ?? []) {
        gauge.set({ deployment: reading.deployment, kind: reading.kind }, valueOf(reading));
      }
    },
  });
}
