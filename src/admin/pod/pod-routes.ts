import { callbacksSchema, echoSchema, openApiSchema, rootSchema } from '../../api/index.ts';
import type { Route } from '../../http/index.ts';

export const callbacks: Route = {
  name: 'callbacks',
  method: 'GET',
  paths: ['/active/callbacks', '/settings'],
  auth: 'admin',
  group: 'Pod',
  summary: 'A constant answer in the format of LiteLLM; alerts are at `/fleet/alerts`',
  answers: {
    200: {
      when: 'always',
      schema: callbacksSchema,
    },
  },
};

/** Load balancers ask for it by default. LiteLLM shows its documentation there, also without a key. */
export const root: Route = {
  name: 'root',
  method: 'GET',
  paths: ['/'],
  auth: 'none',
  group: 'Pod',
  summary: 'LiteLLM\'s `"LiteLLM: RUNNING"`; says nothing about health',
  answers: { 200: { when: 'always', schema: rootSchema } },
};

export const test: Route = {
  name: 'test',
  method: 'GET',
  paths: ['/test'],
  auth: 'none',
  group: 'Pod',
  summary: 'LiteLLM\'s test answer, `{"route":"/test"}`',
  answers: { 200: { when: 'always', schema: echoSchema } },
};

export const metrics: Route = {
  name: 'metrics',
  method: 'GET',
  paths: ['/metrics'],
  auth: 'metrics',
  group: 'Pod',
  summary: 'Prometheus metrics of this pod',
  answers: { 200: { when: 'always; compressed if `Accept-Encoding` has `gzip`', type: 'text/plain' } },
};

export const fleetMetrics: Route = {
  name: 'fleetMetrics',
  method: 'GET',
  paths: ['/metrics/fleet'],
  auth: 'metrics',
  group: 'Fleet',
  summary: 'Prometheus metrics of the fleet, the same from every pod',
  answers: { 200: { when: 'always; compressed if `Accept-Encoding` has `gzip`', type: 'text/plain' } },
};

export const openapi: Route = {
  name: 'openapi',
  method: 'GET',
  paths: ['/openapi.json'],
  auth: 'none',
  group: 'Pod',
  summary: 'OpenAPI 3.1 document of all routes',
  answers: { 200: { when: 'always', schema: openApiSchema } },
};

export const podRoutes: readonly Route[] = [metrics, fleetMetrics, openapi, callbacks, test, root];
