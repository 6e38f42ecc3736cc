import { builtIn, builtInTarget, shownSeconds } from '../src/config/docs/built-in.ts';
import type { BlockDocs, KeyDoc } from '../src/config/docs/key-doc.ts';

/** What the schemas cannot say of values, by `block.key`: how it is read by hand. */
export const valuesByHand: Readonly<Record<string, string>> = {
  'model_list[].litellm_params.headers': 'a mapping of header names and texts',
  'model_list[].litellm_params.extra_body': 'a mapping',
  'model_list[].model_info.health_check_params': 'a mapping',
  'model_list[].litellm_params': 'a mapping',
  'model_list[].litellm_params.organization': 'text, or a list of texts',
  'model_list[].model_info': 'a mapping',
  'general_settings.coordination_redis': 'a mapping',
  'fleet_health.concurrency': 'a mapping',
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

const redisVariable = (key: string): KeyDoc => ({ default: '', meaning: `As \`${key}\` of [Redis](#redis).` });

/** Every variable that the configuration reads. */
export const variables: BlockDocs = {
  USE_SHARED_HEALTH_CHECK: {
    default: 'false',
    meaning: 'As `use_shared_health_check`. With a Redis and nothing in the file it turns background checks on, too.',
  },
  DEFAULT_SHARED_HEALTH_CHECK_TTL: {
    default: shownSeconds(builtIn.cacheTtlMs),
    meaning:
      'Age at which evidence counts as stale, but never before 2 × interval + timeout. Starts and stops no probe.',
  },
  DEFAULT_SHARED_HEALTH_CHECK_LOCK_TTL: {
    default: shownSeconds(builtIn.lockTtlMs),
    meaning:
      'Upper bound of a lease. A lease is 10 s, or this where it is shorter, and is renewed while its probe runs.',
  },
  DEFAULT_HEALTH_CHECK_INTERVAL: { default: shownSeconds(builtIn.intervalMs), meaning: 'As `health_check_interval`.' },
  HEALTH_CHECK_TIMEOUT_SECONDS: {
    default: shownSeconds(builtInTarget.timeoutMs),
    meaning: 'As `health_check_timeout`, for all models.',
  },
  DEFAULT_HEALTH_CHECK_PROMPT: { default: 'one of two short questions', meaning: 'The prompt of a probe.' },
  BACKGROUND_HEALTH_CHECK_MAX_TOKENS: { default: '', meaning: 'As `health_check_max_tokens`, for all models.' },
  BACKGROUND_HEALTH_CHECK_MAX_TOKENS_REASONING: {
    default: '',
    meaning: 'The same for models that reason; goes first for them.',
  },
  LITELLM_ENVIRONMENT: {
    default: '',
    meaning: '`development`, `staging` or `production`: which deployments with `supported_environments` there are.',
  },
  LITELLM_MASTER_KEY: { default: '', meaning: 'As `master_key`.' },
  LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY: {
    default: 'false',
    meaning: 'As `dangerously_permit_weak_or_unset_master_key`.',
  },
  ALLSWELL_FAILURE_DOMAIN: {
    default: 'the host name',
    meaning:
      'Name of what fails together with this pod, such as its node or zone. A failure is confirmed by a pod of another failure domain where there is one. In Kubernetes: `spec.nodeName`.',
  },
  ALLSWELL_STATE_DIR: { default: 'none', meaning: 'As `fleet_health.state_dir`.' },
  ALLSWELL_EXPECTED_PODS: { default: 'not known', meaning: 'As `fleet_health.expected_pods`.' },
  DRAIN_ENDPOINT_TOKEN: { default: '', meaning: 'As `drain_endpoint_token`.' },
  GRACEFUL_SHUTDOWN_TIMEOUT: {
    default: '10',
    meaning: 'Time that running probes and requests get when a pod stops or is drained.',
  },
  REDIS_HOST: redisVariable('host'),
  REDIS_PORT: {
    default: '6379',
    meaning:
      'As `port`. A link such as `tcp://10.0.0.1:6379`, which Kubernetes sets beside a Service named redis, is not used.',
  },
  REDIS_USERNAME: redisVariable('username'),
  REDIS_PASSWORD: redisVariable('password'),
  REDIS_PASSWORD_FILE: {
    default: '',
    meaning: 'As `fleet_health.redis_password_file`, where the file gives no `password`.',
  },
  REDIS_URL: redisVariable('url'),
  REDIS_DB: redisVariable('db'),
  REDIS_SSL: redisVariable('ssl'),
  REDIS_SSL_CA_CERTS: redisVariable('ssl_ca_certs'),
  REDIS_SSL_CERTFILE: redisVariable('ssl_certfile'),
  REDIS_SSL_KEYFILE: redisVariable('ssl_keyfile'),
  REDIS_SSL_CERT_REQS: redisVariable('ssl_cert_reqs'),
  REDIS_SSL_CHECK_HOSTNAME: redisVariable('ssl_check_hostname'),
  REDIS_CLUSTER_NODES: redisVariable('startup_nodes'),
  REDIS_SENTINEL_NODES: redisVariable('sentinel_nodes'),
  REDIS_SERVICE_NAME: redisVariable('service_name'),
  REDIS_SENTINEL_PASSWORD: redisVariable('sentinel_password'),
};
