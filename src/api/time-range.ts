/** A part of the past as a person writes it: times, or a duration until now. */
export interface RangeText {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A part of the past in ms since 1970; `until` is not included. */
export type ParsedRange =
  | { readonly kind: 'range'; readonly fromMs: number; readonly untilMs: number }
  | { readonly kind: 'refused'; readonly key: 'from' | 'to'; readonly why: string };

const DAY_MS = 86_400_000;
const LONGEST_MS = 90 * DAY_MS;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i;
const wrong = 'Input should be a time such as 2026-11-22T02:00:00Z, or 02:00 for the last 02:00 in UTC';

/**
 * Reads a part of the past. `02:00` is a time of day in UTC: as `from` the last one, as `to` the first one after `from`. Without
 * `to`, and for a `to` in the future, the range ends now.
 *
 * @example
 * parseRange({ from: '02:00', to: '03:00' }, Date.parse('2026-11-22T11:00:00Z'))
 * // { kind: 'range', fromMs: 1795312800000, untilMs: 1795316400000 }
 */
export function parseRange({ from, to }: RangeText, nowMs: number): ParsedRange {
  if (from === undefined) return { kind: 'refused', key: 'from', why: 'Input should be given with to' };
  const clock = dayTimeOf(from);
  const fromMs = clock === undefined ? instantOf(from) : nowMs - ((((nowMs - clock) % DAY_MS) + DAY_MS) % DAY_MS);
  if (fromMs === undefined) return { kind: 'refused', key: 'from', why: wrong };
  const untilMs = to === undefined ? nowMs : endOf(to, fromMs);
  if (untilMs === undefined) return { kind: 'refused', key: 'to', why: wrong };
  if (fromMs >= Math.min(untilMs, nowMs)) {
    return { kind: 'refused', key: 'from', why: 'Input should be in the past, and before to' };
  }
  if (fromMs < nowMs - LONGEST_MS) return { kind: 'refused', key: 'from', why: 'Input should be at most 90 days ago' };
  return { kind: 'range', fromMs, untilMs: Math.min(untilMs, nowMs) };
}

function endOf(to: string, fromMs: number): number | undefined {
  const clock = dayTimeOf(to);
  if (clock === undefined) return instantOf(to);
  const after = (((clock - fromMs) % DAY_MS) + DAY_MS) % DAY_MS;
  return fromMs + (after === 0 ? DAY_MS : after);
}

function instantOf(text: string): number | undefined {
  const at = instant.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : at;
}

/** Time since midnight, ms. */
function dayTimeOf(text: string): number | undefined {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  return hours === undefined ? undefined : (Number(hours) * 60 + Number(minutes)) * 60_000;
}
