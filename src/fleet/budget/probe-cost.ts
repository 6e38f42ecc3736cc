import type { Observation } from '../../health/index.ts';
import type { ProbeCost, NanoUsd } from '../../ports/index.ts';
import type { FleetTarget } from '../options.ts';

const NANO = 1_000_000_000;

/** The probes that sharing avoided. */
export interface Sharing {
  /** Live pods that have the target, this one included. */
  readonly pods: number;
  /** Checks on demand since the last paid probe that fresh evidence answered. */
  readonly reused: number;
}

/** Cost and savings of one probe; undefined for an unbilled one. */
export function billOf(target: FleetTarget, probe: Observation, { pods, reused }: Sharing): ProbeCost | undefined {
  if (target.paid === undefined || probe.level !== 'inference') return undefined;
  const { worstNanoUsd } = target.paid;
  const nanoUsd = billedNanoUsd(probe, worstNanoUsd);
  // Confirmations and checks on demand would not have been made by every pod.
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

/**
 * Cost by tokens. Without tokens a refusal costs nothing, since no provider bills it; what may have run costs the worst
 * case.
 */
function billedNanoUsd({ costUsd, ok, failure }: Observation, worst: NanoUsd): NanoUsd {
  if (costUsd !== undefined) return Math.round(costUsd * NANO);
  const answered = failure?.status !== undefined && failure.status >= 200 && failure.status < 300;
  return ok || answered || failure?.class === 'timeout' ? worst : 0;
}
