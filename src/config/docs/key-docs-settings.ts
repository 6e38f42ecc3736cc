import { builtIn, shownSeconds } from './built-in.ts';
import type { KeyDocs } from './key-doc.ts';
import { generalTrafficDocs, routerDefaultDocs } from './key-docs-routing.ts';

/** The top level and LiteLLM's blocks of settings. */
export const settingsDocs: KeyDocs = {
  '': {
    model_list: {
      default: 'empty',
      meaning: 'Deployments. A pod without any starts, and is live and ready.',
    },
    general_settings: { default: 'empty', meaning: "LiteLLM's block, [below](#general_settings)." },
    litellm_settings: { default: 'empty', meaning: "LiteLLM's block, [below](#litellm_settings)." },
    router_settings: { default: 'empty', meaning: "LiteLLM's block, [below](#router_settings)." },
    fleet_health: { default: 'empty', meaning: "allswell's block, which LiteLLM ignores: one file serves both." },
    include: {
      default: 'empty',
      meaning:
        'More files, relative to the including file. Their lists are appended; any other top-level key replaces the earlier one as a whole, with a warning. Included files may include others; each is read once.',
    },
    credential_list: {
      default: 'empty',
      meaning:
        '`{credential_name, credential_values}`: parameters for deployments with that `litellm_credential_name`.',
    },
    environment_variables: {
      default: 'empty',
      meaning:
        'Variables that override the process environment once the file is read, as in LiteLLM: `REDIS_*`, `LITELLM_MASTER_KEY`, provider keys and addresses. They do not change `os.environ/NAME` in the file. Variables that LiteLLM reads at start (`DEFAULT_*`, `HEALTH_CHECK_TIMEOUT_SECONDS`, `BACKGROUND_*`) cause a warning.',
    },
  },
  general_settings: {
    master_key: {
      default: '`LITELLM_MASTER_KEY`',
      meaning:
        'Key for all protected routes, which answer 401 without it. A placeholder, a key below 16 characters, and white space or non-ASCII characters cause a warning.',
    },
    dangerously_permit_weak_or_unset_master_key: {
      default: 'false',
      meaning: 'Without a master key: opens every route. Also silences warnings about a weak key.',
    },
    background_health_checks: {
      default: 'see [activation](#activation)',
      meaning: 'Probe on a schedule, not on request.',
    },
    use_shared_health_check: {
      default: '`USE_SHARED_HEALTH_CHECK`',
      meaning: 'Share health with the other pods. `false` overrides the environment.',
    },
    health_check_interval: {
      default: `\`DEFAULT_HEALTH_CHECK_INTERVAL\`, else ${shownSeconds(builtIn.intervalMs)}`,
      meaning: 'Time between two scheduled probes of one target in the whole fleet.',
    },
    health_check_details: {
      default: String(builtIn.details === 'full'),
      meaning: "`false`: rows of `/health` have only model, id, status and allswell's fields.",
    },
    health_check_concurrency: {
      default: '',
      meaning: 'Default of both limits in [concurrency](#concurrency). 0: not set.',
    },
    background_health_check_model_groups: {
      default: 'all',
      meaning: 'Model groups to probe on schedule. While background checks are on, `/health` omits other groups.',
    },
    health_check_skip_disabled_background_models: {
      default: 'false',
      meaning: 'Checks on request also omit deployments with `disable_background_health_check`.',
    },
    model_list_healthy_only: {
      default: 'false',
      meaning: 'Default of `?healthy_only=` of [model lists](endpoints.md#get-v1models).',
    },
    allow_public_health_readiness_details: {
      default: 'false',
      meaning: '`/health/readiness` shows the details without a key.',
    },
    enable_drain_endpoint: {
      default: 'false',
      meaning: 'Enables [`/health/drain`](endpoints.md#get-healthdrain), if a token is set.',
    },
    alerting: {
      default: 'none',
      meaning:
        '`[slack]`: send [alerts](../how-to/send-alerts.md) to the webhook in `SLACK_WEBHOOK_URL`. Other receivers of LiteLLM are ignored: see [alerts](#alerts).',
    },
    drain_endpoint_token: {
      default: '`DRAIN_ENDPOINT_TOKEN`',
      meaning: 'Token that `/health/drain` requires in `X-Drain-Token`.',
    },
    set_verbose: { default: 'false', meaning: 'Log level DEBUG.' },
    coordination_redis: {
      default: '',
      meaning: '[Redis](#redis) for health; takes precedence over `cache_params`.',
    },
    ...generalTrafficDocs,
  },
  litellm_settings: {
    cache: { default: 'false', meaning: '`cache_params` is used only if this is true.' },
    cache_params: { default: '', meaning: '[Redis](#redis) for health.' },
    require_auth_for_metrics_endpoint: { default: 'false', meaning: 'Same as `fleet_health.metrics_auth: key`.' },
    set_verbose: { default: 'false', meaning: 'Same as in `general_settings`, which takes precedence.' },
    ...routerDefaultDocs,
  },
};
