import type { Clock, Timer } from '../ports/index.ts';

/** Time limits of equal length: one timer for all of them, since each call of an application has one. */
export interface TimeLimits {
  /** Calls `run` once when the time has passed. Returns what {@link TimeLimits.cancel} takes. */
  start(run: () => void): TimeLimit;
  cancel(limit: TimeLimit): void;
}

/** A running time limit. */
export interface TimeLimit {
  readonly atMs: number;
}

interface Running extends TimeLimit {
  readonly atMs: number;
  run: (() => void) | undefined;
  before: Running | undefined;
  after: Running | undefined;
}

/** Limits of `ms`. */
export function createTimeLimits(clock: Clock, ms: number): TimeLimits {
  // A list in the order of the ends. Not a Set: V8 keeps what was deleted from one until the next major garbage collection, and to copy
  // that for so long took more processor time than all the rest of a call.
  let first: Running | undefined;
  let last: Running | undefined;
  let timer: Timer | undefined;

  const cancel = (one: Running): void => {
    if (one.run === undefined) return;
    const { before, after } = one;
    if (before === undefined) first = after;
    else before.after = after;
    if (after === undefined) last = before;
    else after.before = before;
    one.run = one.before = one.after = undefined;
  };

  const wake = (): void => {
    timer = undefined;
    const nowMs = clock.monotonicMs();
    while (first !== undefined) {
      if (first.atMs > nowMs) {
        timer = clock.setTimer(first.atMs - nowMs, wake);
        return;
      }
      const { run } = first;
      cancel(first);
      run?.();
    }
  };

  return {
    start: (run) => {
      const one: Running = { atMs: clock.monotonicMs() + ms, run, before: last, after: undefined };
      if (last === undefined) first = one;
      else last.after = one;
      last = one;
      timer ??= clock.setTimer(ms, wake);
      return one;
    },
    cancel: (one) => cancel(one as Running),
  };
}
