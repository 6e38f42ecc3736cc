import { parseRange } from '../../api/index.ts';
import type { ParsedRange } from '../../api/index.ts';

/** The part of the past that a command shows: a duration until now such as `7d`, or times. Empty: everything. */
export interface HistoryRange {
  readonly since?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** A range in words, such as `last 7d`. */
export function rangeText({ since, from, to }: HistoryRange): string {
  return from === undefined ? `last ${since}` : `from ${from} to ${to ?? 'now'}`;
}

const HOUR_MS = 3_600_000;

/** A range by the clock of the pod. */
export function partOf({ since, from, to }: HistoryRange, nowMs: number): ParsedRange {
  if (from !== undefined || to !== undefined) return parseRange({ from, to }, nowMs);
  const hours = since === undefined ? Infinity : Number.parseInt(since, 10) * (since.endsWith('h') ? 1 : 24);
  // A result of this moment may be dated a little after it.
  return { kind: 'range', fromMs: nowMs - hours * HOUR_MS, untilMs: Infinity };
}
