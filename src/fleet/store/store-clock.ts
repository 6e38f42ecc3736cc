import type { StoreTime } from '../../health/index.ts';
import type { Clock } from '../../ports/index.ts';

/** Two machines' clocks drift apart by less than this: 200 parts per million, generous for quartz. */
const DRIFT_US_PER_MS = 0.2;

/** A time further ahead of the store's clock than this is from before that clock was set back. */
const STEPPED_BACK_US = 1_000_000;

/** True if a time is from before the clock was set back; `latest` is the latest that the clock can be now. */
export function isAhead(at: StoreTime, latest: StoreTime): boolean {
  return at > latest + STEPPED_BACK_US;
}

/** Estimate of the store's clock, from this pod's monotonic clock. */
export interface StoreClock {
  /** Best estimate. */
  now(): StoreTime;
  /** Earliest possible time: evidence dated by it is never too young. */
  earliest(): StoreTime;
  /** Latest possible time: ages counted from it are never too small. */
  latest(): StoreTime;
  /**
   * Takes one answer: the store's clock read `now` somewhere between sending and receiving. Returns the jump of the
   * earliest estimate in microseconds if the answer did not fit it, else 0.
   */
  learn(now: StoreTime, sentMs: number, receivedMs: number): number;
}

/**
 * Every answer bounds the difference of the two clocks from both sides. The bounds are intersected, and widened with
 * time for drift. An answer outside of them means that a clock was set or the store was replaced, so the bounds start
 * again from it. Before the first answer the machine's clock is used.
 */
export function createStoreClock(clock: Clock): StoreClock {
  const start = clock.wallMs() * 1000 - clock.monotonicMs() * 1000;
  let bounds = { low: start, high: start, atMs: clock.monotonicMs(), known: false };

  function widened(atMs: number): { low: number; high: number } {
    const drift = (atMs - bounds.atMs) * DRIFT_US_PER_MS;
    return { low: bounds.low - drift, high: bounds.high + drift };
  }

  return {
    now(): StoreTime {
      return Math.round(clock.monotonicMs() * 1000 + (bounds.low + bounds.high) / 2);
    },
    earliest(): StoreTime {
      const atMs = clock.monotonicMs();
      return Math.floor(atMs * 1000 + widened(atMs).low);
    },
    latest(): StoreTime {
      const atMs = clock.monotonicMs();
      return Math.ceil(atMs * 1000 + widened(atMs).high);
    },
    learn(now: StoreTime, sentMs: number, receivedMs: number): number {
      const seen = { low: now - receivedMs * 1000, high: now - sentMs * 1000 };
      const old = widened(receivedMs);
      const low = Math.max(old.low, seen.low);
      const high = Math.min(old.high, seen.high);
      const agree = bounds.known && low <= high;
      const jump = agree ? 0 : Math.floor(seen.low - bounds.low);
      // The clocks also drift apart while the answer is on its way.
      bounds = { low: agree ? low : seen.low, high: agree ? high : seen.high, atMs: sentMs, known: true };
      return jump;
    },
  };
}
