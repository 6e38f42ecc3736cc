import type { LoadCounts } from '../traffic/load.ts';

/** `1:05`, minutes and seconds. */
export function clockOf(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** `12:00:03`, local time. */
export function timeOfDay(atMs: number): string {
  return new Date(atMs).toTimeString().slice(0, 8);
}

/** `4 s`, rounded down, `2 min` from a hundred seconds on; `–` for none. */
export function ageOf(ms: number | null): string {
  if (ms === null) return '–';
  const seconds = Math.floor(ms / 1000);
  return seconds < 100 ? `${seconds} s` : `${Math.floor(seconds / 60)} min`;
}

/** `85 ms`, `4,002 ms`; `–` for none. */
export function latencyOf(ms: number | null): string {
  return ms === null ? '–' : `${Math.round(ms).toLocaleString('en-US')} ms`;
}

/** `$0.0041`, `$12.30`, `$1,204`: small sums with the digits that matter, large ones without; `unknown` for none. */
export function dollarsOf(usd: number | null): string {
  if (usd === null) return 'unknown';
  const size = Math.abs(usd);
  const digits = size < 1 ? 4 : size < 100 ? 2 : 0;
  const fixed = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  // An amount that would be rounded to zero is shown with one digit.
  const text = size.toLocaleString('en-US', size > 0 && size < 0.0001 ? { maximumSignificantDigits: 1 } : fixed);
  return `${usd < 0 ? '-' : ''}$${text}`;
}

/** ', 3 lost with their pod', or nothing. */
export function lostWords({ lostWithPod }: Pick<LoadCounts, 'lostWithPod'>): string {
  return lostWithPod === 0 ? '' : `, ${lostWithPod} lost with their pod`;
}
