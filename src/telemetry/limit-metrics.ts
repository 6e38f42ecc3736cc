import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { LimitsReader } from '../ports/index.ts';
import { metricOptions } from './metric-options.ts';
import { requestMetricList } from './request-metric-list.ts';

/** Registers the metrics of deployments' limits, which are read at each scrape. */
export function createLimitMetrics(registry: Registry, reader: () => LimitsReader | undefined): void {
  const limit = new Gauge(metricOptions(registry, requestMetricList.deploymentLimit));
  const share: Gauge = new Gauge({
    ...metricOptions(registry, requestMetricList.deploymentLimitShare),
    collect: () => {
      limit.reset();
      share.reset();
      for (const { deployment, kind, limit: whole, share: part } of reader()?.limits() ?? []) {
        limit.set({ deployment, kind }, whole);
        share.set({ deployment, kind }, part);
      }
    },
  });
  const refused: Counter = new Counter({
    ...metricOptions(registry, requestMetricList.deploymentLimitRefusals),
    collect: () => {
      refused.reset();
      for (const [deployment, count] of reader()?.refusals() ?? []) refused.inc({ deployment }, count);
    },
  });
}
