import { z } from 'zod';
import {
  block,
  countFromOne,
  countFromZero,
  dollars,
  flag,
  listOf,
  named,
  nodes,
  oneOf,
  port,
  seconds,
  text,
  type HostAndPort,
} from './values.ts';

// Names are the file's. A block lists only what allswell reads; `known-keys.ts` classifies the rest.

/** All keys are optional. */
export type Maybe<T> = { readonly [Key in keyof T]?: T[Key] | undefined };

/** A Redis connection, in each of its three sources. */
export type RedisSettings = Maybe<{
  host: string;
  port: number;
  username: string;
  password: string;
  url: string;
  db: number;
  namespace: string;
  ssl: boolean;
  ssl_ca_certs: string;
  ssl_certfile: string;
  ssl_keyfile: string;
  ssl_cert_reqs: string;
  ssl_check_hostname: boolean;
  startup_nodes: readonly HostAndPort[];
  redis_startup_nodes: readonly HostAndPort[];
  sentinel_nodes: readonly HostAndPort[];
  service_name: string;
  sentinel_password: string;
}>;

const redisShape = {
  host: text.optional(),
  port: port.optional(),
  username: text.optional(),
  password: text.optional(),
  url: named(/^rediss?:\/\/[^\s/]+/, 'a URL that starts with redis:// or rediss://').optional(),
  db: countFromZero.optional(),
  namespace: text.optional(),
  ssl: flag.optional(),
  ssl_ca_certs: text.optional(),
  ssl_certfile: text.optional(),
  ssl_keyfile: text.optional(),
  ssl_cert_reqs: named(/^(CERT_)?(none|optional|required)$/i, 'none, optional or required').optional(),
  ssl_check_hostname: flag.optional(),
  startup_nodes: nodes.optional(),
  redis_startup_nodes: nodes.optional(),
  sentinel_nodes: nodes.optional(),
  service_name: text.optional(),
  sentinel_password: text.optional(),
};

export const redisSettings: z.ZodType<RedisSettings> = block(redisShape);

export type GeneralSettings = Maybe<{
  master_key: string;
  dangerously_permit_weak_or_unset_master_key: boolean;
  background_health_checks: boolean;
  use_shared_health_check: boolean;
  health_check_interval: number;
  health_check_details: boolean;
  health_check_concurrency: number;
  background_health_check_model_groups: readonly string[];
  health_check_skip_disabled_background_models: boolean;
  model_list_healthy_only: boolean;
  allow_public_health_readiness_details: boolean;
  enable_drain_endpoint: boolean;
  drain_endpoint_token: string;
  alerting: readonly string[];
  set_verbose: boolean;
}>;

export const generalSettings: z.ZodType<GeneralSettings> = block({
  master_key: text.optional(),
  dangerously_permit_weak_or_unset_master_key: flag.optional(),
  background_health_checks: flag.optional(),
  use_shared_health_check: flag.optional(),
  health_check_interval: seconds.optional(),
  health_check_details: flag.optional(),
  health_check_concurrency: countFromZero.optional(),
  background_health_check_model_groups: listOf(text, 'a list of model group names').optional(),
  health_check_skip_disabled_background_models: flag.optional(),
  model_list_healthy_only: flag.optional(),
  allow_public_health_readiness_details: flag.optional(),
  enable_drain_endpoint: flag.optional(),
  drain_endpoint_token: text.optional(),
  alerting: listOf(text, 'a list of receivers, such as [slack]').optional(),
  set_verbose: flag.optional(),
});

export type LitellmSettings = Maybe<{
  cache: boolean;
  set_verbose: boolean;
  require_auth_for_metrics_endpoint: boolean;
}>;

export const litellmSettings: z.ZodType<LitellmSettings> = block({
  cache: flag.optional(),
  set_verbose: flag.optional(),
  require_auth_for_metrics_endpoint: flag.optional(),
});

export const cacheType: z.ZodType<{ readonly type?: string | undefined }> = block({ type: text.optional() });

