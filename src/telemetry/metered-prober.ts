import type { Prober } from '../ports/index.ts';

/** Counts what probes cost where they are made, whether or not their result is ever committed. */
export function meteredProber(prober: Prober, spent: (usd: number) => void): Prober {
  return {
    probe: async (target, level, ...how) => {
      const result = await prober.probe(target, level, ...how);
      if (result.costUsd !== undefined && result.costUsd > 0) spent(result.costUsd);
      return result;
    },
  };
}
