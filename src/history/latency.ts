import type { PastPoint, TimeWindow } from './spans.ts';

/** Latency of the stored successes in a window, ms. They are a sample: about one per hour. Null without any. */
export interface PastLatency {
  readonly points: number;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
}

/**
 * Percentiles by the nearest rank, so each is a latency that was measured.
 *
 * @example
 * latencyOf([{ at: 5, kind: 'ok', pod: 'pod_a', latencyMs: 80 }], { from: 0, until: 10 });
 * // { points: 1, p50: 80, p90: 80, p99: 80 }
 */
export function latencyOf(points: readonly PastPoint[], { from, until }: TimeWindow): PastLatency {
  const sorted = points
    .filter(({ at, kind }) => kind === 'ok' && at >= from && at < until)
    .map(({ latencyMs }) => latencyMs)
    .toSorted((a, b) => a - b);
  const rank = (share: number): number | null => sorted[Math.ceil(share * sorted.length) - 1] ?? null;
  return { points: sorted.length, p50: rank(0.5), p90: rank(0.9), p99: rank(0.99) };
}
