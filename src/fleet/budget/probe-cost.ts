import type { Observation } from '../../health/index.ts';
import type { ProbeCost, NanoUsd } from '../../ports/index.ts';
import type { FleetTarget } from '../options.ts';

const NANO = 1_000_000_000;

/** Who would have probed, had nobody shared. */
export interface Sharing {
  /** Live pods that know the target, this one included. */
  readonly pods: number;
  /** Checks on demand since the last bill that fresh evidence answered. */
  readonly reused: number;
}

/** What a probe took and what it saved; undefined for one that nobody bills. */
export function billOf(target: FleetTarget, probe: Observation, { pods, reused }: Sharing): ProbeCost | undefined {
  if (target.paid === undefined || probe.level !== 'inference') return undefined;
  const { worstNanoUsd } = target.paid;
  const nanoUsd = costOf(probe, worstNanoUsd);
  // What comes by name, a confirmation or a check on demand, would not have come from every pod.
  const sharers = probe.reason === 'scheduled' ? pods : 1;
  const aliases = probe.reason === 'scheduled' ? Math.max(0, target.deployments - 1) : 0;
  return {
    nanoUsd,
    totals: {
      probes: 1,
      unpriced: worstNanoUsd === 0 && probe.costUsd === undefined ? 1 : 0,
      spent: nanoUsd,
      savedBySharing: (sharers - 1) * nanoUsd,
      savedByAlias: aliases * sharers * nanoUsd,
      savedByCache: reused * nanoUsd,
    },
  };
}

/** As billed by its tokens. Without them: nothing for a refusal, which nobody bills, the worst for what may have run. */
function costOf({ costUsd, ok, failure }: Observation, worst: NanoUsd): NanoUsd {
  if (costUsd !== undefined) return Math.round(costUsd * NANO);
  const answered = failure?.status !== undefined && failure.status >= 200 && failure.status < 300;
  return ok || answered || failure?.class === 'timeout' ? worst : 0;
}
