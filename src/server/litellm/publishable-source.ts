import { createRows, listOf } from '../../admin/index.ts';
import { validForMsOf } from '../../bridge/index.ts';
import type { Round, Publishable } from '../../bridge/index.ts';
import type { AllswellConfig, Deployment, ProbeTarget } from '../../config/index.ts';
import type { TargetId } from '../../health/index.ts';
import type { FleetReader, OwnModel, TargetView } from '../../ports/index.ts';
import { probeRequestOf } from '../../probe/index.ts';
import { withFleetVerdict } from './fleet-verdict.ts';

/** Values that a bridge reads from a pod. */
export interface PublishableSource {
  publishable(): readonly Publishable[];
  /** The same deployments, with LiteLLM's ids. */
  readonly models: readonly OwnModel[];
  /** Deployments of LiteLLM that are not probed. */
  readonly unprobed: readonly OwnModel[];
  round(): Round;
}

export interface PublishableParts {
  readonly config: AllswellConfig;
  readonly fleet: FleetReader;
  readonly redact: (text: string) => string;
}

/**
 * The fleet's verdicts on all deployments that LiteLLM probes in the background, as rows of `/health`. The age in
 * seconds is left out, since it would be outdated a moment later; `checked_at` says the same.
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
    // An unknown target prevents the publication. If its row were missing, no pod would probe it.
    if (target === undefined || own === undefined) {
      return [{ name: target?.name ?? deployment.targetId, host: null, list: 'unknown', row: {}, validForMs: 0 }];
    }
    const view = withFleetVerdict(own, fleet);
    // The upstream rejects allswell's probe, so LiteLLM's result is unknown: LiteLLM's pods probe this deployment
    // themselves.
    if (view.hold === null && view.flags.includes('probe-rejected')) return [];
    const list = neverWorked(view) ? 'unknown' : listOf(view, 'healthy');
    const host = view.hold === null ? target.host : null;
    const validForMs = validForOf(view, target);
    return underEachId(deployment).map((one) => {
      return { name: target.name, host, list, row: rowOf(one, view, list), validForMs };
    });
  };
  const validForOf = (view: TargetView, { intervalMs, timeoutMs }: ProbeTarget): number => {
    const everyMs = fleet.forecast(view.id)?.everyMs ?? intervalMs;
    return validForMsOf(view, { cacheTtlMs: config.cacheTtlMs, everyMs, timeoutMs });
  };
  const lastCostUsd = new Map<TargetId, number>();
  /** Evidence from requests has no cost: then that of the probe before it counts. */
  const lastCostOf = (target: TargetId): number => {
    const costUsd = fleet.target(target)?.facts?.last.costUsd;
    if (costUsd !== undefined) lastCostUsd.set(target, costUsd);
    return lastCostUsd.get(target) ?? 0;
  };
  return {
    publishable: () => deployments.flatMap(publishableOf),
    models: deployments.map(({ modelId, formerModelId, displayParams: { model } }) => {
      return ownModel(String(model), modelId, formerModelId);
    }),
    unprobed: config.unprobed.flatMap(({ modelId, formerModelId, model }) => {
      return modelId === null ? [] : [ownModel(model, modelId, formerModelId)];
    }),
    round: () => ({
      probes: deployments.length,
      usd: deployments.reduce((sum, { targetId }) => sum + lastCostOf(targetId), 0),
      everyMs: Math.max(config.litellmIntervalMs, config.cacheTtlMs),
    }),
  };
}

/** A first failure that is not confirmed, of a deployment without a success: it belongs in neither list. */
function neverWorked({ state, hold, facts }: TargetView): boolean {
  return state === 'suspect' && hold === null && facts?.failureRun?.after === 0;
}

/**
 * A deployment once for each id that a version of LiteLLM has for it. LiteLLM finds rows by id, and shows rows with another
 * id in its `/health` without using them.
 */
function underEachId(deployment: Deployment): readonly Deployment[] {
  const { formerModelId } = deployment;
  return formerModelId === undefined ? [deployment] : [deployment, { ...deployment, modelId: formerModelId }];
}

function ownModel(model: string, id: string, formerId: string | undefined): OwnModel {
  return { id, model, ...(formerId !== undefined && { formerId }) };
}

/** The first deployment per id, as LiteLLM checks only that one. */
function onePerId(deployments: readonly Deployment[]): readonly Deployment[] {
  const firsts = new Map(deployments.toReversed().map((one) => [one.modelId, one]));
  return deployments.filter((one) => firsts.get(one.modelId) === one);
}
