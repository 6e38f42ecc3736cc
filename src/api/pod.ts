import { z } from 'zod';
import { atLeast, count, exactly, flag, text } from './schema.ts';

/** `GET /health/liveness`. */
export type LivenessBody = "I'm alive!";

/** `GET /health/readiness`; with the keys of {@link ReadinessDetailsBody} where the configuration says so. */
export interface ReadinessBody {
  readonly status: 'healthy';
  readonly db: string;
}

/** `GET /health/readiness/details`: LiteLLM's keys. */
export interface ReadinessDetailsBody extends ReadinessBody {
  readonly cache: string | null;
  readonly litellm_version: string;
  readonly success_callbacks: readonly string[];
  readonly use_aiohttp_transport: boolean;
  readonly log_level: 'INFO' | 'DEBUG';
  readonly is_detailed_debug: boolean;
  readonly show_no_redis_warning: boolean;
  readonly show_env_credential_login_warning: boolean;
}

/** Liveness and readiness of a pod that stops. */
export interface ShuttingDownBody {
  readonly status: 'shutting_down';
}

/** `GET /health/license`. */
export interface LicenseBody {
  readonly has_license: boolean;
  readonly license_type: string;
  readonly expiration_date: null;
  readonly allowed_features: readonly string[];
  readonly limits: { readonly max_users: null; readonly max_teams: null };
}

/** `GET /health/backlog`. */
export interface BacklogBody {
  readonly in_flight_requests: number;
  readonly admitted_requests: number;
  readonly queued_requests: number;
  readonly rejected_requests: number;
}

/** `GET /health/drain`. */
export interface DrainedBody {
  readonly status: 'drained';
  readonly drained_requests: number;
}

/** `GET /active/callbacks`: LiteLLM's document. */
export interface CallbacksBody {
  readonly alerting: string;
  readonly 'litellm.callbacks': readonly string[];
  readonly 'litellm.input_callback': readonly string[];
  readonly 'litellm.failure_callback': readonly string[];
  readonly 'litellm.success_callback': readonly string[];
  readonly 'litellm._async_success_callback': readonly string[];
  readonly 'litellm._async_failure_callback': readonly string[];
  readonly 'litellm._async_input_callback': readonly string[];
  readonly all_litellm_callbacks: readonly string[];
  readonly num_callbacks: number;
  readonly num_alerting: number;
  readonly 'litellm.request_timeout': null;
}

/** `GET /test`. */
export interface EchoBody {
  readonly route: '/test';
}

/** `GET /openapi.json`. */
export interface OpenApiBody {
  readonly openapi: string;
}

export const livenessSchema: z.ZodType<LivenessBody> = z.literal("I'm alive!");

export const readinessSchema: z.ZodType<ReadinessBody> = atLeast<ReadinessBody>({
  status: z.literal('healthy'),
  db: text,
});

export const readinessDetailsSchema: z.ZodType<ReadinessDetailsBody> = exactly<ReadinessDetailsBody>({
  status: z.literal('healthy'),
  db: text,
  cache: text.nullable(),
  litellm_version: text,
  success_callbacks: z.array(text),
  use_aiohttp_transport: flag,
  log_level: z.enum(['INFO', 'DEBUG']),
  is_detailed_debug: flag,
  show_no_redis_warning: flag,
  show_env_credential_login_warning: flag,
});

export const shuttingDownSchema: z.ZodType<ShuttingDownBody> = exactly<ShuttingDownBody>({
  status: z.literal('shutting_down'),
});

export const licenseSchema: z.ZodType<LicenseBody> = exactly<LicenseBody>({
  has_license: flag,
  license_type: text,
  expiration_date: z.null(),
  allowed_features: z.array(text),
  limits: exactly<LicenseBody['limits']>({ max_users: z.null(), max_teams: z.null() }),
});

export const backlogSchema: z.ZodType<BacklogBody> = exactly<BacklogBody>({
  in_flight_requests: count,
  admitted_requests: count,
  queued_requests: count,
  rejected_requests: count,
});

export const drainedSchema: z.ZodType<DrainedBody> = exactly<DrainedBody>({
  status: z.literal('drained'),
  drained_requests: count,
});

const names = z.array(text);

export const callbacksSchema: z.ZodType<CallbacksBody> = exactly<CallbacksBody>({
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
});

/** `GET /`, in LiteLLM's words. */
export type RootBody = 'LiteLLM: RUNNING';

export const rootSchema: z.ZodType<RootBody> = z.literal('LiteLLM: RUNNING');

export const echoSchema: z.ZodType<EchoBody> = exactly<EchoBody>({ route: z.literal('/test') });

export const openApiSchema: z.ZodType<OpenApiBody> = atLeast<OpenApiBody>({ openapi: text });
