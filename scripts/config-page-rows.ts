import { loadConfig } from '../src/config/index.ts';
import type { AllswellConfig } from '../src/config/index.ts';

/** What a person wants to know of a key beside the values it takes. */
export interface Row {
  /** What holds where the key is absent; '' where it is required or nothing holds. */
  readonly default: string;
  readonly meaning: string;
}

type Rows = Readonly<Record<string, Row>>;

const built = defaultsOf(`
model_list:
  - model_name: one
    litellm_params: { model: openai/gpt-4o-mini }
`);
const [target] = built.targets;
if (target === undefined) throw new Error('the model for the defaults was not read');

const redisRows: Rows = {
  host: { default: '', meaning: 'Host of a single server.' },
  port: { default: '6379', meaning: 'Port of a single server.' },
  username: { default: '', meaning: 'ACL user. With `url` it belongs into the URL.' },
  password: { default: '', meaning: 'Password. With `url` it belongs into the URL.' },
  url: { default: '', meaning: 'User, password, host, port and database in one. `rediss://` is encrypted.' },
  db: { default: '0', meaning: 'Number of the database; not in a cluster. With `url` it belongs into the URL.' },
  namespace: { default: '', meaning: 'Names the fleet, where `fleet_health.fleet` does not.' },
  ssl: { default: 'false', meaning: 'Encrypts the connection; also turns `redis://` into `rediss://`.' },
  ssl_ca_certs: {
    default: "the system's",
    meaning: 'File with the authorities to trust instead, PEM. Read once, at the start.',
  },
  ssl_cert_reqs: {
    default: 'required',
    meaning: '`none` accepts any certificate. `optional` is taken as `required`.',
  },
  ssl_check_hostname: { default: 'true', meaning: '`false` checks the authority but not the host name.' },
  startup_nodes: {
    default: '',
    meaning: 'Nodes of a Redis Cluster, as `{host, port}`. Goes before all other addresses.',
  },
  redis_startup_nodes: { default: '', meaning: 'The same as `startup_nodes`.' },
  sentinel_nodes: {
    default: '',
    meaning: 'Sentinels, as `[host, port]` or `{host, port}`. Goes before `url` and `host`.',
  },
  service_name: {
    default: '',
    meaning: 'Name of the master that the sentinels watch; required with `sentinel_nodes`.',
  },
  sentinel_password: { default: '', meaning: "The sentinels' own password." },
};

