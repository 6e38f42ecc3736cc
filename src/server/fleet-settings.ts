import { hostname } from 'node:os';
import type { AllswellConfig } from '../config/index.ts';
import type { FleetSettings, FleetTarget } from '../fleet/index.ts';
import { genaiPrices } from '../providers/pricing/index.ts';
import type { PriceBook } from '../providers/pricing/index.ts';
import { paidTargetOf } from './worst-price.ts';

export interface SettingsInput {
  readonly version: string;
  readonly drainMs: number;
  /** `shared`: the store is the fleet's; `independent`: it is this pod's own. */
  readonly sharing: FleetSettings['sharing'];
  /** Port that the pod was told to listen on; 0 or absent: another one at each start. */
  readonly port?: number;
}

/** The coordinator's part of the configuration. */
export function fleetSettingsOf(config: AllswellConfig, input: SettingsInput): FleetSettings {
  const { fleet, policy, policyHash, targetsHash, cacheTtlMs, expectedPods, concurrency } = config;
  const { leaseMs, storeDeadlineMs, bootWindowMs } = config;
  const { version, drainMs, sharing } = input;
  return {
    version,
    drainMs,
    sharing,
    ...placeOf(config, input.port ?? 0),
    fleet,
    policy,
    policyHash,
    targetsHash,
    cacheTtlMs,
    leaseMs,
    storeDeadlineMs,
    bootWindowMs,
    expectedPods,
    maxProbes: concurrency.total,
    maxProbesPerHost: concurrency.perHost,
    budget: config.budget.fleet,
    history: config.history,
  };
}

/**
 * Where this pod runs, as a witness of failures: host name and port are those of the process that it replaces when it
 * restarts in place. On a port that is another one at each start only the failure domain is known.
 */
function placeOf({ failureDomain }: AllswellConfig, port: number): Pick<FleetSettings, 'host' | 'domain'> {
  const name = hostname()
    .replaceAll(/[^A-Za-z0-9._-]/g, '-')
    .slice(0, 64);
  const domain = failureDomain ?? name;
  return port === 0 || name === '' ? { domain } : { host: `${name}:${port}`, domain };
}

/** What the coordinator needs to know of each target; keys and bodies stay with the prober. */
export function fleetTargetsOf(config: AllswellConfig, prices: PriceBook = genaiPrices()): FleetTarget[] {
  const { targets, deployments, activation, budget } = config;
  const inBackground = activation.mode === 'shared' || activation.mode === 'independent';
  return targets.map((target) => {
    const { id, place, name, level, intervalMs, timeoutMs, host, background } = target;
    const paid = paidTargetOf(target, budget, prices);
    return {
      id,
      place,
      name,
      level,
      intervalMs,
      timeoutMs,
      upstreamHost: host,
      background: background && inBackground,
      // As many as `/health` shows.
      deployments: deployments.filter((one) => one.targetId === id && (inBackground ? one.inBackground : one.onDemand))
        .length,
      ...(paid && { paid }),
    };
  });
}
