import type { Savings } from './snapshot.ts';

const MONTH_MS = 30 * 24 * 60 * 60 * 1000;

export interface SavingsInput {
  readonly targets: readonly {
    /** Number of probes made. */
    readonly counted: number;
    /** List price of one probe; undefined if it is free or unknown. */
    readonly costUsd: number | undefined;
  }[];
  /** Probes per target that independent pods would have made. */
  readonly independentPerTarget: number;
  readonly pods: number;
  readonly intervalMs: number;
}

/**
 * Spend and savings: made and avoided probes at the list price of their models, as if all were answered. Null while no
 * target has a price.
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
