import { poolsOf, validForMsOf } from '../../bridge/index.ts';
import type { CooldownCandidate, CooldownSource, Pool } from '../../bridge/index.ts';
import type { AllswellConfig, Deployment, ProbeTarget } from '../../config/index.ts';
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
  const isCurrent = (view: TargetView, { intervalMs, timeoutMs }: ProbeTarget): boolean => {
    const everyMs = fleet.forecast(view.id)?.everyMs ?? intervalMs;
    return validForMsOf(view, { cacheTtlMs: config.cacheTtlMs, everyMs, timeoutMs }) > 0;
  };
  const candidateOf = ({ modelId, modelName: group, targetId }: Deployment): CooldownCandidate[] => {
    const [target, own] = [targets.get(targetId), fleet.target(targetId)];
    if (target === undefined || own === undefined) return [];
    const view = withFleetVerdict(own, fleet);
    const found = reasonOf(view, fleet.status().now);
    if (found === undefined || !isCurrent(view, target)) return [];
    const lastSuccessAt = Math.max(0, ...Object.values(view.facts?.lastSuccess ?? {}));
    return [{ modelId, group, lastSuccessAt, ...found, why: redact(`${target.name} is ${found.why}`) }];
  };
  return {
    modelIds: [...new Set(config.deployments.map(({ modelId }) => modelId))],
    pools: poolsOfConfig(config),
    candidates: () => config.deployments.flatMap(candidateOf),
  };
}

/** The pools among which LiteLLM's Router chooses with this configuration. */
export function poolsOfConfig({
  deployments,
  litellmRouting,
}: Pick<AllswellConfig, 'deployments' | 'litellmRouting'>): readonly Pool[] {
  const { fallbacks, aliases, tagFiltering } = litellmRouting;
  const routed = deployments.map(({ modelId, modelName, tags }) => ({ modelId, group: modelName, tags }));
  return poolsOf(routed, {
    fallbacks: new Map(Object.entries(fallbacks)),
    aliases: new Map(Object.entries(aliases)),
    tagFiltering,
  });
}

type Found = Pick<CooldownCandidate, 'reason' | 'status' | 'why'>;

function reasonOf({ state, hold, facts, why }: TargetView, now: number): Found | undefined {
  if (hold?.kind === 'drain') return { reason: 'drained', status: 503, why: `drained by ${hold.by}: ${hold.reason}` };
  if (hold !== null) return undefined;
  const { overload, failureRun } = facts ?? {};
  if (state === 'down') return { reason: 'down', status: failureRun?.status ?? 503, why: `down: ${why}` };
  const until = (overload?.at ?? 0) + (overload?.quietMs ?? 0) * 1_000;
  if (state !== 'degraded' || overload === undefined || until <= now) return undefined;
  return { reason: 'rate-limited', status: overload.status ?? 429, why };
}
