import { staleAfterMs } from '../health/index.ts';
import type { TargetView } from '../ports/index.ts';

export interface PublishPace {
  readonly cacheTtlMs: number;
  /** Interval of probes, including backoff. */
  readonly everyMs: number;
  readonly timeoutMs: number;
}

/**
 * Time for which a target's evidence may still be used, by the rule that makes it stale. A hold is an operator's
 * decision and does not age.
 */
export function validForMsOf(
  { hold, stale, ageMs }: Pick<TargetView, 'hold' | 'stale' | 'ageMs'>,
  { cacheTtlMs, everyMs, timeoutMs }: PublishPace,
): number {
  if (hold !== null) return Infinity;
  if (stale || ageMs === null) return 0;
  return staleAfterMs(cacheTtlMs, everyMs, timeoutMs) - ageMs;
}
