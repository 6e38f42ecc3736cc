import { mapStamps } from '../../health/index.ts';
import { MAX_AHEAD_US } from '../../ports/index.ts';
import type { EvidenceStamps } from '../../health/index.ts';

/**
 * The latest stamp believed, in microseconds: the year 2255. Larger numbers in the store are garbage, which also
 * keeps every sum far from 2^53, where doubles, in Lua as here, stop counting one by one.
 */
export const LATEST_STAMP = 9_000_000_000_000_000;

/** A time of the store's clock as scripts write it, believed up to a day ahead of `now`. */
export function timeFrom(text: string | undefined, now: number): number | undefined {
  const stamp = stampFrom(text);
  return stamp === undefined || stamp > now + MAX_AHEAD_US ? undefined : stamp;
}

const LONGEST_WAIT_MS = 366 * 24 * 3_600_000;

/** A stamp or counter as scripts write it: up to sixteen digits. Anything else is `undefined`. */
export function stampFrom(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined;
  const stamp = Number(text);
  return stamp <= LATEST_STAMP ? stamp : undefined;
}

/** What a caller's stamp becomes before it is written or compared: whole, never negative, never implausible. */
export function wholeStamp(us: number): number {
  return Math.min(Math.max(0, Math.round(us)), LATEST_STAMP);
}

/** A caller's stamps of looks, each as {@link wholeStamp} has it. */
export function wholeStamps(stamps: EvidenceStamps): EvidenceStamps {
  return mapStamps(stamps, wholeStamp);
}

/** A caller's duration in whole milliseconds: at least one, at most a year. */
export function wholeMs(ms: number): number {
  return Math.min(Math.max(1, Math.round(ms)), LONGEST_WAIT_MS);
}
