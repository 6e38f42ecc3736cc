import { poolsOf, validForMsOf } from '../../bridge/index.ts';
import type { CooldownCandidate, CooldownSource } from '../../bridge/index.ts';
import type { AllswellConfig, Deployment, ProbeTarget } from '../../config/index.ts';
import { recentHosts } from '../../health/index.ts';
import type { StoreTime } from '../../health/index.ts';
import type { FleetReader, TargetView } from '../../ports/index.ts';
import { withFleetVerdict } from './fleet-verdict.ts';

export interface CooldownSourceParts {
  readonly config: AllswellConfig;
  readonly fleet: FleetReader;
  readonly redact: (text: string) => string;
}

/** The deployments that LiteLLM's Router should leave out, by the fleet's verdicts and by operators' holds. */
export function createCooldownSource({ config, fleet, redact }: CooldownSourceParts): CooldownSource {
  const targets = new Map(config.targets.map((target) => [target.id, target]));
  const { fallbacks, aliases, tagFiltering } = config.litellmRouting;
  const routed = config.deployments.map(({ modelId, modelName, tags }) => ({ modelId, group: modelName, tags }));
  const rules = {
    fallbacks: new Map(Object.entries(fallbacks)),
    aliases: new Map(Object.entries(aliases)),
    tagFiltering,
  };
  const isCurrent = (view: TargetView, { intervalMs, timeoutMs }: ProbeTarget): boolean => {
    const everyMs = fleet.forecast(view.id)?.everyMs ?? intervalMs;
    return validForMsOf(view, { cacheTtlMs: config.cacheTtlMs, everyMs, timeoutMs }) > 0;
  };
  const candidateOf = ({ modelId, modelName: group, targetId }: Deployment): CooldownCandidate[] => {
    const [target, own] = [targets.get(targetId), fleet.target(targetId)];
    if (target === undefined || own === undefined) return [];
    const view = withFleetVerdict(own, fleet);
    const found = reasonOf(view, {
      now: fleet.status().now,
      isAlone: () => !fleet.forecast(view.id)?.hasSecondWitness,
    });
    if (found === undefined || !isCurrent(view, target)) return [];
    const lastSuccessAt = Math.max(0, ...Object.values(view.facts?.lastSuccess ?? {}));
    return [{ modelId, group, lastSuccessAt, ...found, why: redact(`${target.name} is ${found.why}`) }];
  };
  return {
    modelIds: [...new Set(routed.map(({ modelId }) => modelId))],
    pools: poolsOf(routed, rules),
    candidates: () => config.deployments.flatMap(candidateOf),
  };
}

type Found = Pick<CooldownCandidate, 'reason' | 'status' | 'why'>;

interface Circumstances {
  readonly now: StoreTime;
  /** True if no other pod can confirm what this one saw. */
  readonly isAlone: () => boolean;
}

/**
 * A cooldown takes requests away from a deployment in all LiteLLM pods. A proxy can answer one pod of ours with any error, a
 * 429 with a Retry-After of ten minutes too. So what one host saw is no reason while another pod can confirm it.
 */
function reasonOf({ state, flags, hold, facts, why }: TargetView, { now, isAlone }: Circumstances): Found | undefined {
  if (hold?.kind === 'drain') return { reason: 'drained', status: 503, why: `drained by ${hold.by}: ${hold.reason}` };
  if (hold !== null) return undefined;
  const { overload, failureRun } = facts ?? {};
  if (state === 'down') {
    if (flags.includes('unconfirmed')) return undefined;
    return { reason: 'down', status: failureRun?.status ?? 503, why: `down: ${why}` };
  }
  const until = (overload?.at ?? 0) + (overload?.quietMs ?? 0) * 1_000;
  if (state !== 'degraded' || overload === undefined || until <= now) return undefined;
  if (recentHosts(overload).length < 2 && !isAlone()) return undefined;
  return { reason: 'rate-limited', status: overload.status ?? 429, why };
}
