/** A sum over a sliding window, in bounded memory. */
export interface SlidingCount {
  /** Counts `amount` at `atMs`: now, or up to the span's `aheadMs` later. Ignores what has left the window. */
  add(amount: number, atMs: number, nowMs: number): void;
  /** Sum of what is in the window or ahead of it. At least the sum of any window that ends now. */
  total(nowMs: number): number;
  /** Time until the sum is at most `most`, if nothing is added, ms. */
  msUntilAtMost(most: number, nowMs: number): number;
  clear(): void;
}

/** Span of a count. Times are whole multiples of `bucketMs`. */
export interface CountSpan {
  readonly windowMs: number;
  readonly bucketMs: number;
  /** How far ahead of now something may be counted. */
  readonly aheadMs: number;
}

/**
 * Counts by buckets, a little beyond the window, so that the sum is never below the true one: a window of 60 s that ends
 * now touches 61 buckets of one second.
 */
export function createSlidingCount({ windowMs, bucketMs, aheadMs }: CountSpan): SlidingCount {
  const windowBuckets = windowMs / bucketMs;
  const size = windowBuckets + aheadMs / bucketMs + 2;
  const buckets = new Float64Array(size);
  let oldest = 0;
  let sum = 0;

  const expire = (nowMs: number): void => {
    const first = Math.floor(nowMs / bucketMs) - windowBuckets;
    if (first <= oldest) return;
    if (first - oldest >= size) {
      buckets.fill(0);
      sum = 0;
    } else {
      for (let bucket = oldest; bucket < first; bucket++) {
        sum -= buckets[bucket % size] ?? 0;
        buckets[bucket % size] = 0;
      }
    }
    oldest = first;
  };

  return {
    add: (amount, atMs, nowMs) => {
      expire(nowMs);
      const last = Math.floor((nowMs + aheadMs) / bucketMs);
      const bucket = Math.min(last, Math.floor(atMs / bucketMs));
      if (bucket < oldest) return;
      buckets[bucket % size] = (buckets[bucket % size] ?? 0) + amount;
      sum += amount;
    },
    total: (nowMs) => {
      expire(nowMs);
      return sum;
    },
    msUntilAtMost: (most, nowMs) => {
      expire(nowMs);
      let left = sum;
      if (left <= most) return 0;
      for (let bucket = oldest; bucket < oldest + size; bucket++) {
        left -= buckets[bucket % size] ?? 0;
        if (left <= most) return (bucket + windowBuckets + 1) * bucketMs - nowMs;
      }
      return Infinity;
    },
    clear: () => {
      buckets.fill(0);
      sum = 0;
    },
  };
}
