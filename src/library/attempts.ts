import { setTimeout as delay } from 'node:timers/promises';
import type { AttemptOutcome, RequestPlan, Step } from '../routing/index.ts';
import type { LibraryDeployment } from './deployments.ts';
import { noteAbort, noteTried, triedAttempt } from './tried.ts';
import type { TriedAttempt } from './tried.ts';

/** The end of one attempt: its value or its error, and what it says about the upstream. */
export type CallEnd<T> =
  | {
      readonly kind: 'answered';
      readonly value: T;
      /** What is known when the answer begins. */
      readonly outcome: AttemptOutcome;
      /** Present where the rest of the answer decides: calls `ended` once, when it has come or has broken off. */
      readonly later?: (ended: (outcome: AttemptOutcome) => void) => void;
    }
  | { readonly kind: 'threw'; readonly error: unknown; readonly outcome: AttemptOutcome };

/** Where and how long one attempt is made. */
export interface CallInput {
  readonly deployment: LibraryDeployment;
  /** Longest wait for the answer. */
  readonly timeoutMs: number;
}

/** What the attempts of one request need. */
export interface AttemptsInput<T> {
  readonly plan: RequestPlan;
  readonly deployments: ReadonlyMap<string, LibraryDeployment>;
  /** `once`: what is sent cannot be sent again. */
  readonly replay: 'once' | 'again';
  readonly signal: AbortSignal | undefined;
  /** Makes one attempt; never rejects. */
  attempt(input: CallInput): Promise<CallEnd<T>>;
  /** Lets go of an answer after which another attempt is made. */
  discard?(value: T): void;
  /** The error where no attempt could be made. */
  nothingToTry(why: string): Error;
}

/**
 * Makes the attempts of one request, until one answers or nothing is left to try. The last answer or error stands; what was
 * tried is noted with it.
 */
export async function makeAttempts<T>(input: AttemptsInput<T>): Promise<T> {
  const { plan, deployments, replay, signal } = input;
  let last: CallEnd<T> | undefined;
  const tried: TriedAttempt[] = [];
  for (;;) {
    const step: Step = last !== undefined && replay === 'once' ? NO_MORE : plan.next();
    if (step.kind === 'give-up') {
      if (last === undefined) throw noteTried(input.nothingToTry(step.why), tried);
      return settle(last, tried, signal);
    }
    // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
    if (step.waitMs > 0 && !(await waited(step.waitMs, signal))) {
      plan.ended({ kind: 'neutral', durationMs: 0 });
      throw noteAbort(signal?.reason as Error, tried);
    }
    if (last?.kind === 'answered') input.discard?.(last.value);
    const deployment = deployments.get(step.deployment.id);
    if (deployment === undefined) throw new Error(`deployment ${step.deployment.id} is not known`);
    // oxlint-disable-next-line no-await-in-loop
    last = await input.attempt({ deployment, timeoutMs: step.timeoutMs });
    if (last.kind === 'answered' && last.later !== undefined) last.later((outcome) => plan.ended(outcome));
    else plan.ended(last.outcome);
    tried.push(triedAttempt(deployment, step.why, last.outcome));
    if (last.outcome.kind === 'success' || signal?.aborted === true) return settle(last, tried, signal);
  }
}

const NO_MORE: Step = { kind: 'give-up', why: 'failed' };

function settle<T>(end: CallEnd<T>, tried: readonly TriedAttempt[], signal: AbortSignal | undefined): T {
  if (end.kind === 'threw') throw signal?.aborted === true ? noteAbort(end.error, tried) : noteTried(end.error, tried);
  return noteTried(end.value, tried);
}

/** False where the caller gave up meanwhile. The timer keeps the process running, because the caller waits for the answer. */
async function waited(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await delay(ms, undefined, signal && { signal });
    return true;
  } catch {
    return false;
  }
}
