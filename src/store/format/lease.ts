import type { Grant, PodId, StoreTime } from '../../health/index.ts';
import { isPodId } from './names.ts';
import { stampFrom, timeFrom } from './stamps.ts';

/**
 * A lease as stored. The entry stays after the lease ends (`until` 0): the next grant must be larger, and the guard counts
 * the grants in the window.
 */
export interface Lease {
  readonly grant: Grant;
  readonly pod: PodId;
  readonly until: StoreTime;
  /** Start of the guard's window, and the number of unforced grants in it. */
  readonly windowStart: StoreTime;
  readonly count: number;
}

/** Text `<grant> <pod> <until us> <window start us> <count>`. */
export function leaseText(lease: Lease): string {
  return `${lease.grant} ${lease.pod} ${lease.until} ${lease.windowStart} ${lease.count}`;
}

/** Parses {@link leaseText}; `undefined` for any other text and for a lease from the future. */
export function leaseFrom(text: string, now: StoreTime): Lease | undefined {
  const parts = text.split(' ');
  if (parts.length !== 5) return undefined;
  const pod = parts[1] ?? '';
  const grant = timeFrom(parts[0], now);
  const until = timeFrom(parts[2], now);
  const windowStart = timeFrom(parts[3], now);
  const count = stampFrom(parts[4]);
  if (grant === undefined || until === undefined || windowStart === undefined || count === undefined) return undefined;
  return isPodId(pod) ? { grant, pod, until, windowStart, count } : undefined;
}
