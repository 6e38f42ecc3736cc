import type { MetricDefinition } from './metric-definition.ts';

type WorkerMetricKey =
  | 'workers'
  | 'workerRestarts'
  | 'workerReportsDropped'
  | 'workerRequests'
  | 'workerResident'
  | 'workerCpu';

/** Metrics of the worker processes of a pod. */
export const workerMetricList: Readonly<Record<WorkerMetricKey, MetricDefinition>> = {
  workers: {
    name: 'allswell_workers',
    type: 'gauge',
    help: 'Worker processes that accept connections; absent in a pod of one process',
    labels: [],
  },
  workerRestarts: {
    name: 'allswell_worker_restarts_total',
    type: 'counter',
    help: 'Worker processes started in place of one that ended unexpectedly',
    labels: [],
  },
  workerReportsDropped: {
    name: 'allswell_worker_reports_dropped_total',
    type: 'counter',
    help: "Reports of requests' results that workers dropped because the primary process did not read them in time",
    labels: [],
  },
  workerRequests: {
    name: 'allswell_worker_requests_total',
    type: 'counter',
    help: 'Requests that a worker process forwarded to their end since its start: shows how connections spread',
    labels: ['worker'],
  },
  workerResident: {
    name: 'allswell_worker_resident_memory_bytes',
    type: 'gauge',
    help: 'Resident memory of a worker process; process_resident_memory_bytes is that of the primary process',
    labels: ['worker'],
  },
  workerCpu: {
    name: 'allswell_worker_cpu_seconds_total',
    type: 'counter',
    help: 'Processor time of a worker process since its start; process_cpu_seconds_total is that of the primary process',
    labels: ['worker'],
  },
};
