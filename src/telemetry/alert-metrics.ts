import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { AlertMetrics, AlertsReader } from '../ports/index.ts';
import { metricList } from './metric-list.ts';
import { metricOptions } from './metric-options.ts';

/** Counts alerts, and shows the open incidents of the reader at every scrape. */
export function createAlertMetrics(registry: Registry, reader: () => AlertsReader | undefined): AlertMetrics {
  const sent = new Counter(metricOptions(registry, metricList.alertsSent));
  const open: Gauge = new Gauge({
    ...metricOptions(registry, metricList.alertIncidents),
    collect: (): void => open.set(reader()?.alerts().incidents.length ?? 0),
  });
  return { alertSent: (receiver, result) => sent.inc({ receiver, result }) };
}
