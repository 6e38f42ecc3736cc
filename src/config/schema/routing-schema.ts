import { z } from 'zod';
import type { Maybe } from './schema.ts';
import { block, countFromOne, countFromZero, flag, listOf, numberFromZero, secondsBetween, text } from './values.ts';

// LiteLLM's keys of routing. Values that several blocks can give are described once.

/** LiteLLM counts 0 seconds as not set. */
export const secondsOrNone: z.ZodType<number> = secondsBetween(0, 2_000_000);

const group = z.union([text, block({ model: text })], { error: 'a model group, or a mapping with model' });
const groups = z.union([z.array(group), group], { error: 'a list of model groups' });

const fallbackForm = 'a list of mappings, each from one model group to a list of others';
const fallbackLists = listOf(
  z
    .record(z.string(), groups, { error: fallbackForm })
    .refine((entry) => Object.keys(entry).length === 1, { error: fallbackForm }),
  fallbackForm,
);

const aliases = z.record(
  z.string(),
  z.union([text, block({ model: text, hidden: flag.optional() })], {
    error: 'a model group, or a mapping with model and hidden',
  }),
  { error: 'a mapping of aliases and model groups' },
);

const fallbackKeys = {
  fallbacks: fallbackLists.optional(),
  context_window_fallbacks: fallbackLists.optional(),
  content_policy_fallbacks: fallbackLists.optional(),
  default_fallbacks: listOf(group, 'a list of model groups').optional(),
  max_fallbacks: countFromZero.optional(),
  model_group_alias: aliases.optional(),
};

/** Kinds of error in `retry_policy`, each before `Retries`. */
export const retryKinds = [
  'BadRequestError',
  'AuthenticationError',
  'TimeoutError',
  'RateLimitError',
  'ContentPolicyViolationError',
  'InternalServerError',
  'ServiceUnavailableError',
  'NotFoundError',
  'Default',
] as const;

/** Kinds of error in `allowed_fails_policy`, each before `AllowedFails`. */
export const failKinds = [
  'BadRequestError',
  'AuthenticationError',
  'TimeoutError',
  'RateLimitError',
  'ContentPolicyViolationError',
  'InternalServerError',
  'ServiceUnavailableError',
  'BadGatewayError',
  'NotFoundError',
] as const;

/** A number for some kinds of error, by LiteLLM's keys. */
export type PolicyKeys = Readonly<Record<string, number | undefined>>;

function policy(kinds: readonly string[], ending: string): z.ZodType<PolicyKeys> {
  return block(Object.fromEntries(kinds.map((kind) => [`${kind}${ending}`, countFromZero.optional()])));
}

const retryPolicy = policy(retryKinds, 'Retries');

/** What is read of it by hand, because LiteLLM takes it in several shapes, is checked here and `unknown`. */
export type RouterSettings = Maybe<{
  routing_strategy: string;
  routing_strategy_args: Maybe<{ lowest_latency_buffer: number }>;
  num_retries: number;
  retry_after: number;
  retry_policy: PolicyKeys;
  model_group_retry_policy: Readonly<Record<string, PolicyKeys>>;
  allowed_fails: number;
  allowed_fails_policy: PolicyKeys;
  cooldown_time: number;
  disable_cooldowns: boolean;
  timeout: number;
  stream_timeout: number;
  fallbacks: unknown;
  context_window_fallbacks: unknown;
  content_policy_fallbacks: unknown;
  default_fallbacks: unknown;
  max_fallbacks: number;
  model_group_alias: unknown;
  enable_tag_filtering: boolean;
  tag_filtering_match_any: boolean;
  default_max_parallel_requests: number;
  enable_health_check_routing: boolean;
  health_check_ignore_transient_errors: boolean;
}>;

export const routerSettings: z.ZodType<RouterSettings> = block({
  routing_strategy: text.optional(),
  routing_strategy_args: block({ lowest_latency_buffer: numberFromZero.optional() }).optional(),
  num_retries: countFromZero.optional(),
  retry_after: secondsOrNone.optional(),
  retry_policy: retryPolicy.optional(),
  model_group_retry_policy: z
    .record(z.string(), retryPolicy, { error: 'a mapping of model groups and their retry policies' })
    .optional(),
  allowed_fails: countFromZero.optional(),
  allowed_fails_policy: policy(failKinds, 'AllowedFails').optional(),
  cooldown_time: secondsOrNone.optional(),
  disable_cooldowns: flag.optional(),
  timeout: secondsOrNone.optional(),
  stream_timeout: secondsOrNone.optional(),
  ...fallbackKeys,
  enable_tag_filtering: flag.optional(),
  tag_filtering_match_any: flag.optional(),
  default_max_parallel_requests: countFromOne.optional(),
  enable_health_check_routing: flag.optional(),
  health_check_ignore_transient_errors: flag.optional(),
});

/** Keys of requests in `litellm_settings`; most are defaults of `router_settings`. */
export type LitellmTrafficKeys = Maybe<{
  num_retries: number;
  request_timeout: number;
  drop_params: boolean;
  allowed_fails: number;
  fallbacks: unknown;
  context_window_fallbacks: unknown;
  content_policy_fallbacks: unknown;
  default_fallbacks: unknown;
  max_fallbacks: number;
  model_group_alias: unknown;
}>;

export const litellmTrafficKeys: z.ZodType<LitellmTrafficKeys> = block({
  num_retries: countFromZero.optional(),
  request_timeout: secondsOrNone.optional(),
  drop_params: flag.optional(),
  allowed_fails: countFromZero.optional(),
  ...fallbackKeys,
});

/** Keys of routing and limits of the gateway in `general_settings`. */
export type GeneralTrafficKeys = Maybe<{
  enable_health_check_routing: boolean;
  health_check_ignore_transient_errors: boolean;
  max_request_size_mb: number;
  max_in_flight_requests_per_worker: number;
}>;

export const generalTrafficKeys: z.ZodType<GeneralTrafficKeys> = block({
  enable_health_check_routing: flag.optional(),
  health_check_ignore_transient_errors: flag.optional(),
  max_request_size_mb: numberFromZero.optional(),
  max_in_flight_requests_per_worker: countFromOne.optional(),
});

/** Limits of one deployment in `litellm_params`. `timeout` is among the parameters of the upstream. */
export type DeploymentLimitKeys = Maybe<{
  rpm: number;
  tpm: number;
  weight: number;
  order: number;
  max_parallel_requests: number;
  stream_timeout: number;
  num_retries: number;
  cooldown_time: number;
  drop_params: boolean;
}>;

export const deploymentLimits: z.ZodType<DeploymentLimitKeys> = block({
  rpm: countFromZero.optional(),
  tpm: countFromZero.optional(),
  weight: numberFromZero.optional(),
  order: countFromZero.optional(),
  max_parallel_requests: countFromOne.optional(),
  stream_timeout: secondsOrNone.optional(),
  num_retries: countFromZero.optional(),
  cooldown_time: secondsOrNone.optional(),
  drop_params: flag.optional(),
});

/** Limits that an entry of `model_list` can also have beside `litellm_params`. */
export const entryLimits: z.ZodType<Maybe<{ rpm: number; tpm: number }>> = block({
  rpm: countFromZero.optional(),
  tpm: countFromZero.optional(),
});
