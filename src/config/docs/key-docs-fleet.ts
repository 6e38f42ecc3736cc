import { builtIn, shownSeconds } from './built-in.ts';
import type { KeyDocs } from './key-doc.ts';

/** The block `fleet_health`. */
export const fleetDocs: KeyDocs = {
  fleet_health: {
    fleet: {
      default: 'the Redis `namespace`, else `default`',
      meaning: 'Pods with the same fleet name on the same Redis share health.',
    },
    identity_secret: {
      default: 'derived from `fleet`',
      meaning:
        'HMAC key that hashes credentials into target ids. Set it, the same in all pods, if others can read the Redis.',
    },
    expected_pods: {
      default: '`ALLSWELL_EXPECTED_PODS`, else unknown',
      meaning:
        'Number n of pods. While this pod has never reached Redis, it makes 1/n of the [paid probes](../explanation/protocol.md#without-the-store). If n is unknown, it makes a paid probe of each target at its start and after 2, 4, 8 … (at most 1,024) intervals, with `connect` checks in between.',
    },
    rise: {
      default: String(builtIn.policy.rise),
      meaning: 'Successes in a row until a target that is down is up.',
    },
    fall: {
      default: String(builtIn.policy.fall),
      meaning:
        'Failures in a row until a target is down, for [failure classes](../explanation/protocol.md#what-a-probe-proves) that one probe does not prove. In a fleet of several pods, a [second pod host](../explanation/protocol.md#witnesses) must also see the failure, unless none can probe in time.',
    },
    interval: {
      default: '`health_check_interval`',
      meaning:
        'Probe interval of allswell, if LiteLLM needs another one, as [beside a bridge](../how-to/stop-litellm-probing.md#make-it-fast).',
    },
    edge_interval: {
      default: shownSeconds(builtIn.policy.edgeIntervalMs),
      meaning: 'Time between repeated probes while a target is going down or coming up, at most the interval.',
    },
    concurrency: { default: '', meaning: 'Limits on concurrent probes: see [concurrency](#concurrency).' },
    lease: {
      default: shownSeconds(builtIn.leaseMs),
      meaning:
        'Duration of a lease. Other pods wait this long if a pod dies during a probe. At least three times `store_deadline`, at most `DEFAULT_SHARED_HEALTH_CHECK_LOCK_TTL`.',
    },
    store_deadline: {
      default: shownSeconds(builtIn.storeDeadlineMs),
      meaning: 'Timeout of one Redis command. Requests never wait for Redis.',
    },
    boot_window: {
      default: shownSeconds(builtIn.bootWindowMs),
      meaning: 'First probes are spread over this time, or a quarter of the interval if that is shorter.',
    },
    history: { default: '', meaning: 'Limits of the history: see [history](#history).' },
    level: { default: '', meaning: 'Probe levels: see [level](#level).' },
    redis_password_file: {
      default: '`REDIS_PASSWORD_FILE`',
      meaning: 'File with the Redis password, such as a mounted secret. Takes precedence over all other passwords.',
    },
    metrics_auth: {
      default: '`key` with `require_auth_for_metrics_endpoint`, else `none`',
      meaning: '`key`: `GET /metrics` and `GET /metrics/fleet` require an admin key.',
    },
    public_up: {
      default: '`false`',
      meaning:
        '`true`: [`/groups/{name}/up` and `/fleet/targets/{id}/up`](endpoints.md#get-groupsnameup) need no key. They show one line, without reasons.',
    },
    dashboard: {
      default: '`on`',
      meaning:
        '`off`: `/ui` answers 404. The [dashboard](../how-to/use-the-dashboard.md) is static files without data: the pages read the endpoints of the fleet, with the key of the person who looks.',
    },
    agent_check_port: {
      default: 'none',
      meaning:
        'TCP port, on the address of `--host`, for [agent checks of HAProxy](../how-to/use-with-haproxy.md). It needs no key: let only load balancers reach it. A change needs a restart.',
    },
    envoy_eds_dir: {
      default: 'none',
      meaning:
        'Existing directory where this pod keeps a file for each model group, from which [Envoy](../how-to/use-with-envoy.md) discovers endpoints and their health. A change needs a restart.',
    },
    keys: { default: 'empty', meaning: 'API keys beside the master key: see [keys](#keys).' },
    budget: {
      default: 'none',
      meaning: 'Limits on paid probes: see [budget](#budget).',
    },
    gateway: { default: '', meaning: 'Limits of requests: see [gateway](#gateway).' },
    slo: {
      default: 'no objectives',
      meaning: 'Availability that model groups shall have: see [slo](#slo).',
    },
    status_page: {
      default: 'none: `/status` answers 404',
      meaning: 'Public page of chosen groups: see [status_page](#status_page).',
    },
    alerts: { default: 'none', meaning: 'Alerts about outages: see [alerts](#alerts).' },
    state_dir: {
      default: '`ALLSWELL_STATE_DIR`, else none',
      meaning:
        'Directory where pods keep counts of probe budgets for [restarts without Redis](../how-to/track-costs.md#restarts-without-redis). Without it, a pod with a probe budget makes only unbilled checks until it reaches Redis.',
    },
    litellm_bridge: {
      default: '`false`',
      meaning:
        'What is done for LiteLLM pods on the same Redis: see [below](#litellm_bridge). `true` and `false` stand for `enabled`.',
    },
    accept_ignored: {
      default: 'empty',
      meaning: '[Protective settings](litellm-settings.md) that may be ignored, as `block.key`.',
    },
  },
  'fleet_health.slo': {
    availability: {
      default: 'no objective',
      meaning:
        'Availability that every model group shall have, in per cent: `99.9`. Without it, only the groups under `groups` have an objective.',
    },
    window_days: {
      default: '30',
      meaning: 'Rolling window until now, in days. At most `history.age` of it can be known.',
    },
    groups: {
      default: 'empty',
      meaning:
        'Objectives of single model groups, each with `availability`, `window_days`, or both: `{ gpt-4o: { availability: 99.95, window_days: 7 } }`. What is absent is as for all groups.',
    },
  },
  'fleet_health.status_page': {
    groups: {
      default: 'required',
      meaning:
        'Model groups, or aliases, that [`/status`](../how-to/publish-a-status-page.md) shows to everyone, without a key.',
    },
    title: { default: '`Status`', meaning: 'Title of the page.' },
    show_holds: {
      default: '`false`',
      meaning: '`true`: with the reasons that operators gave when they drained targets of these groups.',
    },
  },
  'fleet_health.alerts': {
    group_window: {
      default: '15 s',
      meaning:
        'Targets of one provider and host that go down within this time are one alert. An outage that ends within it is not reported.',
    },
    for: { default: '0', meaning: 'Time for which a target must be down before it counts, by its evidence.' },
    damping: {
      default: '300 s',
      meaning:
        'A target that is down again within this time of its recovery is reported only once it was down for as long. A group without a routable deployment is not held back.',
    },
    receivers: { default: 'none', meaning: 'Where alerts are sent: see [receivers](#receivers).' },
  },
  'fleet_health.alerts.receivers[]': {
    name: { default: 'required', meaning: 'Unique name, for metrics and log lines.' },
    type: { default: 'required', meaning: 'Form of the messages: see [send alerts](../how-to/send-alerts.md).' },
    url: {
      default: 'required; PagerDuty: `https://events.pagerduty.com/v2/enqueue`',
      meaning: 'Where to send. Of Alertmanager the base URL. Treated as a secret: use `os.environ/NAME`.',
    },
    secret: {
      default: 'none: not signed',
      meaning: 'Of a webhook: key of the [signature](../how-to/send-alerts.md#check-the-signature-of-a-webhook).',
    },
    routing_key: {
      default: 'required for PagerDuty',
      meaning: 'Integration key of a PagerDuty service (Events API v2).',
    },
    kinds: {
      default: 'all but `budget-spent`',
      meaning: 'Alerts that this receiver gets: see [kinds](../how-to/send-alerts.md#what-is-sent).',
    },
  },
  'fleet_health.litellm_bridge': {
    enabled: {
      default: '`false`',
      meaning:
        'Publish results for the LiteLLM pods, which then stop probing: see [stop LiteLLM from probing](../how-to/stop-litellm-probing.md). Always on in `allswell bridge`.',
    },
    cooldowns: {
      default: '`on` in `allswell bridge`, else `observe`',
      meaning:
        "`on`: keep LiteLLM's Router from deployments that are down, rate-limited or drained, by its own cooldown keys. `observe`: log and count these cooldowns, write none. `off`: neither. `allswell bridge cooldowns` can [restrict it at run time](../how-to/stop-litellm-probing.md#steer-litellms-routing) for all pods, and adds nothing.",
    },
  },
  'fleet_health.budget': {
    usd_per_day: {
      default: 'no limit',
      meaning: "Cost of the fleet's probes in one UTC day, at list prices.",
    },
    probes_per_hour: {
      default: 'no limit',
      meaning: 'Paid probes of the fleet in one clock hour.',
    },
    per_target: { default: 'none', meaning: 'Limits for each target: see [per_target](#per_target).' },
  },
  'fleet_health.budget.per_target': {
    usd_per_day: { default: 'no limit', meaning: 'Cost of the probes of one target in one UTC day.' },
    probes_per_hour: { default: 'no limit', meaning: 'Paid probes of one target in one clock hour.' },
  },
  'fleet_health.concurrency': {
    total: {
      default: `\`health_check_concurrency\`, else ${builtIn.concurrency.total}`,
      meaning: 'Concurrent probes of one pod.',
    },
    per_host: {
      default: `\`health_check_concurrency\`, else ${builtIn.concurrency.perHost}`,
      meaning: 'The same, to one upstream host. Use 1 or 2 for a self-hosted machine.',
    },
  },
  'fleet_health.history': {
    points_per_target: {
      default: String(builtIn.history.points),
      meaning:
        'Newest points of one target that are kept in full. A point is a changed result or the first result of an hour, about 130 bytes. Of older ones with the same result, time and latency are kept, about 9 bytes; all older ones of a target have at most 400 bytes for each point of this limit, and 64 kB.',
    },
    points_per_fleet: {
      default: String(builtIn.history.fleetPoints),
      meaning:
        'Maximum of points in full for all targets together, divided equally (at least one point each). A lower limit takes effect within an hour.',
    },
    age: {
      default: shownSeconds(builtIn.history.keptMs),
      meaning:
        'Age limit of a point. By default 32 days: measured in Redis, 12 kB for a target without changes, 29 kB for 22 days with two outages a day, and at most 35 kB for one that changes all the time. All keys expire a week after the last pod stops.',
    },
  },
  'fleet_health.keys[]': {
    name: { default: 'required', meaning: 'Unique name, shown in logs and answers.' },
    sha256: {
      default: 'required',
      meaning: 'Output of `sha256sum` for the key without a line break. Use a long random key.',
    },
    role: {
      default: 'required',
      meaning:
        '`admin`: all routes. `scoped`: requests to its models, and their health and names. `events`: only `POST /litellm/events` and `POST /fleet/observations`.',
    },
    models: {
      default: 'required with `scoped`',
      meaning: 'Model groups of a scoped key. `*` matches any text: `openai/*`.',
    },
  },
  'fleet_health.level': {
    mode: {
      default: '`inference` for chat, completion and embedding, else `models`',
      meaning: "By the model's `mode`: `{ embedding: models }`.",
    },
    model: { default: 'as `mode`', meaning: 'By `model_name`; overrides `mode`: `{ gpt-4o: inference }`.' },
  },
};
