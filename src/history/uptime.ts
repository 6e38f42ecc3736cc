import type { StoreTime } from '../health/index.ts';
import { clipped } from './spans.ts';
import type { StateSpan, TimeWindow } from './spans.ts';

/** Time in each state, µs. The three add up to the window. */
export interface Uptime {
  readonly upUs: number;
  readonly downUs: number;
  readonly unknownUs: number;
}

/** Uptime on one day in UTC. */
export interface DayUptime extends Uptime, TimeWindow {}

const DAY_US = 86_400_000_000;

/**
 * Time in each state within a window. Time for which there are no spans is unknown.
 *
 * @example
 * uptimeOf([{ from: 0, until: 30, state: 'up' }, { from: 30, until: 40, state: 'down' }], { from: 0, until: 100 });
 * // { upUs: 30, downUs: 10, unknownUs: 60 }
 */
export function uptimeOf(spans: readonly StateSpan[], window: TimeWindow): Uptime {
  const sum = { up: 0, down: 0, unknown: 0 };
  for (const { from, until, state } of clipped(spans, window)) sum[state] += until - from;
  return { upUs: sum.up, downUs: sum.down, unknownUs: window.until - window.from - sum.up - sum.down };
}

/** Uptime of each UTC day that the window touches, oldest first; the first and the last day may be partial. */
export function uptimeByDay(spans: readonly StateSpan[], { from, until }: TimeWindow): readonly DayUptime[] {
  const days: DayUptime[] = [];
  for (let start: StoreTime = from; start < until;) {
    const end = Math.min(until, (Math.floor(start / DAY_US) + 1) * DAY_US);
    const window = { from: start, until: end };
    days.push({ ...window, ...uptimeOf(spans, window) });
    start = end;
  }
  return days;
}

/** Share of the known time that was up, 0 to 1; null if nothing is known. */
export function uptimeRatio({ upUs, downUs }: Uptime): number | null {
  return upUs + downUs === 0 ? null : upUs / (upUs + downUs);
}

/** Share of the window about which the history has evidence, 0 to 1. */
export function knownRatio({ upUs, downUs, unknownUs }: Uptime): number {
  const all = upUs + downUs + unknownUs;
  return all === 0 ? 0 : (upUs + downUs) / all;
}
