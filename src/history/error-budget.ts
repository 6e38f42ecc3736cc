import { uptimeOf } from './uptime.ts';
import type { Uptime } from './uptime.ts';
import type { StateSpan, TimeWindow } from './spans.ts';

/** Windows of the burn rates until now, µs: two long ones, each with a short one that shows whether it continues. */
export const BURN_WINDOWS = {
  '5m': 300_000_000,
  '30m': 1_800_000_000,
  '1h': 3_600_000_000,
  '6h': 21_600_000_000,
} as const;

/** Name of a window of {@link BURN_WINDOWS}. */
export type BurnWindow = keyof typeof BURN_WINDOWS;

/** What is left of the time that a group may be down. Times in µs. */
export interface ErrorBudget extends Uptime {
  /** Time that the group may be down: (100 % − objective) of the known time. */
  readonly totalUs: number;
  /** Known time that it was down. */
  readonly usedUs: number;
  /** Total less used; negative if overdrawn. */
  readonly leftUs: number;
  /** Left as a share of the total; null if nothing is known. */
  readonly leftRatio: number | null;
  /** `spent`: down for as long as it may be, or longer. */
  readonly state: 'left' | 'spent';
  /** Speed of use: 1 uses the budget of a window in just this window. Null where nothing is known. */
  readonly burnRates: Readonly<Record<BurnWindow, number | null>>;
  /** Time until the budget is spent at the rate of the last hour; null if it lasts for a whole window, or nothing is known. */
  readonly exhaustedInUs: number | null;
}

/**
 * The error budget of a group over a window. Unknown time is neither up nor down, so it gives no budget and uses none.
 *
 * @param spans states of the group; what they do not cover is unknown
 * @param objective least availability, per cent, below 100
 * @example
 * const spans = [{ from: 0, until: 999_000, state: 'up' }, { from: 999_000, until: 1_000_000, state: 'down' }];
 * const { totalUs, usedUs, leftUs } = errorBudgetOf(spans, 99.5, { from: 0, until: 1_000_000 });
 * [totalUs, usedUs, leftUs] // [ 5000, 1000, 4000 ]
 */
export function errorBudgetOf(spans: readonly StateSpan[], objective: number, window: TimeWindow): ErrorBudget {
  const allowed = (100 - objective) / 100;
  const uptime = uptimeOf(spans, window);
  const usedUs = uptime.downUs;
  const totalUs = Math.round((uptime.upUs + uptime.downUs) * allowed);
  const leftUs = totalUs - usedUs;
  const burnRateOf = (lengthUs: number): number | null => {
    const { upUs, downUs } = uptimeOf(spans, { from: window.until - lengthUs, until: window.until });
    return upUs + downUs === 0 ? null : downUs / (upUs + downUs) / allowed;
  };
  const burnRates = {
    '5m': burnRateOf(BURN_WINDOWS['5m']),
    '30m': burnRateOf(BURN_WINDOWS['30m']),
    '1h': burnRateOf(BURN_WINDOWS['1h']),
    '6h': burnRateOf(BURN_WINDOWS['6h']),
  };
  const state = usedUs > 0 && leftUs <= 0 ? 'spent' : 'left';
  return {
    ...uptime,
    totalUs,
    usedUs,
    leftUs,
    leftRatio: totalUs === 0 ? null : leftUs / totalUs,
    state,
    burnRates,
    exhaustedInUs: state === 'spent' ? 0 : timeLeft(leftUs, (burnRates['1h'] ?? 0) * allowed, window),
  };
}

/** Time in which `leftUs` is used at a rate, µs per µs; null if that is longer than the window. */
function timeLeft(leftUs: number, rate: number, { from, until }: TimeWindow): number | null {
  const timeUs = rate === 0 ? Infinity : leftUs / rate;
  return timeUs > until - from ? null : Math.round(timeUs);
}
