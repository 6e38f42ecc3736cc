import { z } from 'zod';
import { hold } from './hold-shapes.ts';
import { adaptation, count, flag, level, maybeTime, mode, seconds, state, text, time, verdictFlag } from './shapes.ts';

/** LiteLLM's keys, which vary with the deployment's parameters, then ours. */
const row = z.looseObject({
  model: text,
  model_id: text,
  error: text.optional(),
  exception_status: z.int().optional(),
  state,
  hold: hold.optional(),
  stale: z.literal(true).optional(),
  flags: z.array(verdictFlag).optional(),
  checked_at: time.optional(),
  age_seconds: seconds.optional(),
  latency_ms: z.number().optional(),
  checked_by: text.optional(),
  level: level.optional(),
  probe_adapted: adaptation.optional(),
  budget_spent_until: time.optional(),
});

export const health: z.ZodType = z.strictObject({
  healthy_endpoints: z.array(row),
  unhealthy_endpoints: z.array(row),
  healthy_count: count,
  unhealthy_count: count,
  unknown_endpoints: z.array(row),
  unknown_count: count,
  checked_at: maybeTime,
  age_seconds: seconds.nullable(),
  mode,
  probing_paused: hold.optional(),
});

/** LiteLLM's keys; `details` is a JSON value there, too. */
const past = z.strictObject({
  health_check_id: text,
  model_name: text,
  model_id: text,
  status: z.enum(['healthy', 'unhealthy']),
  healthy_count: count,
  unhealthy_count: count,
  error_message: text.nullable(),
  response_time_ms: z.number(),
  details: z.strictObject({ target: text, level, reason: text, class: text.optional() }),
  checked_by: text,
  checked_at: time,
  created_at: time,
});

export const history: z.ZodType = z.strictObject({
  health_checks: z.array(past),
  total_records: count,
  limit: count,
  offset: count,
});

export const latest: z.ZodType = z.strictObject({
  latest_health_checks: z.record(z.string(), past),
  total_models: count,
});

const sharedStatusOf = z.strictObject({
  pod_id: text,
  redis_available: flag,
  lock_ttl: z.number(),
  cache_ttl: z.number(),
  lock_owner: text.nullable(),
  lock_in_progress: flag,
  cache_available: flag,
  cache_age_seconds: seconds.optional(),
  last_checked_by: text.nullable().optional(),
  error: text.optional(),
  mode,
  probing_paused: hold.optional(),
  since: time,
  lease_ttl_seconds: z.number(),
  fleet: text,
  pods: count,
  targets: count,
  epoch: text,
});

export const sharedStatus: z.ZodType = z.strictObject({
  shared_health_check_enabled: flag,
  redis_available: z.literal(false).optional(),
  message: text.optional(),
  status: sharedStatusOf.optional(),
});

export const readiness: z.ZodType = z.looseObject({ status: z.literal('healthy'), db: text });

export const readinessDetails: z.ZodType = z.strictObject({
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

export const license: z.ZodType = z.strictObject({
  has_license: flag,
  license_type: text,
  expiration_date: z.null(),
  allowed_features: z.array(text),
  limits: z.strictObject({ max_users: z.null(), max_teams: z.null() }),
});

export const backlog: z.ZodType = z.strictObject({
  in_flight_requests: count,
  admitted_requests: count,
  queued_requests: count,
  rejected_requests: count,
});

export const drained: z.ZodType = z.strictObject({ status: z.literal('drained'), drained_requests: count });

export const tested: z.ZodType = z.strictObject({
  status: z.enum(['success', 'error']),
  result: z.looseObject({}),
});
