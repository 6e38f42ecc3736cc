import type { ObservationBody, ObservationsTakenBody } from '../api/index.ts';
import { backoffMs, pause } from './backoff.ts';
import { FleetClientError } from './client-error.ts';
import { within } from './connection.ts';
import { Unavailable } from './pod.ts';
import type { Pod } from './pod.ts';
import type { RequestOutcome, ReportCounts } from './types.ts';

/** Sends outcomes in batches. */
export interface Reporting {
  /** False if the queue is full. */
  add(about: { readonly target: string } | { readonly deployment: string }, outcome: RequestOutcome): boolean;
  /** Counts an outcome that cannot be sent. */
  drop(): void;
  readonly counts: ReportCounts;
  /** Sends what is queued, within a time, and takes no more. */
  close(withinMs: number): Promise<void>;
}

/** Waits until so many are queued, or for so long. */
const BATCH = 100;
const FLUSH_MS = 1_000;
const MOST_QUEUED = 1_000;
const ANSWER_MS = 5_000;
/** A pod ignores older ones. */
const USEFUL_MS = 55_000;

interface Queued {
  readonly body: ObservationBody;
  readonly atMs: number;
}

/** Begins with an empty queue. */
export function createReporting(pod: Pod, reporter: string | undefined): Reporting {
  const end = new AbortController();
  const closing = new AbortController();
  let wake = new AbortController();
  let queue: Queued[] = [];
  let running: Promise<void> | undefined;
  let [accepted, unknown, ignored, dropped] = [0, 0, 0, 0];

  const send = async (batch: readonly Queued[]): Promise<void> => {
    const body = JSON.stringify({ reporter, observations: batch.map((one) => one.body) });
    const headers = { 'content-type': 'application/json' };
    const taken = (await within(ANSWER_MS, end.signal, async (signal) => {
      return await pod.json('/fleet/observations', { method: 'POST', headers, body, signal });
    })) as unknown as ObservationsTakenBody;
    accepted += taken.accepted;
    unknown += taken.unknown;
    ignored += taken.ignored;
  };

  /** Sends batches until the queue is empty. One request at a time, so that outcomes arrive in order. */
  const run = async (): Promise<void> => {
    for (let failures = 0; queue.length > 0;) {
      if (failures === 0 && queue.length < BATCH && !closing.signal.aborted) await pause(FLUSH_MS, wake.signal);
      wake = new AbortController();
      const oldestMs = Date.now() - USEFUL_MS;
      const useful = queue.filter(({ atMs }) => atMs >= oldestMs);
      dropped += queue.length - useful.length;
      const batch = useful.slice(0, BATCH);
      queue = useful.slice(BATCH);
      try {
        if (batch.length > 0) await send(batch);
        failures = 0;
      } catch (error) {
        // A pod that does not answer, or has too much to do, may take them later.
        const isLost = error instanceof FleetClientError || closing.signal.aborted || isRefused(error);
        const kept = isLost ? [] : batch.slice(0, MOST_QUEUED - queue.length);
        dropped += batch.length - kept.length;
        queue = [...kept, ...queue];
        failures++;
        if (!closing.signal.aborted) await pause(backoffMs(failures), closing.signal);
      }
    }
    running = undefined;
  };

  return {
    add: (about, outcome) => {
      if (closing.signal.aborted || queue.length >= MOST_QUEUED) {
        dropped++;
        return false;
      }
      queue.push({ body: bodyOf(about, outcome), atMs: Date.now() });
      running ??= run();
      if (queue.length >= BATCH) wake.abort();
      return true;
    },
    drop: () => void dropped++,
    get counts() {
      return { queued: queue.length, accepted, unknown, ignored, dropped };
    },
    close: async (withinMs) => {
      closing.abort();
      wake.abort();
      const timer = setTimeout(() => end.abort(), withinMs);
      await running;
      clearTimeout(timer);
    },
  };
}

/** A faulty batch stays faulty. */
function isRefused(error: unknown): boolean {
  return error instanceof Unavailable && (error.status === 400 || error.status === 413);
}

function bodyOf(
  about: { readonly target: string } | { readonly deployment: string },
  outcome: RequestOutcome,
): ObservationBody {
  const at = new Date().toISOString();
  const { durationMs: duration_ms } = outcome;
  if (outcome.ok) return { ...about, ok: true, first_token_ms: outcome.firstByteMs, duration_ms, at };
  const { class: failure, status, retryAfterMs: retry_after_ms } = outcome;
  return { ...about, ok: false, class: failure, status, retry_after_ms, duration_ms, at };
}
