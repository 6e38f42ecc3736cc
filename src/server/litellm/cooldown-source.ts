import { listOf } from '../../admin/index.ts';
import { isLikelyPartition, poolsOf, validForMsOf } from '../../bridge/index.ts';
import type { CooldownCandidate, CooldownSource, Pool, Publishable, PoolDeployment } from '../../bridge/index.ts';
import type { AllswellConfig, Deployment, ProbeTarget } from '../../config/index.ts';
import { recentHosts } from '../../health/index.ts';
import type { Overload, StoreTime } from '../../health/index.ts';
import type { FleetReader, TargetView, UnprobedEvidence, UnprobedReader } from '../../ports/index.ts';
import { withFleetVerdict } from './fleet-verdict.ts';

export interface CooldownSourceParts {
  readonly config: AllswellConfig;
  readonly fleet: FleetReader;
  /** Absent where nothing receives LiteLLM's reports. */
  readonly unprobed?: UnprobedReader;
  readonly redact: (text: string) => string;
}

/** Characters of a reason. It is in every key, of which LiteLLM's pods read all once per second, and in their answers. */
const REASON_LENGTH = 300;

/** The deployments that LiteLLM's Router should leave out, by the fleet's verdicts and by operators' holds. */
export function createCooldownSource({ config, fleet, unprobed, redact }: CooldownSourceParts): CooldownSource {
  const targets = new Map(config.targets.map((target) => [target.id, target]));
  const isCurrent = (view: TargetView, { intervalMs, timeoutMs }: ProbeTarget): boolean => {
    const everyMs = fleet.forecast(view.id)?.everyMs ?? intervalMs;
    return validForMsOf(view, { cacheTtlMs: config.cacheTtlMs, everyMs, timeoutMs }) > 0;
  };
  const viewOf = (targetId: string): TargetView | undefined => {
    const own = fleet.target(targetId);
    return own && withFleetVerdict(own, fleet);
  };
  const candidateOf = ({ modelId, modelName: group, targetId }: Deployment): readonly Candidate[] => {
    const [target, view] = [targets.get(targetId), viewOf(targetId)];
    if (target === undefined || view === undefined) return [];
    const found = reasonOf(view, fleet.status().now);
    if (found === undefined || !isCurrent(view, target)) return [];
    const { witness, why, ...shown } = found;
    if (witness === 'one host' && fleet.forecast(targetId)?.hasSecondWitness === true) return [];
    const lastSuccessAt = Math.max(0, ...Object.values(view.facts?.lastSuccess ?? {}));
    return [{ modelId, group, lastSuccessAt, ...shown, witness, why: clipped(redact(`${target.name} is ${why}`)) }];
  };
  /** True if this pod's network, not the upstreams, probably causes the failures. Then a failure that only this pod saw starts no cooldown. */
  const isPartitionLikely = (): boolean => {
    const judged = config.targets.flatMap(({ id, host }): Pick<Publishable, 'host' | 'list'>[] => {
      const view = viewOf(id);
      // A suspect is evidence of neither: taken for healthy, it would begin cooldowns that end once it is down.
      if (view === undefined || (view.hold === null && view.state === 'suspect')) return [];
      return [{ host: view.hold === null ? host : null, list: listOf(view, 'healthy') }];
    });
    return isLikelyPartition(judged);
  };
  const isDoubtful = (targetId: string): boolean => {
    const { state, hold } = viewOf(targetId) ?? {};
    return (state === 'down' || state === 'suspect') && hold?.kind !== 'hold-up';
  };
  const doubtfulIds = (): ReadonlySet<string> => {
    const probed = config.deployments.filter(({ targetId }) => isDoubtful(targetId));
    const others = config.unprobed.filter(({ modelId }) => modelId !== null && failedLast(unprobed?.evidence(modelId)));
    return new Set([...probed, ...others].flatMap(({ modelId }) => modelId ?? []));
  };
  const pools = poolsOfConfig(config);
  return {
    modelIds: [...new Set(routedBy(config).map(({ modelId }) => modelId))],
    get pools() {
      const doubtful = doubtfulIds();
      return doubtful.size === 0 ? pools : pools.map((pool) => ({ ...pool, doubtful }));
    },
    candidates: () => {
      const all = config.deployments.flatMap(candidateOf);
      const alone = all.some(({ witness }) => witness === 'one host') && isPartitionLikely();
      return all.flatMap(({ witness, ...one }) => (alone && witness === 'one host' ? [] : one));
    },
  };
}

