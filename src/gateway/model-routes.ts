import { z } from 'zod';
import { detailSchema, modelInfoSchema, modelSchema, modelsSchema } from '../api/index.ts';
import type { Route } from '../http/index.ts';

export interface ListQuery {
  readonly healthy_only: boolean;
}

/** `?flag=true`, however it is spelt. */
const switched: z.ZodType<boolean, string | undefined> = z
  .enum(['true', 'false', 'True', 'False', '1', '0', 'yes', 'no', 'on', 'off'])
  .optional()
  .transform((word) => ['true', 'True', '1', 'yes', 'on'].includes(word ?? ''));

const healthyOnly = switched.describe('omit groups whose deployments are all down');

export const models: Route<ListQuery> = {
  name: 'models',
  method: 'GET',
  paths: ['/v1/models', '/models'],
  auth: 'any',
  group: 'Models',
  summary: 'Model groups, and their aliases that are not hidden',
  query: z.object({ healthy_only: healthyOnly }),
  answers: { 200: { when: 'always', schema: modelsSchema } },
};

export const modelByName: Route<ListQuery> = {
  name: 'modelByName',
  method: 'GET',
  paths: ['/v1/models/{name}', '/models/{name}'],
  auth: 'any',
  group: 'Models',
  summary: 'One model group or alias',
  params: { name: 'model group or alias; slashes need no escaping' },
  query: z.object({ healthy_only: healthyOnly }),
  answers: {
    200: { when: 'the key may see the group', schema: modelSchema },
    404: { when: 'unknown group, not visible to the key, or omitted', schema: detailSchema },
  },
};

export interface InfoQuery extends ListQuery {
  readonly litellm_model_id?: string | undefined;
}

export const modelInfo: Route<InfoQuery> = {
  name: 'modelInfo',
  method: 'GET',
  paths: ['/v1/model/info', '/model/info'],
  auth: 'any',
  group: 'Models',
  summary: 'Deployments with their parameters, without secrets',
  query: z.object({ healthy_only: healthyOnly, litellm_model_id: z.string().optional().describe('one deployment') }),
  answers: {
    200: {
      when: 'always',
      schema: modelInfoSchema,
    },
    400: { when: '`litellm_model_id` is unknown, or not visible to the key', schema: detailSchema },
  },
};

export const modelRoutes: readonly Route[] = [models, modelByName, modelInfo];
