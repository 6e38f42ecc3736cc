import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';
import type { FailureClass, ObservationSource } from '../health/index.ts';
import type { ObservationMetrics, TrafficMetrics, TrafficSavings } from '../ports/index.ts';
import { metricList } from './metric-list.ts';
import { metricOptions } from './metric-options.ts';

/** Results of one source and class. */
export interface Observed {
  readonly source: ObservationSource;
  readonly class: FailureClass | 'success' | 'neutral';
  readonly count: number;
}

/** Counts evidence from real traffic, for metrics and for `/fleet`. */
export interface TrafficCounters extends TrafficMetrics, ObservationMetrics {
  observations(): readonly Observed[];
  /** Sets what traffic replaced to what the coordinator has counted. */
  setSavings(savings: TrafficSavings): void;
}

/** Counters of evidence from real traffic. */
export function createTrafficCounters(registry: Registry): TrafficCounters {
  const observations = new Counter(metricOptions(registry, metricList.observations));
  const events = new Counter(metricOptions(registry, metricList.litellmEvents));
  const received = new Counter(metricOptions(registry, metricList.reportedObservations));
  const reports = new Counter(metricOptions(registry, metricList.trafficReports));
  const savings = {
    probes: new Counter(metricOptions(registry, metricList.trafficProbesAvoided)),
    usd: new Counter(metricOptions(registry, metricList.trafficUsdAvoided)),
    unpriced: new Counter(metricOptions(registry, metricList.trafficUnpricedAvoided)),
  };
  const observed = new Map<string, Observed>();
  return {
    observed: (source, found) => {
      observations.inc({ source, class: found });
      const name = `${source} ${found}`;
      observed.set(name, { source, class: found, count: (observed.get(name)?.count ?? 0) + 1 });
    },
    setSavings: ({ probes, usd, unpriced }) => {
      for (const counter of Object.values(savings)) counter.reset();
      savings.probes.inc(probes);
      savings.usd.inc(usd);
      savings.unpriced.inc(unpriced);
    },
    observations: () => [...observed.values()],
    events: (batch) => {
      for (const [result, count] of Object.entries(batch)) events.inc({ result }, count);
    },
    received: (batch) => {
      for (const [result, count] of Object.entries(batch)) received.inc({ result }, count);
    },
    reported: (verdict) => reports.inc({ verdict }),
  };
}
