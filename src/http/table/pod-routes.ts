import { z } from 'zod';
import type { Route } from '../route.ts';
import { count, text } from './shapes.ts';

const names = z.array(text);

export const callbacks: Route = {
  name: 'callbacks',
  method: 'GET',
  paths: ['/active/callbacks', '/settings'],
  auth: 'admin',
  group: 'Pod',
  summary: 'Callbacks and alerting; this version has none',
  answers: {
    200: {
      when: 'always',
      schema: z.strictObject({
        alerting: text,
        'litellm.callbacks': names,
        'litellm.input_callback': names,
        'litellm.failure_callback': names,
        'litellm.success_callback': names,
        'litellm._async_success_callback': names,
        'litellm._async_failure_callback': names,
        'litellm._async_input_callback': names,
        all_litellm_callbacks: names,
        num_callbacks: count,
        num_alerting: count,
        'litellm.request_timeout': z.null(),
      }),
    },
  },
};

export const test: Route = {
  name: 'test',
  method: 'GET',
  paths: ['/test'],
  auth: 'none',
  group: 'Pod',
  summary: 'Echo, for compatibility with LiteLLM',
  answers: { 200: { when: 'always', schema: z.strictObject({ route: z.literal('/test') }) } },
};

export const metrics: Route = {
  name: 'metrics',
  method: 'GET',
  paths: ['/metrics'],
  auth: 'metrics',
  group: 'Pod',
  summary: 'Metrics for Prometheus',
  answers: { 200: { when: 'always', type: 'text/plain' } },
};

export const openapi: Route = {
  name: 'openapi',
  method: 'GET',
  paths: ['/openapi.json'],
  auth: 'none',
  group: 'Pod',
  summary: 'All routes as an OpenAPI 3.1 document',
  answers: { 200: { when: 'always', schema: z.looseObject({ openapi: text }) } },
};

export const podRoutes: readonly Route[] = [metrics, openapi, callbacks, test];
