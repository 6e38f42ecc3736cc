import type { Clock, LimitUse, ObservationSink, Timer, TrafficReport } from '../../ports/index.ts';
import type { RequestCounts } from '../../telemetry/index.ts';
import type { WorkerBatch } from './messages.ts';

/** A batch comes at least this often: it shows that the worker runs. */
const IDLE_MS = 1_000;
/** Counters wait for this long to travel together. */
const GATHER_MS = 100;
/** Reports that wait while the primary process does not read. The oldest are dropped. */
export const MAX_REPORTS = 1_000;

/** What a worker sends to its primary process. */
export interface Outbox extends ObservationSink {
  /** Use of a deployment that has a limit. */
  used(deployment: string, use: LimitUse): void;
  /** A request began or ended. */
  touched(): void;
  /** The primary process has read the last batch. */
  read(): void;
  /** The primary process asks for a batch now. */
  sync(number: number): void;
  /** Sends the last batch. */
  close(): WorkerBatch;
}

export interface OutboxParts {
  readonly counts: Pick<RequestCounts, 'running' | 'take'>;
  readonly inFlight: () => number;
  readonly appliedShares: () => number;
  readonly resources: () => { readonly residentBytes: number; readonly cpuS: number };
  readonly clock: Clock;
  readonly send: (batch: WorkerBatch) => void;
}

/**
 * Gathers in memory and sends in batches: reports at once, as they decide where requests go, and counters ten times a second.
 * One batch is on its way at most. While the primary process does not read it, counters add up, newer use replaces older, and
 * reports wait in a bounded queue, so no request ever waits for it.
 */
export function createOutbox({ counts, inFlight, appliedShares, resources, clock, send }: OutboxParts): Outbox {
  let reports: TrafficReport[] = [];
  let uses = new Map<string, LimitUse>();
  let dropped = 0;
  let isBusy = false;
  let isUrgent = false;
  let isDirty = false;
  let timer: Timer | undefined;
  let dueMs = Number.POSITIVE_INFINITY;

  const take = (answers?: number): WorkerBatch => {
    const taken = counts.take();
    const batch: WorkerBatch = {
      kind: 'batch',
      reports,
      ...(taken !== undefined && { counts: taken }),
      uses: [...uses],
      appliedShares: appliedShares(),
      inFlight: inFlight(),
      running: counts.running(),
      dropped,
      ...resources(),
      ...(answers !== undefined && { answers }),
    };
    reports = [];
    uses = new Map();
    dropped = 0;
    isUrgent = false;
    isDirty = false;
    return batch;
  };
  const flush = (): void => {
    timer?.cancel();
    dueMs = Number.POSITIVE_INFINITY;
    if (isBusy) return;
    isBusy = true;
    send(take());
    within(IDLE_MS);
  };
  const within = (ms: number): void => {
    const atMs = clock.monotonicMs() + ms;
    if (atMs >= dueMs) return;
    timer?.cancel();
    dueMs = atMs;
    timer = clock.setTimer(ms, flush);
  };
  const touched = (): void => {
    if (isDirty) return;
    isDirty = true;
    within(GATHER_MS);
  };
  within(IDLE_MS);
  return {
    report: (report) => {
      if (reports.length >= MAX_REPORTS) {
        reports.shift();
        dropped += 1;
      }
      reports.push(report);
      if (isUrgent) return;
      isUrgent = true;
      within(0);
    },
    used: (deployment, { requests, tokens, inFlight: running, refused, refusedTokens }) => {
      uses.set(deployment, { requests, tokens, inFlight: running, refused, refusedTokens });
      touched();
    },
    touched,
    read: () => {
      isBusy = false;
      within(isUrgent ? 0 : isDirty ? GATHER_MS : IDLE_MS);
    },
    sync: (number) => send(take(number)),
    close: () => {
      timer?.cancel();
      return take();
    },
  };
}
