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
  const held: Gauge = new Gauge({
    ...metricOptions(registry, metricList.alertsHeldBack),
    collect: (): void => held.set(reader()?.alerts().heldBack.length ?? 0),
  });
  const failing: Gauge<'receiver'> = new Gauge({
    ...metricOptions(registry, metricList.alertReceiverFailing),
    collect: (): void => {
      failing.reset();
      for (const one of reader()?.alerts().receivers ?? []) {
        failing.set({ receiver: one.name }, one.failing ? 1 : 0);
      }
    },
  });
  return { alertSent: (receiver, result) => sent.inc({ receiver, result }) };
}
