import { z } from 'zod';
import type { Route } from '../route.ts';
import { count, detail, flag, switched, text } from './shapes.ts';

export interface ListQuery {
  readonly healthy_only: boolean;
}

const healthyOnly = switched.describe('omits groups whose deployments are all down');

const model = z.strictObject({ id: text, object: z.literal('model'), created: count, owned_by: text });

export const models: Route<ListQuery> = {
  name: 'models',
  method: 'GET',
  paths: ['/v1/models', '/models'],
  auth: 'any',
  group: 'Models',
  summary: 'Model groups',
  query: z.object({ healthy_only: healthyOnly }),
  answers: { 200: { when: 'always', schema: z.strictObject({ data: z.array(model), object: z.literal('list') }) } },
};

export const modelByName: Route<ListQuery> = {
  name: 'modelByName',
  method: 'GET',
  paths: ['/v1/models/{name}', '/models/{name}'],
  auth: 'any',
  group: 'Models',
  summary: 'One model group',
  params: { name: 'name of the group; slashes need no escaping' },
  query: z.object({ healthy_only: healthyOnly }),
  answers: {
    200: { when: 'the key may see the group', schema: model },
    404: { when: 'no such group, the key may not see it, or it is omitted', schema: detail },
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
  query: z.object({ healthy_only: healthyOnly, litellm_model_id: text.optional().describe('id of one deployment') }),
  answers: {
    200: {
      when: 'always',
      schema: z.strictObject({
        data: z.array(
          z.strictObject({
            model_name: text,
            litellm_params: z.looseObject({ model: text }),
            model_info: z.strictObject({ id: text, db_model: flag, mode: text }),
          }),
        ),
      }),
    },
    400: { when: 'no deployment has this `litellm_model_id`, or the key may not see it', schema: detail },
  },
};

export const modelRoutes: readonly Route[] = [models, modelByName, modelInfo];
