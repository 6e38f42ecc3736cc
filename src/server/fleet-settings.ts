import type { AllswellConfig } from '../config/index.ts';
import type { FleetSettings, FleetTarget } from '../fleet/index.ts';

/** Probes at once in one pod: enough for hundreds of targets, few enough for one processor and one provider. */
const MAX_PROBES = 64;
const MAX_PROBES_PER_HOST = 16;

export interface SettingsInput {
  readonly version: string;
  readonly drainMs: number;
  /** `shared`: the store is the fleet's; `independent`: it is this pod's own. */
  readonly sharing: FleetSettings['sharing'];
}

/** The coordinator's part of the configuration. */
export function fleetSettingsOf(config: AllswellConfig, input: SettingsInput): FleetSettings {
  const { fleet, policy, policyPrint, targetsPrint, cacheTtlMs, lockTtlMs, expectedPods, maxProbes } = config;
  return {
    ...input,
    fleet,
    policy,
    policyPrint,
    targetsPrint,
    cacheTtlMs,
    lockTtlMs,
    expectedPods,
    maxProbes: maxProbes ?? MAX_PROBES,
    // Who sets a bound knows the providers: then it is the only one.
    maxProbesPerHost: maxProbes ?? MAX_PROBES_PER_HOST,
  };
}

/** What the coordinator needs to know of each target; keys and bodies stay with the prober. */
export function fleetTargetsOf({ targets, deployments, activation }: AllswellConfig): FleetTarget[] {
  const inBackground = activation.mode === 'shared' || activation.mode === 'independent';
  return targets.map(({ id, name, level, intervalMs, timeoutMs, host, background }) => ({
    id,
    name,
    level,
    intervalMs,
    timeoutMs,
    host,
    background: background && inBackground,
    // As many as `/health` shows.
    deployments: deployments.filter((one) => one.targetId === id && (inBackground ? one.inBackground : one.onDemand))
      .length,
  }));
}
