import type { Clock } from '../ports/index.ts';

/** Longest delay of Node's timers; a longer one would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** This machine's clock. */
export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  setTimer: (delayMs, run) => {
    const timer = setTimeout(run, Math.min(delayMs, LONGEST_MS)).unref();
    return { cancel: () => clearTimeout(timer) };
  },
};

/** Microseconds since the epoch that never step back: the clock of a store in this process. */
export function steadyEpochUs(): number {
  return Math.floor((performance.timeOrigin + performance.now()) * 1000);
}
