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

/** What was not spent: the probes that were not made, each at the list price of its model. */
export function savings({ targets, independentPerTarget, pods, intervalMs }: SavingsInput): Savings {
  let [savedUsd, roundUsd] = [0, 0];
  for (const { counted, costUsd = 0 } of targets) {
    savedUsd += (independentPerTarget - counted) * costUsd;
    roundUsd += costUsd;
  }
  return { savedUsd, monthlyUsd: roundUsd * (pods - 1) * (MONTH_MS / intervalMs) };
}
