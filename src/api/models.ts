import { z } from 'zod';
import { atLeast, count, exactly, flag, text } from './schema.ts';

/** `GET /v1/models/{name}`: a model group as OpenAI describes a model. */
export interface ModelBody {
  readonly id: string;
  readonly object: 'model';
  readonly created: number;
  readonly owned_by: string;
}

/** `GET /v1/models`. */
export interface ModelsBody {
  readonly data: readonly ModelBody[];
  readonly object: 'list';
}

/** A deployment with the parameters that may be shown. */
export interface ModelInfoRow {
  readonly model_name: string;
  /** As configured, beside `model`. */
  readonly litellm_params: { readonly model: string };
  readonly model_info: { readonly id: string; readonly db_model: boolean; readonly mode: string };
}

/** `GET /v1/model/info`. */
export interface ModelInfoBody {
  readonly data: readonly ModelInfoRow[];
}

export const modelSchema: z.ZodType<ModelBody> = exactly<ModelBody>({
  id: text,
  object: z.literal('model'),
  created: count,
  owned_by: text,
});

export const modelsSchema: z.ZodType<ModelsBody> = exactly<ModelsBody>({
  data: z.array(modelSchema),
  object: z.literal('list'),
});

export const modelInfoSchema: z.ZodType<ModelInfoBody> = exactly<ModelInfoBody>({
  data: z.array(
    exactly<ModelInfoRow>({
      model_name: text,
      litellm_params: atLeast<ModelInfoRow['litellm_params']>({ model: text }),
      model_info: exactly<ModelInfoRow['model_info']>({ id: text, db_model: flag, mode: text }),
    }),
  ),
});
