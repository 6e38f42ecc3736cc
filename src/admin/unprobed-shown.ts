import type { UnprobedBody, UnprobedTrafficBody } from '../api/index.ts';
import type { UnprobedDeployment } from '../config/index.ts';
import type { UnprobedEvidence, UnprobedReader } from '../ports/index.ts';
import { isoOf, isoOrNull } from './times.ts';

/** A deployment that is not probed, as endpoints show it. */
export function unprobedBody(deployment: UnprobedDeployment, traffic: UnprobedReader): UnprobedBody {
  const { modelName, modelId, model, why } = deployment;
  const evidence = modelId === null ? undefined : traffic.evidence(modelId);
  return {
    model_name: modelName,
    model_id: modelId,
    model,
    watched: 'traffic',
    why,
    traffic: evidence === undefined ? null : trafficBody(evidence),
  };
}

function trafficBody({ lastSuccessAt, lastFailure, cooldownUntil }: UnprobedEvidence): UnprobedTrafficBody {
  return {
    last_success_at: isoOrNull(lastSuccessAt),
    last_failure: lastFailure === null ? null : { ...lastFailure, at: isoOf(lastFailure.at) },
    cooldown_until: isoOrNull(cooldownUntil),
  };
}
