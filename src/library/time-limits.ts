import type { Clock, Timer } from '../ports/index.ts';

/** Time limits of equal length: one timer for all of them, since each call of an application has one. */
export interface TimeLimits {
  /** Calls `run` once when the time has passed. Returns what {@link TimeLimits.cancel} takes. */
  start(run: () => void): TimeLimit;
  cancel(deadline: TimeLimit): void;
}

/** A running time limit. */
export interface TimeLimit {
  readonly atMs: number;
  run: (() => void) | undefined;
}

/** Limits of `ms`; at most a tenth of it late. */
export function createTimeLimits(clock: Clock, ms: number): TimeLimits {
  // In the order of their ends. Cancelled ones stay until their time, without what they would have run.
  let queue: TimeLimit[] = [];
  let first = 0;
  let timer: Timer | undefined;

  const wake = (): void => {
    timer = undefined;
    const nowMs = clock.monotonicMs();
    for (; first < queue.length; first += 1) {
      const one = queue[first] as TimeLimit;
      if (one.run !== undefined && one.atMs > nowMs) break;
      one.run?.();
      one.run = undefined;
    }
    if (first > 1_000 || first === queue.length) {
      queue = queue.slice(first);
      first = 0;
    }
    const next = queue[first];
    if (next !== undefined) timer = clock.setTimer(Math.max(ms / 10, next.atMs - nowMs), wake);
  };

  return {
    start: (run) => {
      const one = { atMs: clock.monotonicMs() + ms, run };
      queue.push(one);
      timer ??= clock.setTimer(ms, wake);
      return one;
    },
    cancel: (one) => {
      one.run = undefined;
    },
  };
}
