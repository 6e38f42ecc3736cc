/** Time during which a pod ran, wall clock ms; without an end it still runs. */
export interface PodLife {
  readonly fromMs: number;
  readonly toMs?: number;
}

/**
 * Probes of one target that independent pods would have made: one per pod at its start, then one per interval.
 *
 * @example
 * independentProbes([{ fromMs: 0 }, { fromMs: 0, toMs: 9_000 }], { intervalMs: 5_000, nowMs: 12_000 }) // 3 + 2
 */
export function independentProbes(
  lives: readonly PodLife[],
  { intervalMs, nowMs }: { intervalMs: number; nowMs: number },
): number {
  const probesOf = ({ fromMs, toMs = nowMs }: PodLife): number => 1 + Math.floor((toMs - fromMs) / intervalMs);
  return lives.reduce((sum, life) => sum + probesOf(life), 0);
}

export interface RateInput {
  /** Arrival times of the probes of each target, wall clock ms. */
  readonly starts: readonly (readonly number[])[];
  readonly sinceMs: number;
  readonly nowMs: number;
  readonly intervalMs: number;
}

const MOST_INTERVALS = 6;

/** Probes per target and interval over the last six whole intervals at most; null until two have passed. */
export function recentRate({ starts, sinceMs, nowMs, intervalMs }: RateInput): number | null {
  // Whole intervals only: a part of one would count the phases of the targets.
  const intervals = Math.min(MOST_INTERVALS, Math.floor((nowMs - sinceMs) / intervalMs));
  if (intervals < 2 || starts.length === 0) return null;
  const fromMs = nowMs - intervals * intervalMs;
  const count = starts.flat().filter((at) => at > fromMs && at <= nowMs).length;
  return count / starts.length / intervals;
}
