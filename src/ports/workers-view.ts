import type { RunningAttempts } from './request-metrics.ts';

/** The worker processes of a pod, as their primary process sees them. */
export interface WorkersView {
  /** Those that accept connections. */
  readonly listening: number;
  /** Workers started in place of one that ended. */
  readonly restarts: number;
  /** Reports of requests that workers dropped because the primary process did not read them in time. */
  readonly droppedReports: number;
  /** Attempts in flight by deployment, once for each worker. */
  readonly attempts: readonly RunningAttempts[];
  /** As each worker said last. Empty until it did. */
  readonly processes: readonly WorkerResources[];
}

/** Work and resources of one worker process. */
export interface WorkerResources {
  /** From 1; a worker that replaces another one has its number. */
  readonly number: number;
  /** Requests that it forwarded to their end. */
  readonly requests: number;
  readonly residentBytes: number;
  /** Processor time since its start. */
  readonly cpuS: number;
}

/** Reads the state of the workers at a scrape. */
export interface WorkersReader {
  workers(): WorkersView;
}
