import type { StoreTime } from '../../health/index.ts';

export type ParsedUntil =
  | { readonly kind: 'good'; readonly at: StoreTime | null }
  | { readonly kind: 'refused'; readonly why: string };

const unitsMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** Beyond that a hold has no end, and should say so. */
const LONGEST_MS = 366 * unitsMs.d;
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i;

/**
 * Reads when a hold ends: an RFC 3339 time, or a duration from now. Without one it does not end by itself.
 *
 * @example
 * parseUntil('2h', 0) // { kind: 'good', at: 7_200_000_000 }
 */
export function parseUntil(text: string | undefined, now: StoreTime): ParsedUntil {
  if (text === undefined) return { kind: 'good', at: null };
  const at = timeOf(text.trim(), now);
  if (at === undefined || Number.isNaN(at)) {
    const why = 'Input should be a time such as 2026-11-22T12:00:00Z, or a duration such as 90s, 30m, 2h or 7d';
    return { kind: 'refused', why };
  }
  if (at <= now) return { kind: 'refused', why: 'Input should be a time in the future' };
  if (at > now + LONGEST_MS * 1000) return { kind: 'refused', why: 'Input should be at most 366 days from now' };
  return { kind: 'good', at };
}

function timeOf(text: string, now: StoreTime): number | undefined {
  const [, number, unit] = /^(\d{1,9})([smhd])$/.exec(text) ?? [];
  if (number !== undefined && unit !== undefined) {
    return now + Number(number) * unitsMs[unit as keyof typeof unitsMs] * 1000;
  }
  return instant.test(text) ? Date.parse(text) * 1000 : undefined;
}
