import { Counter, Gauge } from 'prom-client';
import type { Registry } from 'prom-client';
import type { WorkersReader } from '../ports/index.ts';
import { metricOptions } from './metric-options.ts';
import { workerMetricList } from './worker-metric-list.ts';

/** What a pod with worker processes exports; nothing where it is one process. */
export interface WorkerMetrics {
  /** Sets every metric to what the primary process knows. */
  set(reader: WorkersReader): void;
}

/** Registers the metrics with the first values, so a pod of one process has none of them. */
export function createWorkerMetrics(registry: Registry): WorkerMetrics {
  let metrics: Registered | undefined;
  return {
    set: (reader) => {
      const { listening, restarts, droppedReports, processes } = reader.workers();
      metrics ??= register(registry);
      const { listening: gauge, restarts: restarted, dropped, forwarded, resident, cpu } = metrics;
      for (const metric of [gauge, restarted, dropped, forwarded, resident, cpu]) metric.reset();
      gauge.set(listening);
      restarted.inc(restarts);
      dropped.inc(droppedReports);
      for (const { number, requests, residentBytes, cpuS } of processes) {
        forwarded.inc({ worker: String(number) }, requests);
        resident.set({ worker: String(number) }, residentBytes);
        cpu.inc({ worker: String(number) }, cpuS);
      }
    },
  };
}

interface Registered {
  readonly listening: Gauge;
  readonly restarts: Counter;
  readonly dropped: Counter;
  readonly forwarded: Counter;
  readonly resident: Gauge;
  readonly cpu: Counter;
}

function register(registry: Registry): Registered {
  return {
    listening: new Gauge(metricOptions(registry, workerMetricList.workers)),
    restarts: new Counter(metricOptions(registry, workerMetricList.workerRestarts)),
    dropped: new Counter(metricOptions(registry, workerMetricList.workerReportsDropped)),
    forwarded: new Counter(metricOptions(registry, workerMetricList.workerRequests)),
    resident: new Gauge(metricOptions(registry, workerMetricList.workerResident)),
    cpu: new Counter(metricOptions(registry, workerMetricList.workerCpu)),
  };
}
