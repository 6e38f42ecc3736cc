import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import type { TrafficMetrics } from '../ports/index.ts';
import { metricList } from './metric-list.ts';
import { metricOptions } from './metric-options.ts';

/** Counters of evidence from real traffic. */
export function createTrafficCounters(registry: Registry): TrafficMetrics {
  const observations = new Counter(metricOptions(registry, metricList.observations));
  const events = new Counter(metricOptions(registry, metricList.litellmEvents));
  const reports = new Counter(metricOptions(registry, metricList.trafficReports));
  return {
    observed: (source, found) => observations.inc({ source, class: found }),
    events: (batch) => {
      for (const [result, count] of Object.entries(batch)) events.inc({ result }, count);
    },
    reported: (verdict) => reports.inc({ verdict }),
  };
}
