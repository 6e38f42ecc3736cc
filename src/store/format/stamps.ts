import { mapStamps } from '../../health/index.ts';
import { MAX_AHEAD_US } from '../../ports/index.ts';
import type { EvidenceStamps } from '../../health/index.ts';

/**
 * Latest valid stamp, in microseconds: the year 2255. Larger numbers in the store are garbage. So every sum stays far below
 * 2^53, above which doubles are not exact, in Lua as in JavaScript.
 */
export const LATEST_STAMP = 9_000_000_000_000_000;

/** Parses a stamp of the store's clock; `undefined` if it is more than a day ahead of `now`. */
export function timeFrom(text: string | undefined, now: number): number | undefined {
  const stamp = stampFrom(text);
  return stamp === undefined || stamp > now + MAX_AHEAD_US ? undefined : stamp;
}

const LONGEST_WAIT_MS = 366 * 24 * 3_600_000;

/** Parses a stamp or counter, up to sixteen digits; `undefined` for anything else. */
export function stampFrom(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined;
  const stamp = Number(text);
  return stamp <= LATEST_STAMP ? stamp : undefined;
}

/** A caller's stamp, made whole and limited to valid values before it is written or compared. */
export function wholeStamp(us: number): number {
  return Math.min(Math.max(0, Math.round(us)), LATEST_STAMP);
}

/** A caller's evidence stamps, each as by {@link wholeStamp}. */
export function wholeStamps(stamps: EvidenceStamps): EvidenceStamps {
  return mapStamps(stamps, wholeStamp);
}

/** A caller's duration in whole milliseconds, from one to a year. */
export function wholeMs(ms: number): number {
  return Math.min(Math.max(1, Math.round(ms)), LONGEST_WAIT_MS);
}
