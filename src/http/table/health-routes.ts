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
import type { Route } from '../route.ts';

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
  summary: 'The deployments by verdict',
  query: z.object({
    model: z
      .string()
      .optional()
      .describe("public name of a group, else the upstream's own name such as `openai/gpt-4o`"),
    model_id: z.string().optional().describe('one deployment; goes before `model`'),
  }),
  answers: {
    200: { when: 'always without a query; with one, if anything asked for is healthy', schema: healthSchema },
    403: { when: 'a scoped key asks for a model that it may not see, or that nobody knows', schema: detailSchema },
    404: { when: 'a `model_id` that nobody knows', schema: detailSchema },
    500: { when: 'there is no model list', schema: detailSchema },
    503: { when: 'asked for by name, and nothing of it is healthy', schema: healthSchema },
  },
};

export const sharedStatus: Route = {
  name: 'sharedStatus',
  method: 'GET',
  paths: ['/health/shared-status'],
  auth: 'admin',
  group: 'Health',
  summary: "Sharing between pods, LiteLLM's document",
  answers: { 200: { when: 'always', schema: sharedStatusSchema } },
};

export const license: Route = {
  name: 'license',
  method: 'GET',
  paths: ['/health/license'],
  auth: 'admin',
  group: 'Health',
  summary: 'What LiteLLM without a licence answers',
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
  summary: 'What probes saw, newest first, as the fleet remembers it',
  query: z.object({
    model: z.string().optional().describe('public name of a group'),
    status_filter: z.string().optional().describe('`healthy` or `unhealthy`; nothing has any other status'),
    limit: z.coerce.number().int().min(1).max(1_000).default(100).describe('rows at most'),
    offset: z.coerce.number().int().min(0).max(1_000_000).default(0).describe('rows to leave out first'),
  }),
  answers: {
    200: { when: 'the store answered', schema: historySchema },
    500: { when: 'the store did not answer within its deadline', schema: detailSchema },
  },
};

export const latest: Route = {
  name: 'latest',
  method: 'GET',
  paths: ['/health/latest'],
  auth: 'admin',
  group: 'Health',
  summary: 'What the last probe of each deployment saw, from memory',
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
  summary: 'A test message to a service; there is none in this version',
  query: z.object({ service: z.string().describe('such as `slack`') }),
  answers: {
    400: { when: 'LiteLLM does not know the service, either', schema: errorSchema },
    403: { when: 'a scoped key asks for `newrelic`, `pointfive` or `webhook`', schema: errorSchema },
    422: { when: 'the service is not set up, which is so for all', schema: z.union([errorSchema, detailSchema]) },
  },
};

export const testConnection: Route<unknown, ConnectionRequest> = {
  name: 'testConnection',
  method: 'POST',
  paths: ['/health/test_connection'],
  auth: 'admin',
  group: 'Health',
  summary: 'Probes a deployment of the list, or one that could become one',
  body: connectionSchema,
  answers: {
    200: { when: 'the probe was made; `status` says how it went', schema: testedSchema },
    400: {
      when: 'the parameters cannot be used, or refer to the environment',
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
  summary: 'Whether the pod takes requests',
  answers: {
    200: { when: 'it does', schema: readinessSchema },
    503: { when: 'it stops', schema: shuttingDownSchema },
  },
};

export const readinessDetails: Route = {
  name: 'readinessDetails',
  method: 'GET',
  paths: ['/health/readiness/details'],
  auth: 'admin',
  group: 'Pod',
  summary: 'The same with what the pod runs on',
  answers: {
    200: { when: 'it does', schema: readinessDetailsSchema },
    503: { when: 'it stops', schema: shuttingDownSchema },
  },
};

export const liveness: Route = {
  name: 'liveness',
  method: 'GET',
  paths: ['/health/liveliness', '/health/liveness'],
  auth: 'none',
  group: 'Pod',
  summary: 'Whether the process answers',
  answers: {
    200: { when: 'it does', schema: livenessSchema },
    503: { when: 'it stops', schema: shuttingDownSchema },
  },
};

export const probeOptions: Route = {
  name: 'probeOptions',
  method: 'OPTIONS',
  paths: ['/health/readiness', '/health/liveliness', '/health/liveness'],
  auth: 'none',
  group: 'Pod',
  summary: 'The methods of the three',
  answers: { 200: { when: 'always, without a body' } },
};

export const backlog: Route = {
  name: 'backlog',
  method: 'GET',
  paths: ['/health/backlog'],
  auth: 'admin',
  group: 'Pod',
  summary: 'Requests in flight in this pod, this one among them',
  answers: { 200: { when: 'always', schema: backlogSchema } },
};

export const drain: Route = {
  name: 'drain',
  method: 'GET',
  paths: ['/health/drain'],
  auth: 'token',
  group: 'Pod',
  summary: 'Takes the pod out of service for good, then waits for what runs',
  answers: {
    200: { when: 'drained: requests are answered, leases are given back', schema: drainedSchema },
    401: { when: '`X-Drain-Token` is missing or wrong', schema: detailSchema },
    404: { when: 'closed: `enable_drain_endpoint` is not on, or there is no token', schema: detailSchema },
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
