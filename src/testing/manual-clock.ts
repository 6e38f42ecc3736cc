import type { Clock, Timer } from '../ports/index.ts';

/** A clock that moves only by its methods. */
export interface ManualClock extends Clock {
  /** Moves on by `ms`, running every timer that falls due on the way, in order, each at its own time. */
  advance(ms: number): void;
  /** Lets wall time jump, as an NTP step does; monotonic time and timers do not notice. */
  stepWall(ms: number): void;
  /** Number of timers still pending. */
  pending(): number;
}

/**
 * Time for unit tests.
 *
 * @example
 * const clock = manualClock();
 * clock.setTimer(100, () => rang.push(clock.monotonicMs()));
 * clock.advance(250); // rang is [100], the clock shows 250
 */
export function manualClock(start: { readonly wallMs?: number } = {}): ManualClock {
  let nowMs = 0;
  let wallOffsetMs = start.wallMs ?? 1_800_000_000_000;
  let lastOrder = 0;
  const timers = new Set<PendingTimer>();

  return {
    monotonicMs: () => nowMs,
    wallMs: () => wallOffsetMs + nowMs,
    setTimer(delayMs, run): Timer {
      const timer: PendingTimer = { atMs: nowMs + Math.max(0, delayMs), order: ++lastOrder, run };
      timers.add(timer);
      return { cancel: () => void timers.delete(timer) };
    },
    advance(ms) {
      const endMs = nowMs + ms;
      for (let timer = firstDue(timers, endMs); timer !== undefined; timer = firstDue(timers, endMs)) {
        timers.delete(timer);
        nowMs = timer.atMs;
        timer.run();
      }
      nowMs = endMs;
    },
    stepWall(ms) {
      wallOffsetMs += ms;
    },
    pending: () => timers.size,
  };
}

interface PendingTimer {
  readonly atMs: number;
  /** Timers of one instant run in the order they were set. */
  readonly order: number;
  readonly run: () => void;
}

function firstDue(timers: ReadonlySet<PendingTimer>, endMs: number): PendingTimer | undefined {
  let first: PendingTimer | undefined;
  for (const timer of timers) {
    if (timer.atMs <= endMs && (first === undefined || isBefore(timer, first))) first = timer;
  }
  return first;
}

function isBefore(one: PendingTimer, other: PendingTimer): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}
