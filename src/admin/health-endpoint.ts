import type { Deployment } from '../config/index.ts';
import { detailAnswer, jsonAnswer } from '../http/index.ts';
import type { AdminConfig, AdminOptions } from './admin-options.ts';
import { healthBody } from './health-body.ts';
import { createRows } from './health-row.ts';

export interface HealthQuery {
  readonly model: string | undefined;
  readonly modelId: string | undefined;
}

export type HealthEndpoint = (query: HealthQuery, signal: AbortSignal) => Promise<Response>;

type HealthParts = Pick<AdminOptions, 'fleet' | 'config' | 'redact' | 'showRequest'>;

/**
 * `GET /health`. With background checks it reads memory; without, it first brings the targets up to date, through
 * claims, so that callers on all pods share one probe. A target that was asked for by name and is not healthy: 503.
 */
export function createHealthEndpoint({ fleet, config, redact, showRequest }: HealthParts): HealthEndpoint {
  const rows = createRows(config, { redact, showRequest });
  const onDemand = isOnDemand(config);
  // Probing in the background leaves opted-out deployments alone; somebody who asks gets them probed, as in LiteLLM,
  // unless the configuration says that they want nothing of it.
  const shown = config.deployments.filter((deployment) => (onDemand ? deployment.onDemand : deployment.inBackground));
  // In the background a confirmation is on its way. On demand there is none until somebody asks again, so the one
  // failure that was seen is the answer.
  const suspects = onDemand ? 'unhealthy' : 'healthy';
  return async ({ model, modelId }, signal) => {
    if (config.deployments.length === 0) return detailAnswer(500, { error: 'Model list not initialized' });
    if (modelId !== undefined && !config.deployments.some((deployment) => deployment.modelId === modelId)) {
      return detailAnswer(404, { error: `Model with ID ${modelId} not found` });
    }
    const asked = narrow(shown, { model, modelId });
    if (onDemand) await fleet.check([...new Set(asked.map(({ targetId }) => targetId))], signal);
    const body = healthBody(fleet, asked, { rows, suspects });
    const targeted = model !== undefined || modelId !== undefined;
    return jsonAnswer(body, targeted && body.healthy_count === 0 ? 503 : 200);
  };
}

/** Whether this pod probes only when somebody asks. */
export function isOnDemand({ activation }: Pick<AdminConfig, 'activation'>): boolean {
  return activation.mode === 'on-demand' || activation.mode === 'on-demand-shared';
}

/** By id; else by the public name of a group; else by the upstream's own name. */
function narrow(deployments: readonly Deployment[], { model, modelId }: HealthQuery): readonly Deployment[] {
  if (modelId !== undefined) return deployments.filter((deployment) => deployment.modelId === modelId);
  if (model === undefined) return deployments;
  const group = deployments.filter(({ modelName }) => modelName === model);
  return group.length > 0 ? group : deployments.filter((deployment) => deployment.model === model);
}