/** Every key that is honoured, by block. The page fails to build when a key is missing here, or is here without being honoured. */
export const rows: Readonly<Record<string, Rows>> = {
  '': {
    model_list: {
      default: 'empty',
      meaning: 'The deployments. Without any, a pod starts, is live and ready, and says so once.',
    },
    general_settings: { default: 'empty', meaning: 'See below.' },
    litellm_settings: { default: 'empty', meaning: 'See below.' },
    fleet_health: {
      default: 'empty',
      meaning: "allswell's own block. LiteLLM does not read it, so one file serves both.",
    },
    environment_variables: {
      default: 'empty',
      meaning: "Variables by name. They go before the process's own, for everything that is read from this file.",
    },
  },
  general_settings: {
    master_key: {
      default: '`LITELLM_MASTER_KEY`',
      meaning:
        'The key for every route that needs one. Without it they answer 401, and the log says once how to set it.',
    },
    dangerously_permit_weak_or_unset_master_key: {
      default: 'false',
      meaning:
        'With no master key: opens every route to everybody. Also silences the warning about the key of the examples.',
    },
    background_health_checks: {
      default: 'see [activation](#activation)',
      meaning: 'Probe on a schedule. Otherwise targets are probed when somebody asks `/health`.',
    },
    use_shared_health_check: {
      default: '`USE_SHARED_HEALTH_CHECK`',
      meaning: 'Share health with the other pods of the fleet. `false` in the file beats the environment.',
    },
    health_check_interval: {
      default: `\`DEFAULT_HEALTH_CHECK_INTERVAL\`, else ${seconds(built.intervalMs)}`,
      meaning: 'Time between two scheduled probes of one target, in the whole fleet. Obeyed whatever the cache TTL is.',
    },
    health_check_details: {
      default: String(built.details === 'full'),
      meaning: '`false` leaves model, id, status and what allswell adds in the rows of `/health`, nothing else.',
    },
    health_check_concurrency: {
      default: '64 in all, 16 per host',
      meaning: 'Probes at once in one pod. Where it is set it is the only bound; 0 means the default.',
    },
    background_health_check_model_groups: {
      default: 'all',
      meaning:
        'The model groups to check in the background. Others are neither probed on schedule nor listed by `/health` while background checks are on.',
    },
    health_check_skip_disabled_background_models: {
      default: 'false',
      meaning: 'What has `disable_background_health_check` is not checked on demand, either.',
    },
    set_verbose: { default: 'false', meaning: 'Log level DEBUG: every claim, skip, commit, push and fallback.' },
    coordination_redis: {
      default: '',
      meaning: 'The Redis for health, before the one of the cache. Keys as in [Redis](#redis).',
    },
  },
  'general_settings.coordination_redis': redisRows,
  litellm_settings: {
    cache: { default: 'false', meaning: '`cache_params` names the Redis for health only while this is true.' },
    cache_params: {
      default: '',
      meaning: 'The Redis for health, if its `type` is `redis`. Keys as in [Redis](#redis).',
    },
    set_verbose: { default: 'false', meaning: 'As in `general_settings`, which goes first.' },
  },
  'litellm_settings.cache_params': {
    type: { default: 'redis', meaning: 'Every other type has nothing to say to allswell.' },
    ...redisRows,
  },
  fleet_health: {
    fleet: {
      default: 'the namespace of the Redis, else `default`',
      meaning:
        'Name of the fleet. Pods with the same name on the same Redis share health; others do not see each other.',
    },
    identity_secret: {
      default: "derived from the fleet's name",
      meaning:
        'Key under which credentials are hashed into target ids. Set it where others can read the Redis. All pods need the same.',
    },
    expected_pods: {
      default: `\`ALLSWELL_EXPECTED_PODS\`, else ${built.expectedPods}`,
      meaning: 'Pods to assume while this one has never reached the store: what it then probes is its share.',
    },
    accept_ignored: {
      default: 'empty',
      meaning: 'Protective settings that may be ignored, as `block.key`; see [all classes](litellm-settings.md).',
    },
  },
  'model_list[]': {
    model_name: { default: '', meaning: 'Public name of the group that the deployment belongs to. Required.' },
    litellm_params: { default: '', meaning: 'Whom to call, and as whom. Required.' },
    model_info: { default: 'empty', meaning: 'How to probe it.' },
  },
  'model_list[].litellm_params': {
    model: {
      default: '',
      meaning: '`provider/model`. A bare name belongs to OpenAI if the price list knows it there. Required.',
    },
    api_base: {
      default: "`<PROVIDER>_API_BASE`, else the vendor's",
      meaning: 'Base URL, with `/v1` where the upstream has it. No user, query or fragment.',
    },
    api_key: {
      default: '`<PROVIDER>_API_KEY`',
      meaning: 'Key of the upstream. Different keys make different targets.',
    },
    api_version: { default: '`AZURE_API_VERSION`, else 2024-10-21', meaning: 'Azure only.' },
    organization: { default: '`OPENAI_ORGANIZATION`', meaning: 'Sent as `OpenAI-Organization`.' },
    custom_llm_provider: {
      default: 'from `model`',
      meaning: 'The provider, where the name of the model does not say it.',
    },
    extra_headers: { default: 'none', meaning: 'Sent with every probe; part of the identity of the target.' },
    region_name: { default: '', meaning: 'Part of the identity of the target. Goes before the next two.' },
    aws_region_name: { default: '', meaning: 'The same.' },
    vertex_location: { default: '', meaning: 'The same.' },
    input_cost_per_token: {
      default: 'the price list',
      meaning: 'For the cost of probes. In `model_info` it goes first.',
    },
    output_cost_per_token: { default: 'the price list', meaning: 'The same.' },
  },
  'model_list[].model_info': {
    id: { default: "LiteLLM's hash of the entry", meaning: '`model_id` in answers.' },
    mode: {
      default: 'by the name of the model, else `chat`',
      meaning:
        '`chat`, `completion` and `embedding` are asked for an answer; for every other mode only the list of models is asked for.',
    },
    base_model: { default: '', meaning: 'Name to look up in the price list, and to tell a reasoning model by.' },
    health_check_timeout: {
      default: `\`HEALTH_CHECK_TIMEOUT_SECONDS\`, else ${seconds(target.timeoutMs)}`,
      meaning:
        'Deadline of one probe, even beyond the interval. Of the deployments that share a target the longest counts.',
    },
    health_check_model: {
      default: 'the model itself',
      meaning: 'What the probe calls instead. Needed for a wildcard to be asked for an answer.',
    },
    health_check_max_tokens: {
      default: `${target.maxTokens ?? 'none'}, for a wildcard none`,
      meaning: 'Token limit of the probe. A stop at the limit is a success.',
    },
    health_check_max_tokens_reasoning: { default: '', meaning: 'The same for models that reason, told by their name.' },
    health_check_max_tokens_non_reasoning: { default: '', meaning: 'The same for models that do not.' },
    health_check_reasoning_effort: { default: 'not sent', meaning: 'Sent as `reasoning_effort`, not to embeddings.' },
    health_check_params: {
      default: 'empty',
      meaning:
        'Merged into the body of the probe. Keys of `litellm_params` in it redirect the probe. `stream` is dropped.',
    },
    health_check_supports_max_tokens: {
      default: 'by mode',
      meaning: '`false` sends no limit, `true` sends one. By default chat, completion and responses get one.',
    },
    disable_background_health_check: {
      default: 'false',
      meaning:
        'Not listed by `/health` while background checks are on, and its target not probed unless another deployment shares it. On demand it is probed.',
    },
    input_cost_per_token: { default: '`litellm_params`', meaning: 'For the cost of probes.' },
    output_cost_per_token: { default: '`litellm_params`', meaning: 'The same.' },
  },
};

