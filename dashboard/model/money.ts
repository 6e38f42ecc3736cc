import type { DayMoneyBody } from '../../src/api/index.ts';

/** Sums of several days, in US dollars. */
export interface MoneySums {
  readonly spent: number;
  readonly sharing: number;
  readonly alias: number;
  readonly cache: number;
  readonly probes: number;
  /** Probes whose price is not known: not in the other sums. */
  readonly unpriced: number;
}

/** Adds up days. */
export function sumsOf(days: readonly DayMoneyBody[]): MoneySums {
  const sum = (of: (day: DayMoneyBody) => number): number => days.reduce((total, day) => total + of(day), 0);
  return {
    spent: sum((day) => day.spent_usd ?? 0),
    sharing: sum((day) => day.saved_usd?.by_sharing ?? 0),
    alias: sum((day) => day.saved_usd?.by_alias ?? 0),
    cache: sum((day) => day.saved_usd?.by_cache ?? 0),
    probes: sum((day) => day.probes),
    unpriced: sum((day) => day.unpriced_probes),
  };
}

/**
 * Dollars with as many digits as the amount needs.
 *
 * @example
 * dollars(0.0000048) // '$0.0000048'
 */
export function dollars(usd: number): string {
  if (usd === 0) return '$0';
  if (usd < 0.01) return `$${Number(usd.toPrecision(2)).toFixed(12).replace(/0+$/, '')}`;
  return `$${usd.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: usd < 1 ? 4 : 2 })}`;
}
