import type { Failure, TargetId } from '../health/index.ts';
import type { Clock, Prober, ProbeResult, Timer, TrialReadiness } from '../ports/index.ts';
import type { AttemptOutcome } from './types.ts';

/** Requests that stand in for probes, where allswell sends none of its own. */
export interface Trials extends TrialReadiness, TrialSource {
  /** Its probe is the next request of a user: it waits for one, and resolves with what the request showed. */
  readonly prober: Prober;
}

/** What routing asks before the first attempt of a request. */
export interface TrialSource {
  /** A request came that could go to the target, now by the monotonic clock. Called for each request: no allocation. */
  wanted(target: TargetId, nowMs: number): void;
  /** The probe that waits for a request to the target, now taken by this one; undefined for none. */
  take(target: TargetId): Trial | undefined;
}

/** One request as a probe. */
export interface Trial {
  /** What the attempt showed. Call it exactly once. */
  ended(outcome: AttemptOutcome): void;
}

export interface TrialsOptions {
  readonly clock: Clock;
  /**
   * True if no process has tested the target for several intervals. Until then only processes with frequent requests are ready: one
   * with few would hold the lease for long.
   */
  readonly isOverdue: (target: TargetId) => boolean;
}

/** A process with a request within this time is likely to get another one as soon. */
const FREQUENT_MS = 2_000;
/** Longest wait of a probe for a request: of a process with frequent requests, and of one with few. */
const WAIT_MS = 10_000;
const SPARSE_WAIT_MS = 300_000;
/** A request that has not ended after this time proves nothing any more. */
const MOST_MS = 600_000;

interface Waiting {
  readonly resolve: (result: ProbeResult) => void;
  readonly timer: Timer;
}

/** Trials of one process. */
export function createTrials({ clock, isOverdue }: TrialsOptions): Trials {
  const lastRequestMs = new Map<TargetId, number>();
  const waiting = new Map<TargetId, Waiting>();

  const take = (target: TargetId): Waiting | undefined => {
    const one = waiting.get(target);
    if (one === undefined) return undefined;
    waiting.delete(target);
    one.timer.cancel();
    return one;
  };

  const quietMs = (target: TargetId): number => clock.monotonicMs() - (lastRequestMs.get(target) ?? -Infinity);

  return {
    isReady: (target) => {
      const ms = quietMs(target);
      return ms < FREQUENT_MS || (ms < SPARSE_WAIT_MS && isOverdue(target));
    },
    wanted: (target, nowMs) => void lastRequestMs.set(target, nowMs),
    take: (target) => {
      const one = take(target);
      if (one === undefined) return undefined;
      const lost = clock.setTimer(MOST_MS, () => one.resolve({ ...UNPROVEN, latencyMs: MOST_MS }));
      return {
        ended: (outcome) => {
          lost.cancel();
          one.resolve(resultOf(outcome));
        },
      };
    },
    prober: {
      probe: (target, _level, signal) =>
        new Promise((resolve) => {
          const startedMs = clock.monotonicMs();
          const waitMs = quietMs(target) < FREQUENT_MS ? WAIT_MS : SPARSE_WAIT_MS;
          const unused = (): void => {
            take(target);
            signal.removeEventListener('abort', unused);
            resolve({ ...NO_REQUEST, latencyMs: clock.monotonicMs() - startedMs });
          };
          if (signal.aborted) return unused();
          signal.addEventListener('abort', unused);
          waiting.set(target, {
            timer: clock.setTimer(waitMs, unused),
            resolve: (result) => {
              signal.removeEventListener('abort', unused);
              resolve(result);
            },
          });
        }),
    },
  };
}

const NO_REQUEST = {
  outcome: { kind: 'no-evidence', why: 'no request came that could test it' },
  level: 'inference',
  sent: 'nothing',
} as const;

const UNPROVEN = {
  outcome: { kind: 'no-evidence', why: 'the request that tested it proved nothing' },
  level: 'inference',
} as const;

function resultOf(outcome: AttemptOutcome): ProbeResult {
  const { durationMs } = outcome;
  switch (outcome.kind) {
    case 'success':
      return { outcome: { kind: 'ok' }, level: 'inference', latencyMs: outcome.firstByteMs };
    case 'failure':
      if (outcome.evidence === 'none') return { ...UNPROVEN, latencyMs: durationMs };
      return { outcome: { kind: 'failed', failure: failureOf(outcome) }, level: 'inference', latencyMs: durationMs };
    case 'caller-fault':
    case 'unsent':
    case 'neutral':
      return { ...UNPROVEN, latencyMs: durationMs };
  }
}

/** The message is fixed text: nothing that an upstream sent leaves this process this way. */
function failureOf({ class: failed, status, retryAfterMs }: Extract<AttemptOutcome, { kind: 'failure' }>): Failure {
  return {
    class: failed,
    message: 'a request failed',
    ...(status !== undefined && { status }),
    ...(failed === 'overloaded' && retryAfterMs !== undefined && { retryAfterMs: Math.min(600_000, retryAfterMs) }),
  };
}
