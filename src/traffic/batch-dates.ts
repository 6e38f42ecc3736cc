import { isInWindow } from '../health/index.ts';
import type { StoreTime } from '../health/index.ts';

/** Times of one request on the clock of the program that reports it, epoch milliseconds. */
export interface Timed {
  readonly startMs: number;
  readonly endMs: number;
}

/** A request by the store's clock. */
export interface Dated<Item> {
  readonly item: Item;
  readonly at: StoreTime;
  readonly endedAt: StoreTime;
}

export interface DatedBatch<Item> {
  readonly dated: readonly Dated<Item>[];
  /** Their times are impossible. */
  readonly invalid: readonly Item[];
  /** They ended before the window. */
  readonly tooOld: readonly Item[];
}

/** A request further ahead than this has invalid times. */
const MOST_AHEAD_MS = 86_400_000;
/** So has one in the future that ended this much later than most of its batch. */
const MOST_AHEAD_OF_BATCH_MS = 60_000;

/**
 * Dates requests by the store's clock. A batch comes from one program, and no request ends after it was reported: where one
 * does, that program's clock is ahead by at least so much, and the whole batch is moved back. A clock that is behind looks
 * like a batch that is late, and a late batch must not count as new: its requests stay as old as they say.
 *
 *   store 12:00:00, batch ends 12:00:07 → all requests 7 s earlier
 *   store 12:00:00, batch ends 11:59:55 → as they are
 */
export function dateBatch<Item extends Timed>(items: readonly Item[], now: StoreTime): DatedBatch<Item> {
  const nowMs = now / 1_000;
  const possible = items.filter(({ endMs }) => endMs <= nowMs + MOST_AHEAD_MS);
  const mostEndMs = Math.max(nowMs, medianOf(possible.map(({ endMs }) => endMs)) + MOST_AHEAD_OF_BATCH_MS);
  const valid = possible.filter(({ endMs }) => endMs <= mostEndMs);
  const isValid = new Set(valid);
  const newestEndMs = valid.reduce((newest, { endMs }) => Math.max(newest, endMs), 0);
  const aheadMs = Math.max(0, newestEndMs - nowMs);
  const onStoreClock = (ms: number): StoreTime => Math.min(now, Math.floor((ms - aheadMs) * 1_000));
  const all = valid.map((item) => ({ item, at: onStoreClock(item.startMs), endedAt: onStoreClock(item.endMs) }));
  return {
    dated: all.filter(({ endedAt }) => isInWindow(endedAt, now)),
    invalid: items.filter((item) => !isValid.has(item)),
    tooOld: all.filter(({ endedAt }) => !isInWindow(endedAt, now)).map(({ item }) => item),
  };
}

/** The lower one of two in the middle; 0 for none. */
function medianOf(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? 0;
}
