import type { StoreTime } from '../health/index.ts';

/** ISO 8601 in UTC. */
export function isoOf(at: StoreTime): string {
  return new Date(Math.floor(at / 1000)).toISOString();
}

export function isoOrNull(at: StoreTime | null): string | null {
  return at === null ? null : isoOf(at);
}

/** Seconds to the millisecond, rounded up: an age may be shown too old, never too young. */
export function secondsOf(ageMs: number): number {
  return Math.ceil(ageMs) / 1000;
}

/** Without the crumbs of binary fractions. */
export function rounded(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}