export type UpstreamParams = Maybe<{
  model: string;
  api_base: string;
  base_url: string;
  api_key: string;
  azure_ad_token: string;
  litellm_credential_name: string;
  api_version: string;
  organization: string;
  custom_llm_provider: string;
  timeout: number;
  extra_headers: Readonly<Record<string, string>>;
  region_name: string;
  aws_region_name: string;
  vertex_location: string;
  vertex_project: string;
  vertex_credentials: string | Readonly<Record<string, unknown>>;
  aws_access_key_id: string;
  aws_secret_access_key: string;
  aws_session_token: string;
  aws_session_name: string;
  aws_profile_name: string;
  aws_role_name: string;
  aws_external_id: string;
  aws_web_identity_token: string;
  aws_sts_endpoint: string;
  aws_bedrock_runtime_endpoint: string;
  model_id: string;
  tenant_id: string;
  client_id: string;
  client_secret: string;
  azure_username: string;
  azure_password: string;
  azure_scope: string;
  input_cost_per_token: number;
  output_cost_per_token: number;
}>;

const upstreamShape = {
  model: text.optional(),
  api_base: text.optional(),
  base_url: text.optional(),
  api_key: text.optional(),
  azure_ad_token: text.optional(),
  litellm_credential_name: text.optional(),
  api_version: text.optional(),
  organization: text.optional(),
  custom_llm_provider: text.optional(),
  timeout: seconds.optional(),
  extra_headers: z.record(z.string(), text, { error: 'a mapping of header names and texts' }).optional(),
  region_name: text.optional(),
  aws_region_name: text.optional(),
  vertex_location: text.optional(),
  vertex_project: text.optional(),
  vertex_credentials: z
    .union([text, z.record(z.string(), z.unknown())], { error: 'a path, JSON text or a mapping' })
    .optional(),
  aws_access_key_id: text.optional(),
  aws_secret_access_key: text.optional(),
  aws_session_token: text.optional(),
  aws_session_name: text.optional(),
  aws_profile_name: text.optional(),
  aws_role_name: text.optional(),
  aws_external_id: text.optional(),
  aws_web_identity_token: text.optional(),
  aws_sts_endpoint: text.optional(),
  aws_bedrock_runtime_endpoint: text.optional(),
  model_id: text.optional(),
  tenant_id: text.optional(),
  client_id: text.optional(),
  client_secret: text.optional(),
  azure_username: text.optional(),
  azure_password: text.optional(),
  azure_scope: text.optional(),
  input_cost_per_token: dollars.optional(),
  output_cost_per_token: dollars.optional(),
};

/** Keys that select the upstream and the credentials of a probe: in `litellm_params`, overridden by `health_check_params`. */
export const upstreamKeys: readonly string[] = [...Object.keys(upstreamShape), 'headers', 'extra_body'];

export const upstreamParams: z.ZodType<UpstreamParams> = block(upstreamShape);

/** LiteLLM's values of `LITELLM_ENVIRONMENT`. */
export const environments = ['development', 'staging', 'production'] as const;

export type ModelInfo = Maybe<{
  id: string;
  mode: string;
  base_model: string;
  health_check_timeout: number;
  health_check_model: string;
  health_check_max_tokens: number;
  health_check_max_tokens_reasoning: number;
  health_check_max_tokens_non_reasoning: number;
  health_check_reasoning_effort: string;
  health_check_supports_max_tokens: boolean;
  health_check_voice: string;
  disable_background_health_check: boolean;
  supported_environments: readonly string[];
  input_cost_per_token: number;
  output_cost_per_token: number;
}>;

export const modelInfo: z.ZodType<ModelInfo> = block({
  id: text.optional(),
  mode: text.optional(),
  base_model: text.optional(),
  health_check_timeout: seconds.optional(),
  health_check_model: text.optional(),
  health_check_max_tokens: countFromOne.optional(),
  health_check_max_tokens_reasoning: countFromOne.optional(),
  health_check_max_tokens_non_reasoning: countFromOne.optional(),
  health_check_reasoning_effort: text.optional(),
  health_check_supports_max_tokens: flag.optional(),
  health_check_voice: text.optional(),
  disable_background_health_check: flag.optional(),
  supported_environments: listOf(oneOf(environments), 'a list of development, staging and production').optional(),
  input_cost_per_token: dollars.optional(),
  output_cost_per_token: dollars.optional(),
});

export const modelName: z.ZodType<{ model_name: string; litellm_params: { model: string } }> = block({
  model_name: text,
  litellm_params: block({ model: text }),
});
