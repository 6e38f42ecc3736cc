import type { AllswellConfig } from '../config/index.ts';
import type { FleetSettings, FleetTarget } from '../fleet/index.ts';
import { genaiPrices } from '../pricing/index.ts';
import type { PriceBook } from '../pricing/index.ts';
import { paidTargetOf } from './worst-price.ts';

export interface SettingsInput {
  readonly version: string;
  readonly drainMs: number;
  /** `shared`: the store is the fleet's; `independent`: it is this pod's own. */
  readonly sharing: FleetSettings['sharing'];
}

/** The coordinator's part of the configuration. */
export function fleetSettingsOf(config: AllswellConfig, input: SettingsInput): FleetSettings {
  const { fleet, policy, policyPrint, targetsPrint, cacheTtlMs, expectedPods, concurrency } = config;
  const { leaseMs, storeDeadlineMs, bootWindowMs } = config;
  return {
    ...input,
    fleet,
    policy,
    policyPrint,
    targetsPrint,
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
      host,
      background: background && inBackground,
      // As many as `/health` shows.
      deployments: deployments.filter((one) => one.targetId === id && (inBackground ? one.inBackground : one.onDemand))
        .length,
      ...(paid && { paid }),
    };
  });
}
