import type { UnprobedBody } from '../api/index.ts';
import type { UnprobedDeployment } from '../config/index.ts';

/** A deployment that is not probed, as endpoints show it. */
export function unprobedBody({ modelName, modelId, model, why }: UnprobedDeployment): UnprobedBody {
  return { model_name: modelName, model_id: modelId, model, watched: 'traffic', why };
}
