import type { StoreTime } from '../../health/index.ts';
import type { Clock } from '../../ports/index.ts';

/** Clocks of two machines drift apart by less than this: 200 parts per million, generous for quartz. */
const DRIFT_US_PER_MS = 0.2;

/** A stamp further ahead of the store's clock than this was dated before that clock was set back. */
const STEPPED_BACK_US = 1_000_000;

/** Whether a stamp was dated by a clock that was set back since; `latest` is the latest that it can be now. */
export function isAhead(at: StoreTime, latest: StoreTime): boolean {
  return at > latest + STEPPED_BACK_US;
}

/** This pod's idea of the store's clock. Monotonic time in, store time out. */
export interface StoreClock {
  /** Best estimate of the store's clock. */
  now(): StoreTime;
  /** The earliest it can be: evidence dated by it is never too young. */
  earliest(): StoreTime;
  /** The latest it can be: ages counted from it are never too small. */
  latest(): StoreTime;
  /**
   * Learns from one answer: the store's clock read `now` somewhere between sending and receiving. Answers by how much
   * the earliest estimate jumped where the answer did not fit it, in microseconds, else 0.
   */
  learn(now: StoreTime, sentMs: number, receivedMs: number): number;
}

/**
 * Every answer bounds the distance between the two clocks from both sides; the bounds are intersected and widened with
 * time for drift. An answer outside of them means that a clock was set or the store changed hands: start anew from it.
 * Before the first answer the machine's own clock has to do.
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
      // The clocks drift apart while the answer is on its way, too.
      bounds = { low: agree ? low : seen.low, high: agree ? high : seen.high, atMs: sentMs, known: true };
      return jump;
    },
  };
}
