import type { TargetId } from '../health/index.ts';
import type { Prober } from '../ports/index.ts';

/** Counts what probes cost where they are made, whether or not their result is ever committed. */
export function meteredProber(prober: Prober, spent: (target: TargetId, usd: number) => void): Prober {
  return {
    probe: async (target, level, ...how) => {
      const result = await prober.probe(target, level, ...how);
      if (result.costUsd !== undefined && result.costUsd > 0) spent(target, result.costUsd);
      return result;
    },
  };
}
