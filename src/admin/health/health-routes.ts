import { z } from 'zod';
import {
  backlogSchema,
  connectionSchema,
  detailSchema,
  drainedSchema,
  errorSchema,
  healthSchema,
  historySchema,
  latestSchema,
  licenseSchema,
  livenessSchema,
  readinessDetailsSchema,
  readinessSchema,
  sharedStatusSchema,
  shuttingDownSchema,
  testedSchema,
} from '../../api/index.ts';
import type { ConnectionRequest } from '../../api/index.ts';
import type { Route } from '../../http/index.ts';

export interface HealthQuery {
  readonly model?: string | undefined;
  readonly model_id?: string | undefined;
}

export const health: Route<HealthQuery> = {
  name: 'health',
  method: 'GET',
  paths: ['/health'],
  auth: 'any',
  group: 'Health',
  summary: 'Deployments, grouped into healthy and unhealthy',
  query: z.object({
    model: z.string().optional().describe('model group, else upstream name such as `openai/gpt-4o`'),
    model_id: z.string().optional().describe('one deployment; takes precedence over `model`'),
  }),
  answers: {
    200: { when: 'no query, or at least one selected deployment is healthy', schema: healthSchema },
    403: {
      when: 'a scoped key asks for an unknown model, or one that it may not see; or the key is one for events',
      schema: z.union([errorSchema, detailSchema]),
    },
    404: { when: 'unknown `model_id`', schema: detailSchema },
    500: { when: 'no model list is configured', schema: detailSchema },
    503: { when: 'no selected deployment is healthy', schema: healthSchema },
  },
};

export const sharedStatus: Route = {
  name: 'sharedStatus',
  method: 'GET',
  paths: ['/health/shared-status'],
  auth: 'admin',
  group: 'Health',
  summary: "Status of sharing between pods, in LiteLLM's format",
  answers: { 200: { when: 'always', schema: sharedStatusSchema } },
};

export const license: Route = {
  name: 'license',
  method: 'GET',
  paths: ['/health/license'],
  auth: 'admin',
  group: 'Health',
  summary: 'Licence status: none, as LiteLLM without a licence',
  answers: { 200: { when: 'always', schema: licenseSchema } },
};

export interface HistoryQuery {
  readonly model?: string | undefined;
  readonly status_filter?: string | undefined;
  readonly limit: number;
  readonly offset: number;
}

export const history: Route<HistoryQuery> = {
  name: 'history',
  method: 'GET',
  paths: ['/health/history'],
  auth: 'admin',
  group: 'Health',
  summary: "Probe results from the fleet's history, newest first",
  query: z.object({
    model: z.string().optional().describe('model group'),
    status_filter: z.string().optional().describe('`healthy` or `unhealthy`; any other value matches nothing'),
    limit: z.coerce.number().int().min(1).max(1_000).default(100).describe('maximum number of rows'),
    offset: z.coerce.number().int().min(0).max(1_000_000).default(0).describe('rows to skip'),
  }),
  answers: {
    200: { when: 'Redis answered', schema: historySchema },
    500: { when: 'Redis did not answer in time', schema: detailSchema },
  },
};

export const latest: Route = {
  name: 'latest',
  method: 'GET',
  paths: ['/health/latest'],
  auth: 'admin',
  group: 'Health',
  summary: 'Last probe result of each deployment, from memory',
  answers: { 200: { when: 'always', schema: latestSchema } },
};

export interface ServiceQuery {
  readonly service: string;
}

export const services: Route<ServiceQuery> = {
  name: 'services',
  method: 'GET',
  paths: ['/health/services'],
  auth: 'any',
  group: 'Health',
  summary: 'Test message to a service; not available in this version',
  query: z.object({ service: z.string().describe('such as `slack`') }),
  answers: {
    400: { when: 'LiteLLM does not know the service', schema: errorSchema },
    403: {
      when: 'a scoped key asks for `newrelic`, `pointfive` or `webhook`; or the key is one for events',
      schema: errorSchema,
    },
    422: { when: 'the service is not set up (all services)', schema: z.union([errorSchema, detailSchema]) },
  },
};

export const testConnection: Route<unknown, ConnectionRequest> = {
  name: 'testConnection',
  method: 'POST',
  paths: ['/health/test_connection'],
  auth: 'admin',
  group: 'Health',
  summary: 'Probe a configured deployment, or the parameters of a new one',
  body: connectionSchema,
  answers: {
    200: { when: 'the probe was made; `status` is its result', schema: testedSchema },
    400: {
      when: 'the parameters are invalid, or refer to the environment',
      schema: z.union([detailSchema, errorSchema]),
    },
  },
};

export const readiness: Route = {
  name: 'readiness',
  method: 'GET',
  paths: ['/health/readiness'],
  auth: 'none',
  group: 'Pod',
  summary: 'Readiness: the pod accepts requests',
  answers: {
    200: { when: 'yes', schema: readinessSchema },
    503: { when: 'the pod is stopping or drained', schema: shuttingDownSchema },
  },
};

export const readinessDetails: Route = {
  name: 'readinessDetails',
  method: 'GET',
  paths: ['/health/readiness/details'],
  auth: 'admin',
  group: 'Pod',
  summary: 'Readiness with details of the setup',
  answers: {
    200: { when: 'yes', schema: readinessDetailsSchema },
    503: { when: 'the pod is stopping or drained', schema: shuttingDownSchema },
  },
};

export const liveness: Route = {
  name: 'liveness',
  method: 'GET',
  paths: ['/health/liveliness', '/health/liveness'],
  auth: 'none',
  group: 'Pod',
  summary: 'Liveness: the process answers',
  answers: {
    200: { when: 'yes', schema: livenessSchema },
    503: { when: 'the pod is stopping or drained', schema: shuttingDownSchema },
  },
};

export const probeOptions: Route = {
  name: 'probeOptions',
  method: 'OPTIONS',
  paths: ['/health/readiness', '/health/liveliness', '/health/liveness'],
  auth: 'none',
  group: 'Pod',
  summary: 'Allowed methods of the three paths',
  answers: { 200: { when: 'always, without a body' } },
};

export const backlog: Route = {
  name: 'backlog',
  method: 'GET',
  paths: ['/health/backlog'],
  auth: 'admin',
  group: 'Pod',
  summary:
    'Requests in flight in this pod, including this one, and requests rejected with 503 by max_in_flight or max_buffered_bytes since its start; none is queued',
  answers: { 200: { when: 'always', schema: backlogSchema } },
};

export const drain: Route = {
  name: 'drain',
  method: 'GET',
  paths: ['/health/drain'],
  auth: 'token',
  group: 'Pod',
  summary: 'Take the pod out of service, then wait for running requests',
  answers: {
    200: { when: 'drained: requests answered, leases released', schema: drainedSchema },
    401: { when: '`X-Drain-Token` is missing or wrong', schema: detailSchema },
    404: { when: 'disabled: `enable_drain_endpoint` is off, or no token is set', schema: detailSchema },
  },
};

export const healthRoutes: readonly Route[] = [
  health,
  history,
  latest,
  sharedStatus,
  services,
  testConnection,
  license,
  readiness,
  readinessDetails,
  liveness,
  probeOptions,
  backlog,
  drain,
];
