import { builtIn, shownSeconds } from '../src/config/docs/built-in.ts';
import type { BlockDocs } from '../src/config/docs/key-doc.ts';

/** Values that no schema describes, by `block.key`. */
export const valuesByHand: Readonly<Record<string, string>> = {
  'model_list[].litellm_params.headers': 'a mapping of header names and texts',
  'model_list[].litellm_params.extra_body': 'a mapping',
  'model_list[].model_info.health_check_params': 'a mapping',
  'model_list[].litellm_params': 'a mapping',
  'model_list[].litellm_params.organization': 'text, or a list of texts',
  'model_list[].model_info': 'a mapping',
  'general_settings.coordination_redis': 'a mapping',
  'fleet_health.concurrency': 'a mapping',
  'fleet_health.gateway': 'a mapping',
  'fleet_health.alerts': 'a mapping',
  'fleet_health.status_page': 'a mapping',
  'fleet_health.slo': 'a mapping',
  router_settings: 'a mapping',
  'router_settings.routing_strategy_args': 'a mapping',
  'router_settings.retry_policy': 'a mapping',
  'router_settings.allowed_fails_policy': 'a mapping',
  'model_list[].litellm_params.tags': 'a list of texts',
  'fleet_health.litellm_bridge': 'true, false, or a mapping',
  'fleet_health.history': 'a mapping',
  'fleet_health.level': 'a mapping',
  'fleet_health.budget': 'a mapping',
  'fleet_health.budget.per_target': 'a mapping',
  'litellm_settings.cache_params': 'a mapping',
  model_list: 'a list',
  include: 'a list of files',
  general_settings: 'a mapping',
  litellm_settings: 'a mapping',
  fleet_health: 'a mapping',
  environment_variables: 'a mapping',
  credential_list: 'a list of mappings',
};

/** Variables that are the default of a key, which documents them. */
export const defaultsOf: Readonly<Record<string, string>> = {
  HEALTH_CHECK_TIMEOUT_SECONDS: '`health_check_timeout` of every model',
  BACKGROUND_HEALTH_CHECK_MAX_TOKENS: '`health_check_max_tokens` of every model',
  BACKGROUND_HEALTH_CHECK_MAX_TOKENS_REASONING: '`health_check_max_tokens_reasoning` of every model',
  LITELLM_DROP_PARAMS: '`litellm_settings.drop_params`',
  REQUEST_TIMEOUT: '`litellm_settings.request_timeout`',
  DEFAULT_HEALTH_CHECK_INTERVAL: '`health_check_interval`',
  LITELLM_MASTER_KEY: '`master_key`',
  LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY: '`dangerously_permit_weak_or_unset_master_key`',
  ALLSWELL_STATE_DIR: '`fleet_health.state_dir`',
  ALLSWELL_EXPECTED_PODS: '`fleet_health.expected_pods`',
  DRAIN_ENDPOINT_TOKEN: '`drain_endpoint_token`',
  SLACK_WEBHOOK_URL: 'the webhook of `alerting: [slack]`',
  REDIS_PASSWORD_FILE: '`fleet_health.redis_password_file`, if the file gives no `password`',
};

/** All other variables but those of Redis, whose table names them. */
export const variables: BlockDocs = {
  USE_SHARED_HEALTH_CHECK: {
    default: 'false',
    meaning: 'Default of `use_shared_health_check`; see [activation](#activation).',
  },
  DEFAULT_SHARED_HEALTH_CHECK_TTL: {
    default: shownSeconds(builtIn.cacheTtlMs),
    meaning:
      'Age at which evidence is stale, at least 2 × interval + timeout; for a bridge also the longest lifetime of its results. Does not affect probing.',
  },
  DEFAULT_SHARED_HEALTH_CHECK_LOCK_TTL: {
    default: shownSeconds(builtIn.lockTtlMs),
    meaning: 'Upper limit of `fleet_health.lease`.',
  },
  DEFAULT_HEALTH_CHECK_PROMPT: { default: 'one of two short questions', meaning: 'Prompt of a probe.' },
  LITELLM_ENVIRONMENT: {
    default: '',
    meaning: 'Selects deployments by `supported_environments`.',
  },
  SERVER_ROOT_PATH: {
    default: 'none',
    meaning:
      'Path under which a reverse proxy passes all requests. Every path of the pod answers under it, and without it, too.',
  },
  SEPARATE_HEALTH_APP: {
    default: 'false',
    meaning:
      'Opens a second port on which the health endpoints answer, too, but no request to a model: for the checks of Kubernetes and of load balancers. With `--num_workers` it is served by the process that carries no requests.',
  },
  SEPARATE_HEALTH_PORT: { default: '4001', meaning: 'That port.' },
  POD_NAME: {
    default: 'the host name',
    meaning:
      'Name of this pod for people (Kubernetes: `metadata.name`), beside its id in the CLI, `/fleet`, the first log lines and `allswell_build_info`. Characters other than letters, digits, dots, underscores and hyphens become hyphens; 64 at most.',
  },
  ALLSWELL_FAILURE_DOMAIN: {
    default: 'the host name',
    meaning:
      'Node or zone of this pod (Kubernetes: `spec.nodeName`). Pods of other domains are the first to confirm a failure.',
  },
  GRACEFUL_SHUTDOWN_TIMEOUT: {
    default: '10',
    meaning: 'Time for running probes and requests to end at the shutdown of a pod.',
  },
};
