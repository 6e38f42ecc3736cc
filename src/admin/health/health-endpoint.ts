import type { HealthBody } from '../../api/index.ts';
import type { UnprobedDeployment } from '../../config/index.ts';
import { detailAnswer, jsonAnswer, maySee } from '../../http/index.ts';
import type { Caller } from '../../http/index.ts';
import type { HealthQuery } from './health-routes.ts';
import type { AdminConfig, AdminOptions } from '../admin-options.ts';
import { healthBody } from './health-body.ts';
import type { UnprobedReader } from '../../ports/index.ts';
import { unprobedBody } from '../unprobed-shown.ts';
import { createRows, fieldNotice, withoutAddresses } from './health-row.ts';

export type HealthEndpoint = (
  query: HealthQuery,
  asking: { readonly caller: Caller; readonly signal: AbortSignal },
) => Promise<Response>;

type HealthParts = Pick<AdminOptions, 'fleet' | 'config' | 'redact' | 'showRequest' | 'unprobed'>;

/**
 * `GET /health`. With background checks it reads memory; without, it first brings the targets up to date, through
 * claims, so that callers on all pods share one probe. A target that was asked for by name and is not healthy: 503. A
 * scoped key sees its model groups only, and not where they are; of all others it learns as little as of unknown ones.
 */
export function createHealthEndpoint({ fleet, config, redact, showRequest, unprobed }: HealthParts): HealthEndpoint {
  const allRows = createRows(config, { redact, showRequest });
  const scopedRows = withoutAddresses(allRows, config.targets);
  const onDemand = isOnDemand(config);
  // Deployments that opted out of background checks are probed on demand, as in LiteLLM, unless the configuration
  // excludes them there too.
  const shown = config.deployments.filter((deployment) => (onDemand ? deployment.onDemand : deployment.inBackground));
  // Background checks will confirm or refute a first failure. On-demand checks do so only with the next request, so
  // the first failure already counts.
  const suspects = onDemand ? 'unhealthy' : 'healthy';
  return async (query, { caller, signal }) => {
    const scoped = caller.role === 'scoped';
    const everything = [...config.deployments, ...config.unprobed];
    if (everything.length === 0) return detailAnswer(500, { error: 'Model list not initialized' });
    const { model, model_id: modelId } = named(query);
    if (scoped && !reaches(caller, everything, { model, modelId })) {
      const what = modelId === undefined ? `model ${model}` : `model_id ${modelId}`;
      return detailAnswer(403, { error: `key not allowed to health-check ${what}` });
    }
    if (modelId !== undefined && !everything.some((deployment) => deployment.modelId === modelId)) {
      return detailAnswer(404, { error: `Model with ID ${modelId} not found` });
    }
    const asked = narrow(seenBy(caller, shown), { model, modelId });
    if (onDemand) await fleet.check([...new Set(asked.map(({ targetId }) => targetId))], signal);
    const body: HealthBody = {
      ...healthBody(fleet, asked, { rows: scoped ? scopedRows : allRows, suspects }),
      ...unprobedOf(narrow(seenBy(caller, config.unprobed), { model, modelId }), unprobed),
    };
    const targeted = model !== undefined || modelId !== undefined;
    const answer = jsonAnswer<HealthBody>(body, targeted && body.healthy_count === 0 ? 503 : 200);
    if (scoped) answer.headers.set('litellm-health-field-notice', fieldNotice);
    return answer;
  };
}

/** Most configurations have none, and LiteLLM's answers have no such key. */
function unprobedOf(
  found: readonly UnprobedDeployment[],
  traffic: UnprobedReader,
): Pick<HealthBody, 'unprobed_endpoints'> {
  if (found.length === 0) return {};
  return { unprobed_endpoints: found.map((one) => unprobedBody(one, traffic)) };
}

/** True if this pod probes only when a request asks for it. */
export function isOnDemand({ activation }: Pick<AdminConfig, 'activation'>): boolean {
  return activation.mode === 'on-demand' || activation.mode === 'on-demand-shared';
}

interface Wanted {
  readonly model: string | undefined;
  readonly modelId: string | undefined;
}

/** An empty parameter names nothing. */
function named({ model, model_id: modelId }: HealthQuery): HealthQuery {
  return { model: model === '' ? undefined : model, model_id: modelId === '' ? undefined : modelId };
}

/** What deployments are selected by, whether or not they are probed. */
type Named = Pick<UnprobedDeployment, 'modelName' | 'modelId' | 'model'>;

function seenBy<T extends Named>(caller: Caller, deployments: readonly T[]): readonly T[] {
  return deployments.filter(({ modelName }) => maySee(caller, modelName));
}

/** Whether something of what was asked for, if it was asked for by name, is for this caller to see. */
function reaches(caller: Caller, deployments: readonly Named[], wanted: Wanted): boolean {
  const targeted = wanted.model !== undefined || wanted.modelId !== undefined;
  return !targeted || narrow(seenBy(caller, deployments), wanted).length > 0;
}

/** By id; else by the public name of a group; else by the upstream's own name. */
function narrow<T extends Named>(deployments: readonly T[], { model, modelId }: Wanted): readonly T[] {
  if (modelId !== undefined) return deployments.filter((deployment) => deployment.modelId === modelId);
  if (model === undefined) return deployments;
  const group = deployments.filter(({ modelName }) => modelName === model);
  return group.length > 0 ? group : deployments.filter((deployment) => deployment.model === model);
}