/** What the schemas cannot say of values, by `block.key`: how it is read by hand. */
export const valuesByHand: Readonly<Record<string, string>> = {
  'model_list[].model_info.health_check_params': 'a mapping',
  'model_list[].litellm_params': 'a mapping',
  'model_list[].model_info': 'a mapping',
  'general_settings.coordination_redis': 'a mapping',
  'litellm_settings.cache_params': 'a mapping',
  model_list: 'a list',
  general_settings: 'a mapping',
  litellm_settings: 'a mapping',
  fleet_health: 'a mapping',
  environment_variables: 'a mapping',
};

const redisVariable = (key: string): Row => ({ default: '', meaning: `As \`${key}\` of [Redis](#redis).` });

/** Every variable that the configuration reads. */
export const variables: Rows = {
  USE_SHARED_HEALTH_CHECK: {
    default: 'false',
    meaning: 'As `use_shared_health_check`. With a Redis and nothing in the file it turns background checks on, too.',
  },
  DEFAULT_SHARED_HEALTH_CHECK_TTL: {
    default: seconds(built.cacheTtlMs),
    meaning:
      'Age at which evidence counts as stale, but never before 2 × interval + timeout. Starts and stops no probe.',
  },
  DEFAULT_SHARED_HEALTH_CHECK_LOCK_TTL: {
    default: seconds(built.lockTtlMs),
    meaning:
      'Upper bound of a lease. A lease is 10 s, or this where it is shorter, and is renewed while its probe runs.',
  },
  DEFAULT_HEALTH_CHECK_INTERVAL: { default: seconds(built.intervalMs), meaning: 'As `health_check_interval`.' },
  HEALTH_CHECK_TIMEOUT_SECONDS: {
    default: seconds(target.timeoutMs),
    meaning: 'As `health_check_timeout`, for all models.',
  },
  DEFAULT_HEALTH_CHECK_PROMPT: { default: 'one of two short questions', meaning: 'The prompt of a probe.' },
  BACKGROUND_HEALTH_CHECK_MAX_TOKENS: { default: '', meaning: 'As `health_check_max_tokens`, for all models.' },
  BACKGROUND_HEALTH_CHECK_MAX_TOKENS_REASONING: {
    default: '',
    meaning: 'The same for models that reason; goes first for them.',
  },
  LITELLM_MASTER_KEY: { default: '', meaning: 'As `master_key`.' },
  LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY: {
    default: 'false',
    meaning: 'As `dangerously_permit_weak_or_unset_master_key`.',
  },
  ALLSWELL_EXPECTED_PODS: { default: '1', meaning: 'As `fleet_health.expected_pods`.' },
  REDIS_HOST: redisVariable('host'),
  REDIS_PORT: {
    default: '6379',
    meaning:
      'As `port`. A link such as `tcp://10.0.0.1:6379`, which Kubernetes sets beside a Service named redis, is not used.',
  },
  REDIS_USERNAME: redisVariable('username'),
  REDIS_PASSWORD: redisVariable('password'),
  REDIS_URL: redisVariable('url'),
  REDIS_DB: redisVariable('db'),
  REDIS_SSL: redisVariable('ssl'),
  REDIS_SSL_CA_CERTS: redisVariable('ssl_ca_certs'),
  REDIS_SSL_CERT_REQS: redisVariable('ssl_cert_reqs'),
  REDIS_SSL_CHECK_HOSTNAME: redisVariable('ssl_check_hostname'),
  REDIS_CLUSTER_NODES: redisVariable('startup_nodes'),
  REDIS_SENTINEL_NODES: redisVariable('sentinel_nodes'),
  REDIS_SERVICE_NAME: redisVariable('service_name'),
  REDIS_SENTINEL_PASSWORD: redisVariable('sentinel_password'),
};

function defaultsOf(text: string): AllswellConfig {
  const loaded = loadConfig({ text, env: {}, readFile: () => '' });
  if (loaded.kind === 'refused') throw new Error('the file for the defaults was refused');
  return loaded.config;
}

function seconds(ms: number): string {
  return `${ms / 1000}`;
}
