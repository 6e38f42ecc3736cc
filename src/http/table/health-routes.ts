import { z } from 'zod';
import type { Route } from '../route.ts';
import * as shape from './health-shapes.ts';
import { detail, error, shuttingDown, text } from './shapes.ts';

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
  summary: 'Deployments by verdict',
  query: z.object({
    model: text.optional().describe("public name of a group, else the upstream's own name such as `openai/gpt-4o`"),
    model_id: text.optional().describe('id of one deployment; takes precedence over `model`'),
  }),
  answers: {
    200: { when: 'without a query always; with a query, if any selected deployment is healthy', schema: shape.health },
    403: { when: 'a scoped key requests a model that it may not see or that does not exist', schema: detail },
    404: { when: 'no deployment has this `model_id`', schema: detail },
    500: { when: 'the pod has no model list', schema: detail },
    503: { when: 'with a query: none of the selected deployments is healthy', schema: shape.health },
  },
};

export const sharedStatus: Route = {
  name: 'sharedStatus',
  method: 'GET',
  paths: ['/health/shared-status'],
  auth: 'admin',
  group: 'Health',
  summary: "State of health sharing between pods, in LiteLLM's format",
  answers: { 200: { when: 'always', schema: shape.sharedStatus } },
};

export const license: Route = {
  name: 'license',
  method: 'GET',
  paths: ['/health/license'],
  auth: 'admin',
  group: 'Health',
  summary: 'Same answer as LiteLLM without a licence',
  answers: { 200: { when: 'always', schema: shape.license } },
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
  summary: 'Probe results of the fleet, newest first',
  query: z.object({
    model: text.optional().describe('public name of a group'),
    status_filter: text.optional().describe('`healthy` or `unhealthy`; other values match no rows'),
    limit: z.coerce.number().int().min(1).max(1_000).default(100).describe('maximum number of rows'),
    offset: z.coerce.number().int().min(0).max(1_000_000).default(0).describe('number of rows to skip'),
  }),
  answers: {
    200: { when: 'the store answered', schema: shape.history },
    500: { when: 'the store did not answer within its deadline', schema: detail },
  },
};

export const latest: Route = {
  name: 'latest',
  method: 'GET',
  paths: ['/health/latest'],
  auth: 'admin',
  group: 'Health',
  summary: 'Result of the last probe of each deployment, from memory',
  answers: { 200: { when: 'always', schema: shape.latest } },
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
  summary: 'Sends a test message to a service; this version has no services',
  query: z.object({ service: text.describe('such as `slack`') }),
  answers: {
    400: { when: 'the service is unknown to LiteLLM too', schema: error },
    403: { when: 'a scoped key requests `newrelic`, `pointfive` or `webhook`', schema: error },
    422: { when: 'the service is not configured; this version has none', schema: z.union([error, detail]) },
  },
};

export interface ConnectionBody {
  readonly mode?: string | undefined;
  readonly litellm_params: Readonly<Record<string, unknown>>;
  readonly model_info?: Readonly<Record<string, unknown>> | undefined;
}

const modes =
  `chat completion embedding audio_speech audio_transcription image_generation image_edit video_generation batch
  rerank realtime responses ocr`.split(/\s+/);

export const testConnection: Route<unknown, ConnectionBody> = {
  name: 'testConnection',
  method: 'POST',
  paths: ['/health/test_connection'],
  auth: 'admin',
  group: 'Health',
  summary: 'Probes a deployment of the model list, or a candidate for it',
  body: z.object({
    mode: z.enum(modes).optional(),
    litellm_params: z
      .record(z.string(), z.unknown())
      .describe('as in the configuration. Parameters with their own connection inherit nothing from the model list'),
    model_info: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('as in the configuration; `id` selects a deployment'),
  }),
  answers: {
    200: { when: 'the probe ran; `status` is its result', schema: shape.tested },
    400: { when: 'the parameters are invalid, or refer to environment variables', schema: z.union([detail, error]) },
  },
};

export const readiness: Route = {
  name: 'readiness',
  method: 'GET',
  paths: ['/health/readiness'],
  auth: 'none',
  group: 'Pod',
  summary: 'Readiness: does the pod accept requests',
  answers: {
    200: { when: 'the pod accepts requests', schema: shape.readiness },
    503: { when: 'the pod is stopping', schema: shuttingDown },
  },
};

export const readinessDetails: Route = {
  name: 'readinessDetails',
  method: 'GET',
  paths: ['/health/readiness/details'],
  auth: 'admin',
  group: 'Pod',
  summary: 'Readiness with details',
  answers: {
    200: { when: 'the pod accepts requests', schema: shape.readinessDetails },
    503: { when: 'the pod is stopping', schema: shuttingDown },
  },
};

export const liveness: Route = {
  name: 'liveness',
  method: 'GET',
  paths: ['/health/liveliness', '/health/liveness'],
  auth: 'none',
  group: 'Pod',
  summary: 'Liveness: does the process answer',
  answers: {
    200: { when: 'the process answers', schema: z.literal("I'm alive!") },
    503: { when: 'the pod is stopping', schema: shuttingDown },
  },
};

export const probeOptions: Route = {
  name: 'probeOptions',
  method: 'OPTIONS',
  paths: ['/health/readiness', '/health/liveliness', '/health/liveness'],
  auth: 'none',
  group: 'Pod',
  summary: 'Allowed methods of the three probes',
  answers: { 200: { when: 'always, without a body' } },
};

export const backlog: Route = {
  name: 'backlog',
  method: 'GET',
  paths: ['/health/backlog'],
  auth: 'admin',
  group: 'Pod',
  summary: 'Number of requests in flight in this pod, including this one',
  answers: { 200: { when: 'always', schema: shape.backlog } },
};

export const drain: Route = {
  name: 'drain',
  method: 'GET',
  paths: ['/health/drain'],
  auth: 'token',
  group: 'Pod',
  summary: 'Takes the pod out of service until it restarts, then waits for running requests',
  answers: {
    200: { when: 'drained: running requests have finished, leases are released', schema: shape.drained },
    401: { when: '`X-Drain-Token` is missing or wrong', schema: detail },
    404: { when: 'disabled: `enable_drain_endpoint` is not set, or there is no token', schema: detail },
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
