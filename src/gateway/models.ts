import type { ModelBody, ModelInfoRow } from '../api/index.ts';
import type { Deployment } from '../config/index.ts';
import type { Caller } from '../http/index.ts';

/** A model group. `created` and `owned_by` are LiteLLM's constants. */
export function modelOf(id: string): ModelBody {
  return { id, object: 'model', created: 1_677_610_602, owned_by: 'openai' };
}

/** A deployment as `/model/info` shows it: the parameters that may be seen, and to a scoped key not where it is. */
export function modelInfoOf(
  { modelName, modelId, model, mode, writtenParams }: Deployment,
  caller: Caller,
): ModelInfoRow {
  const { model: _model, ...shown } = writtenParams;
  const { api_base: _base, api_version: _version, aws_bedrock_runtime_endpoint: _aws, ...elsewhere } = shown;
  return {
    model_name: modelName,
    litellm_params: { ...(caller.role === 'admin' ? shown : elsewhere), model },
    model_info: { id: modelId, db_model: false, mode },
  };
}
