import { hostname } from 'node:os';
import type { AllswellConfig, ProbeTarget } from '../config/index.ts';
import type { FleetSettings, FleetTarget, PaidTarget } from '../fleet/index.ts';
import { genaiPrices, usdOf } from '../providers/pricing/index.ts';
import type { PriceBook } from '../providers/pricing/index.ts';
import { mostTokensOf } from '../probe/index.ts';
import { possibleLevel } from '../providers/index.ts';
import { distinctNames } from './target-names.ts';

const NANO = 1_000_000_000;

export interface SettingsInput {
  readonly version: string;
  readonly drainMs: number;
  /** `shared`: the store is the fleet's; `independent`: it is private to this pod. */
  readonly sharing: FleetSettings['sharing'];
  /** Configured port; 0 or absent: another port at each start. */
  readonly port?: number;
}

/** Settings of the coordinator. */
export function fleetSettingsOf(config: AllswellConfig, input: SettingsInput): FleetSettings {
  const { fleet, policy, policyHash, targetsHash, cacheTtlMs, expectedPods, concurrency } = config;
  const { leaseMs, storeDeadlineMs, bootWindowMs } = config;
  const { version, drainMs, sharing } = input;
  return {
    version,
    drainMs,
    sharing,
    ...placeOf(config, input.port ?? 0),
    podName: podNameOf(config),
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
 * Identity of this pod as a witness of failures. Host name and port stay the same after a restart in place. With a port
 * that changes at each start only the failure domain is known.
 */
function placeOf({ failureDomain }: AllswellConfig, port: number): Pick<FleetSettings, 'host' | 'domain'> {
  const name = nameFrom(hostname());
  const domain = failureDomain ?? name;
  return port === 0 || name === '' ? { domain } : { host: `${name}:${port}`, domain };
}

/**
 * Name of this pod for people: `POD_NAME`, else the host name.
 *
 * @example
 * podNameOf({ podName: 'allswell-7d9f-x2k4q' }) // 'allswell-7d9f-x2k4q'
 */
export function podNameOf({ podName }: Pick<AllswellConfig, 'podName'>): string {
  return nameFrom(podName ?? hostname());
}

/** Another character than these would need care in tables, labels and keys. */
function nameFrom(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9._-]/g, '-').slice(0, 64);
}

/** Targets of the coordinator. Keys and request bodies stay with the prober. */
export function fleetTargetsOf(config: AllswellConfig, prices: PriceBook = genaiPrices()): FleetTarget[] {
  const { targets, deployments, activation, budget } = config;
  const inBackground = activation.mode === 'shared' || activation.mode === 'independent';
  const names = distinctNames(targets);
  return targets.map((target) => {
    const { id, holdKey, level, intervalMs, timeoutMs, host, background } = target;
    const paid = paidTargetOf(target, budget, prices);
    return {
      id,
      holdKey,
      name: names.get(id) ?? target.name,
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

/** Price of a target's probes; undefined if they are free, by their level or by their configured price. */
function paidTargetOf(
  target: ProbeTarget,
  { target: budget }: AllswellConfig['budget'],
  prices: PriceBook,
): PaidTarget | undefined {
  if (target.level !== 'inference') return undefined;
  const { provider, priceModel: model, price } = target;
  const usd = usdOf({ provider, model, ...mostTokensOf(target) }, price, prices);
  if (usd === 0) return undefined;
  const instead = possibleLevel('models', target) === 'models' ? 'models' : 'connect';
  return { worstNanoUsd: Math.ceil((usd ?? 0) * NANO), budget, instead };
}
