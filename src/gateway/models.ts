import type { Deployment } from '../config/index.ts';
import type { Caller } from '../http/index.ts';

/** A model group as OpenAI describes a model. `created` and `owned_by` are LiteLLM's constants. */
export interface ListedModel {
  readonly id: string;
  readonly object: 'model';
  readonly created: number;
  readonly owned_by: 'openai';
}

export function modelOf(id: string): ListedModel {
  return { id, object: 'model', created: 1_677_610_602, owned_by: 'openai' };
}

/** A deployment as `/model/info` shows it: the parameters that may be seen, and to a scoped key not where it is. */
export function modelInfoOf(
  { modelName, modelId, model, mode, writtenParams }: Deployment,
  caller: Caller,
): Readonly<Record<string, unknown>> {
  const { model: _model, ...shown } = writtenParams;
  const { api_base: _base, api_version: _version, aws_bedrock_runtime_endpoint: _aws, ...elsewhere } = shown;
  return {
    model_name: modelName,
    litellm_params: { ...(caller.role === 'admin' ? shown : elsewhere), model },
    model_info: { id: modelId, db_model: false, mode },
  };
}
