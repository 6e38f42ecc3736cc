import { builtIn, shownSeconds } from './built-in.ts';
import type { KeyDocs } from './key-doc.ts';

/** The top level and LiteLLM's blocks of settings. */
export const settingsDocs: KeyDocs = {
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
    include: {
      default: 'empty',
      meaning:
        'More files, by paths relative to the file that names them. Their lists are added to those before; any other top-level key of theirs replaces the one before, as a whole and with a warning. They may include others; each file is read once.',
    },
    credential_list: {
      default: 'empty',
      meaning:
        'Keys and addresses by name: `{credential_name, credential_values}`. What `litellm_params` do not say themselves comes from the one that `litellm_credential_name` names.',
    },
    environment_variables: {
      default: 'empty',
      meaning:
        "Variables by name, set once the file is read, as by LiteLLM: over the process's own for what is looked up later (`REDIS_*`, `LITELLM_MASTER_KEY`, the keys and addresses of providers), too late for `os.environ/NAME` in the file and for what LiteLLM reads when it starts (`DEFAULT_*`, `HEALTH_CHECK_TIMEOUT_SECONDS`, `BACKGROUND_*`), which a warning names.",
    },
  },
  general_settings: {
    master_key: {
      default: '`LITELLM_MASTER_KEY`',
      meaning:
        'The key for every route that needs one. Without it they answer 401, and the log says once how to set it. A warning at the start names one that is a placeholder, has fewer than 16 characters, or cannot be sent in a header (white space, characters beyond ASCII).',
    },
    dangerously_permit_weak_or_unset_master_key: {
      default: 'false',
      meaning: 'With no master key: opens every route to everybody. Also silences the warnings about a weak key.',
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
      default: `\`DEFAULT_HEALTH_CHECK_INTERVAL\`, else ${shownSeconds(builtIn.intervalMs)}`,
      meaning: 'Time between two scheduled probes of one target, in the whole fleet. Obeyed whatever the cache TTL is.',
    },
    health_check_details: {
      default: String(builtIn.details === 'full'),
      meaning: '`false` leaves model, id, status and what allswell adds in the rows of `/health`, nothing else.',
    },
    health_check_concurrency: {
      default: 'see [concurrency](#concurrency)',
      meaning: 'Probes at once in one pod, in all and per host. 0 means the default.',
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
    model_list_healthy_only: {
      default: 'false',
      meaning: 'Lists of models leave out groups of which every deployment is down, as `?healthy_only=true` does.',
    },
    allow_public_health_readiness_details: {
      default: 'false',
      meaning: '`/health/readiness` answers without a key what `/health/readiness/details` answers with one.',
    },
    enable_drain_endpoint: {
      default: 'false',
      meaning: 'Opens `/health/drain`, once there is a token.',
    },
    drain_endpoint_token: {
      default: '`DRAIN_ENDPOINT_TOKEN`',
      meaning:
        'What `/health/drain` wants in `X-Drain-Token`. Without one it stays closed: anybody could stop the pod.',
    },
    set_verbose: { default: 'false', meaning: 'Log level DEBUG: every claim, skip, commit, push and fallback.' },
    coordination_redis: {
      default: '',
      meaning: 'The Redis for health, before the one of the cache. Keys as in [Redis](#redis).',
    },
  },
  litellm_settings: {
    cache: { default: 'false', meaning: '`cache_params` names the Redis for health only while this is true.' },
    cache_params: {
      default: '',
      meaning: 'The Redis for health, if its `type` is `redis`. Keys as in [Redis](#redis).',
    },
    require_auth_for_metrics_endpoint: { default: 'false', meaning: 'As `fleet_health.metrics_auth: key`.' },
    set_verbose: { default: 'false', meaning: 'As in `general_settings`, which goes first.' },
  },
};
