import type { Grant, PodId, StoreTime } from '../../health/index.ts';
import { isPodId } from './names.ts';
import { stampFrom } from './stamps.ts';

/**
 * A lease as it lies in the store. It outlives its time: `until` 0 says it was ended, the grant stays so that the next
 * one is larger, and the window stays so that the guard can count.
 */
export interface Lease {
  readonly grant: Grant;
  readonly pod: PodId;
  readonly until: StoreTime;
  /** Start of the guard's window and unforced grants in it. */
  readonly windowStart: StoreTime;
  readonly count: number;
}

/** `<grant> <pod> <until us> <window start us> <count>`. */
export function leaseText(lease: Lease): string {
  return `${lease.grant} ${lease.pod} ${lease.until} ${lease.windowStart} ${lease.count}`;
}

/** Reads {@link leaseText}; anything else is no lease. */
export function leaseFrom(text: string): Lease | undefined {
  const parts = text.split(' ');
  if (parts.length !== 5) return undefined;
  const pod = parts[1] ?? '';
  const grant = stampFrom(parts[0]);
  const until = stampFrom(parts[2]);
  const windowStart = stampFrom(parts[3]);
  const count = stampFrom(parts[4]);
  if (grant === undefined || until === undefined || windowStart === undefined || count === undefined) return undefined;
  return isPodId(pod) ? { grant, pod, until, windowStart, count } : undefined;
}
