import { createRows, listOf } from '../admin/index.ts';
import { validForMsOf } from '../bridge/index.ts';
import type { Round, Publishable } from '../bridge/index.ts';
import type { AllswellConfig, Deployment, ProbeTarget } from '../config/index.ts';
import type { FleetReader, OtherModel, TargetView } from '../ports/index.ts';
import { probeRequestOf } from '../probe/index.ts';

/** What a bridge asks of a pod. */
export interface PublishableSource {
  publishable(): readonly Publishable[];
  /** Of the same deployments, by LiteLLM's ids. */
  readonly models: readonly OtherModel[];
  round(): Round;
}

export interface PublishableParts {
  readonly config: AllswellConfig;
  readonly fleet: FleetReader;
  readonly redact: (text: string) => string;
}

/**
 * The fleet's verdicts on all deployments that LiteLLM probes in the background, in the rows of `/health`. Their age in
 * seconds is left out: it would be too young a moment later, and `checked_at` says the same.
 */
export function createPublishableSource({ config, fleet, redact }: PublishableParts): PublishableSource {
  const requests = new Map(config.targets.map((target) => [target.id, probeRequestOf(target)]));
  const rows = createRows(config, { redact, showRequest: (id) => requests.get(id) });
  const targets = new Map(config.targets.map((target) => [target.id, target]));
  const deployments = onePerId(config.deployments.filter(({ inBackground }) => inBackground));
  const rowOf = (deployment: Deployment, view: TargetView, list: Publishable['list']): Publishable['row'] => {
    const { age_seconds: _, ...row } =
      list === 'unhealthy' ? rows.failing(deployment, view) : rows.passing(deployment, view);
    return row;
  };
  const publishableOf = (deployment: Deployment): Publishable[] => {
    const target = targets.get(deployment.targetId);
    const own = fleet.target(deployment.targetId);
    // Left out it would be watched by nobody: what is not known keeps everything from being published.
    if (target === undefined || own === undefined) {
      return [{ name: target?.name ?? deployment.targetId, host: null, list: 'unknown', row: {}, validForMs: 0 }];
    }
    const view = withFleetVerdict(own, { fleet });
    // The upstream rejects our probe: what LiteLLM's own would find is not known, so its pods judge this one by themselves.
    if (view.hold === null && view.flags.includes('probe-rejected')) return [];
    const list = neverWorked(view) ? 'unknown' : listOf(view, 'healthy');
    const host = view.hold === null ? target.host : null;
    return [
      { name: target.name, host, list, row: rowOf(deployment, view, list), validForMs: validForOf(view, target) },
    ];
  };
  const validForOf = (view: TargetView, { intervalMs, timeoutMs }: ProbeTarget): number => {
    const everyMs = fleet.forecast(view.id)?.everyMs ?? intervalMs;
    return validForMsOf(view, { cacheTtlMs: config.cacheTtlMs, everyMs, timeoutMs });
  };
  return {
    publishable: () => deployments.flatMap(publishableOf),
    models: deployments.map(({ modelId, displayParams: { model } }) => ({ id: modelId, model: String(model) })),
    round: () => ({
      probes: deployments.length,
      usd: deployments.reduce((sum, { targetId }) => sum + costOf(fleet.target(targetId)), 0),
      everyMs: Math.max(config.litellmIntervalMs, config.cacheTtlMs),
    }),
  };
}

/** A first failure, not confirmed yet: nobody has seen it work either, so it belongs in neither list. */
function neverWorked({ state, hold, facts }: TargetView): boolean {
  return state === 'suspect' && hold === null && facts?.failureRun?.after === 0;
}

/** Of deployments with one id LiteLLM checks the first. */
function onePerId(deployments: readonly Deployment[]): readonly Deployment[] {
  const firsts = new Map(deployments.toReversed().map((one) => [one.modelId, one]));
  return deployments.filter((one) => firsts.get(one.modelId) === one);
}

function costOf(view: TargetView | undefined): number {
  return view?.facts?.last.costUsd ?? 0;
}

/** What only this pod fails to reach is no news for others: they are told the fleet's verdict. */
function withFleetVerdict(view: TargetView, { fleet }: Pick<PublishableParts, 'fleet'>): TargetView {
  if (!view.localOnly) return view;
  const verdict = fleet.fleetVerdict(view.id);
  return verdict === undefined ? view : { ...view, ...verdict, localOnly: false };
}
