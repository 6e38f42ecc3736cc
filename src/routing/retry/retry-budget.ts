import { createSlidingCount } from '../sliding-count.ts';

const SPAN = { windowMs: 10_000, bucketMs: 500, aheadMs: 0 };
/** Retries within the last ten seconds that are always allowed, and their part of the requests beyond that. */
const FLOOR = 10;
const PART = 0.2;

/**
 * Bounds what retries add to an outage. Charged is each attempt beyond the first of a request that goes to a deployment
 * which may be failing: again to one that failed in this request, or to one whose newest request failed, or that is
 * rate-limited, suspect, down or ejected. Not charged is the failover to a deployment in good standing: when one of two deployments
 * fails under full load, all of its requests must get to the other one.
 */
export interface RetryBudget {
  /** A request made its first attempt. */
  requested(nowMs: number): void;
  /** True if one retry is left. */
  isLeft(nowMs: number): boolean;
  take(nowMs: number): void;
}

/** A full budget. */
export function createRetryBudget(): RetryBudget {
  const requests = createSlidingCount(SPAN);
  const retries = createSlidingCount(SPAN);
  return {
    requested: (nowMs) => requests.add(1, nowMs, nowMs),
    isLeft: (nowMs) => retries.total(nowMs) + 1 <= Math.max(FLOOR, PART * requests.total(nowMs)),
    take: (nowMs) => retries.add(1, nowMs, nowMs),
  };
}
