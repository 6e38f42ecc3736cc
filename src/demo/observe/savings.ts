import type { Savings } from './snapshot.ts';

const MONTH_MS = 30 * 24 * 60 * 60 * 1000;

export interface SavingsInput {
  readonly targets: readonly {
    /** Probes that were made. */
    readonly counted: number;
    /** List price of one; undefined where nobody bills it, or nobody knows. */
    readonly costUsd: number | undefined;
  }[];
  /** Probes per target that independent pods would have made. */
  readonly independentPerTarget: number;
  readonly pods: number;
  readonly intervalMs: number;
}

/**
 * What was spent, and what was not: the probes that were made and those that were not, each at the list price of its
 * model, as if it were answered. Nothing is known while no target has a price.
 */
export function savings({ targets, independentPerTarget, pods, intervalMs }: SavingsInput): Savings {
  const priced = targets.flatMap(({ counted, costUsd }) => (costUsd === undefined ? [] : [{ counted, costUsd }]));
  const unpriced = targets.length - priced.length;
  if (priced.length === 0) return { spentUsd: null, savedUsd: null, monthlyUsd: null, unpriced };
  const sum = (of: (target: (typeof priced)[number]) => number): number =>
    priced.reduce((total, target) => total + of(target) * target.costUsd, 0);
  return {
    spentUsd: sum(({ counted }) => counted),
    savedUsd: sum(({ counted }) => independentPerTarget - counted),
    monthlyUsd: sum(() => 1) * (pods - 1) * (MONTH_MS / intervalMs),
    unpriced,
  };
}
