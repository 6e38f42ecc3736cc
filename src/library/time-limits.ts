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
  readonly run: () => void;
}

/** Limits of `ms`. */
export function createTimeLimits(clock: Clock, ms: number): TimeLimits {
  // In the order of their ends. A cancelled one leaves at once, so that the garbage collector takes it while it is young.
  const running = new Set<TimeLimit>();
  let timer: Timer | undefined;

  const wake = (): void => {
    timer = undefined;
    const nowMs = clock.monotonicMs();
    for (const one of running) {
      if (one.atMs > nowMs) {
        timer = clock.setTimer(one.atMs - nowMs, wake);
        return;
      }
      running.delete(one);
      one.run();
    }
  };

  return {
    start: (run) => {
      const one = { atMs: clock.monotonicMs() + ms, run };
      running.add(one);
      timer ??= clock.setTimer(ms, wake);
      return one;
    },
    cancel: (one) => void running.delete(one),
  };
}
