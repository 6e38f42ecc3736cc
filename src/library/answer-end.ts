import type { AttemptOutcome } from '../routing/index.ts';
import type { LibraryCore } from './core.ts';

/**
 * How an answer ended after its beginning: read whole, not read further by the caller, cut by the connection, or with an error that the
 * upstream sent.
 */
export type AnswerEnd = 'whole' | 'left' | 'broken' | 'failed';

/** An attempt whose answer has begun. */
export interface BegunAnswer {
  /** Key of its upstream. */
  readonly key: string;
  /** Name of its upstream. */
  readonly id: string;
  /** By the monotonic clock. */
  readonly startedMs: number;
  readonly firstByteMs: number;
  readonly signal: AbortSignal | undefined;
}

type Parts = Pick<LibraryCore, 'router' | 'clock' | 'runningLimits' | 'givenUp'>;

/**
 * Ends an attempt when its answer does. One that is still open after some time counts as a success; if it breaks off later, that counts as
 * a failure as well. `watch` calls its function at each end that it sees, at least once if the answer is read.
 */
export function endWithAnswer(
  { router, clock, runningLimits, givenUp }: Parts,
  { key, id, startedMs, firstByteMs, signal }: BegunAnswer,
  watch: (onEnd: (end: AnswerEnd) => void) => void,
): (ended: (outcome: AttemptOutcome) => void) => void {
  return (ended) => {
    let isOver = false;
    const over = (last: AttemptOutcome): void => {
      isOver = true;
      runningLimits.cancel(limit);
      if (last.kind !== 'neutral') givenUp.answered(key);
      ended(last);
    };
    // Dated by the start of the request: what it shows is as old as that.
    const limit = runningLimits.start(() => {
      over({ kind: 'success', firstByteMs, durationMs: clock.monotonicMs() - startedMs });
    });
    watch((end) => {
      const durationMs = clock.monotonicMs() - startedMs;
      // Given up before its end, by the caller's time limit perhaps: an upstream may hang after the head of its answer.
      const isGivenUp = end !== 'whole' && signal?.aborted === true;
      if (isGivenUp) givenUp.aborted(key, id, durationMs);
      if (isGivenUp && !isOver) return over({ kind: 'neutral', durationMs });
      const failure = failureOf(end, durationMs);
      if (!isOver) over(failure ?? { kind: 'success', firstByteMs, durationMs });
      else if (failure !== undefined) router.report(key, failure);
    });
  };
}

function failureOf(end: AnswerEnd, durationMs: number): AttemptOutcome | undefined {
  if (end === 'whole' || end === 'left') return undefined;
  return { kind: 'failure', class: end === 'broken' ? 'network' : 'server', phase: 'after-first-byte', durationMs };
}
