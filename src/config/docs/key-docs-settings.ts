import { builtIn, shownSeconds } from './built-in.ts';
import type { KeyDocs } from './key-doc.ts';

/** The top level and LiteLLM's blocks of settings. */
export const settingsDocs: KeyDocs = {
  '': {
    model_list: {
      default: 'empty',
      meaning: 'Deployments. A pod without any starts, is live and ready, and logs that once.',
    },
    general_settings: { default: 'empty', meaning: 'See below.' },
    litellm_settings: { default: 'empty', meaning: 'See below.' },
    fleet_health: { default: 'empty', meaning: "allswell's own block. LiteLLM ignores it, so one file serves both." },
    include: {
      default: 'empty',
      meaning:
        'More files, relative to the file that includes them. Their lists are appended; any other top-level key replaces the earlier one as a whole, with a warning. Included files may include others; each file is read once.',
    },
    credential_list: {
      default: 'empty',
      meaning:
        'Named credentials: `{credential_name, credential_values}`. A deployment with that `litellm_credential_name` takes from it what its `litellm_params` lack.',
    },
    environment_variables: {
      default: 'empty',
      meaning:
        'Variables, set after the file is read, as in LiteLLM. They override the process environment for later lookups (`REDIS_*`, `LITELLM_MASTER_KEY`, provider keys and addresses). They do not affect `os.environ/NAME` in the file, nor variables that LiteLLM reads at start (`DEFAULT_*`, `HEALTH_CHECK_TIMEOUT_SECONDS`, `BACKGROUND_*`), which are warned about.',
    },
  },
  general_settings: {
    master_key: {
      default: '`LITELLM_MASTER_KEY`',
      meaning:
        'Key for all protected routes. Without it they answer 401, and the log explains once how to set it. A placeholder, a key below 16 characters, and one that no HTTP header can carry (white space, non-ASCII) are warned about at start.',
    },
    dangerously_permit_weak_or_unset_master_key: {
      default: 'false',
      meaning: 'Without a master key: opens every route to everyone. Also silences warnings about a weak key.',
    },
    background_health_checks: {
      default: 'see [activation](#activation)',
      meaning: 'Probe on a schedule. Otherwise a request to `/health` triggers the probes.',
    },
    use_shared_health_check: {
      default: '`USE_SHARED_HEALTH_CHECK`',
      meaning: 'Share health with the other pods of the fleet. `false` overrides the environment.',
    },
    health_check_interval: {
      default: `\`DEFAULT_HEALTH_CHECK_INTERVAL\`, else ${shownSeconds(builtIn.intervalMs)}`,
      meaning: 'Time between two scheduled probes of one target in the whole fleet, independent of the cache TTL.',
    },
    health_check_details: {
      default: String(builtIn.details === 'full'),
      meaning: "`false` reduces rows of `/health` to model, id, status and allswell's own fields.",
    },
    health_check_concurrency: {
      default: 'see [concurrency](#concurrency)',
      meaning: 'Concurrent probes of one pod, in total and per host. 0: default.',
    },
    background_health_check_model_groups: {
      default: 'all',
      meaning:
        'Model groups to check in the background. While background checks are on, others are neither probed on schedule nor listed by `/health`.',
    },
    health_check_skip_disabled_background_models: {
      default: 'false',
      meaning: '`disable_background_health_check` also disables checks on demand.',
    },
    model_list_healthy_only: {
      default: 'false',
      meaning: 'Model lists omit groups whose deployments are all down, like `?healthy_only=true`.',
    },
    allow_public_health_readiness_details: {
      default: 'false',
      meaning: '`/health/readiness` returns the details of `/health/readiness/details` without a key.',
    },
    enable_drain_endpoint: { default: 'false', meaning: 'Enables `/health/drain`; needs a token.' },
    drain_endpoint_token: {
      default: '`DRAIN_ENDPOINT_TOKEN`',
      meaning:
        'Token that `/health/drain` requires in `X-Drain-Token`. Without a token the endpoint stays disabled, because anyone could stop the pod.',
    },
    set_verbose: { default: 'false', meaning: 'Log level DEBUG: every claim, skip, commit, push and fallback.' },
    coordination_redis: {
      default: '',
      meaning: 'Redis for health; takes precedence over `cache_params`. Keys as in [Redis](#redis).',
    },
  },
  litellm_settings: {
    cache: { default: 'false', meaning: '`cache_params` is used only if this is true.' },
    cache_params: { default: '', meaning: 'Redis for health, if `type` is `redis`. Keys as in [Redis](#redis).' },
    require_auth_for_metrics_endpoint: { default: 'false', meaning: 'Same as `fleet_health.metrics_auth: key`.' },
    set_verbose: { default: 'false', meaning: 'Same as in `general_settings`, which takes precedence.' },
  },
};