type Routing = Pick<AllswellConfig, 'deployments' | 'unprobed' | 'litellmRouting'>;

/** The pools among which LiteLLM's Router chooses with this configuration. */
export function poolsOfConfig(config: Routing): readonly Pool[] {
  const { fallbacks, aliases, ...rules } = config.litellmRouting;
  return poolsOf(routedBy(config), {
    fallbacks: new Map(Object.entries(fallbacks)),
    aliases: new Map(Object.entries(aliases)),
    ...rules,
  });
}

/** LiteLLM routes to deployments without probes, too: nothing but its own cooldown takes one of them out. */
function routedBy({ deployments, unprobed }: Routing): readonly PoolDeployment[] {
  return [...deployments, ...unprobed].flatMap(({ modelId, modelName: group, tags }) =>
    modelId === null ? [] : { modelId, group, tags },
  );
}

/** True if nothing worked since the newest failure or cooldown that LiteLLM reported. */
function failedLast(evidence: UnprobedEvidence | undefined): boolean {
  const { lastSuccessAt, lastFailure, cooldownUntil } = evidence ?? {};
  return Math.max(lastFailure?.at ?? 0, cooldownUntil ?? 0) > (lastSuccessAt ?? 0);
}

function clipped(text: string): string {
  return text.length <= REASON_LENGTH
    ? text
    : `${text
        .slice(0, REASON_LENGTH - 1)
        .toWellFormed()
        .trimEnd()}…`;
}

/** `one host`: no second host, and no LiteLLM pod, saw the failure. */
type Witnesses = 'one host' | 'confirmed' | 'operator';

interface Candidate extends CooldownCandidate {
  readonly witness: Witnesses;
}

interface Found extends Pick<CooldownCandidate, 'reason' | 'status' | 'why'> {
  readonly witness: Witnesses;
}

/**
 * A cooldown takes requests away from a deployment in all LiteLLM pods, and a proxy can answer one pod of ours with any
 * error, also a 429 with a Retry-After of ten minutes. So the reason comes with its witnesses.
 */
function reasonOf({ state, flags, hold, facts, why }: TargetView, now: StoreTime): Found | undefined {
  if (hold?.kind === 'drain') {
    return { reason: 'drained', status: 503, why: `drained by ${hold.by}: ${hold.reason}`, witness: 'operator' };
  }
  if (hold !== null) return undefined;
  const { run, overload, failureRun } = facts ?? {};
  if (state === 'down') {
    const series = overload !== undefined && run?.kind !== 'failed' ? overload : failureRun;
    const single = flags.includes('unconfirmed') || (series?.witnesses.length ?? 0) < 2;
    const witness = single ? 'one host' : 'confirmed';
    return { reason: 'down', status: failureRun?.status ?? 503, why: `down: ${why}`, witness };
  }
  if (state !== 'degraded' || overload === undefined) return undefined;
  const witness = recentHosts(overload).length < 2 ? 'one host' : 'confirmed';
  return isResting(overload, witness, now)
    ? { reason: 'rate-limited', status: overload.status ?? 429, why, witness }
    : undefined;
}

/**
 * Until Retry-After has passed. An upstream that names no time is left alone until its next good answer, once two hosts
 * have the same answer: the target is down only after the third, 15 s later, and meanwhile every request would fail.
 */
function isResting({ at, quietMs }: Overload, witness: Witnesses, now: StoreTime): boolean {
  return quietMs === undefined ? witness === 'confirmed' : at + quietMs * 1_000 > now;
}
