import type { StateSpan, TimeWindow } from '../../history/index.ts';
import type { StoreTime } from '../../health/index.ts';

/**
 * Time at which the record begins, because the group is new or the store lost its data: the end of the first span without
 * evidence. Null if there is evidence at the beginning of the window, or none at all.
 */
export function recordBegins(spans: readonly StateSpan[], { from, until }: TimeWindow): StoreTime | null {
  const first = spans.find(({ state }) => state !== 'unknown');
  return first === undefined || first.from <= from || first.from >= until ? null : first.from;
}
