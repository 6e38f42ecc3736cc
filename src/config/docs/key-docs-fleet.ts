import { builtIn, shownSeconds } from './built-in.ts';
import type { KeyDocs } from './key-doc.ts';

/** The block `fleet_health`. */
export const fleetDocs: KeyDocs = {
  fleet_health: {
    fleet: {
      default: 'the Redis `namespace`, else `default`',
      meaning: 'Fleet name. Pods with the same fleet name on the same Redis share health.',
    },
    identity_secret: {
      default: 'derived from `fleet`',
      meaning:
        'HMAC key that hashes credentials into target ids. Set it if others can read the Redis. All pods need the same value.',
    },
    expected_pods: {
      default: '`ALLSWELL_EXPECTED_PODS`, else unknown',
      meaning:
        'Number of pods to assume until this pod first reaches the store; it then probes only its share. If unknown, such a pod makes one paid probe per target at start, then after 2, 4, 8 … (at most 1,024) intervals, with unbilled `connect` checks in between. With a budget it makes only `connect` checks.',
    },
    rise: {
      default: String(builtIn.policy.rise),
      meaning: 'Consecutive successes until a target that is down is up again.',
    },
    fall: {
      default: String(builtIn.policy.fall),
      meaning:
        'Consecutive failures until a target is down, for failure classes that one probe does not prove ([all classes](../explanation/protocol.md#what-a-probe-proves)). A fleet of several pods also needs a second witness; `fall` failures of one pod suffice only if no other pod can probe, or none does in time.',
    },
    interval: {
      default: '`health_check_interval`',
      meaning:
        "Time between two probes of a target, if it must differ from what LiteLLM reads. [Beside a bridge](../how-to/stop-litellm-probing.md#make-it-fast), LiteLLM's pods may read more often than the bridge probes.",
    },
    edge_interval: {
      default: shownSeconds(builtIn.policy.edgeIntervalMs),
      meaning: 'Time between two probes while a change is pending, at most the interval.',
    },
    concurrency: { default: 'see [concurrency](#concurrency)', meaning: 'Concurrent probes of one pod.' },
    lease: {
      default: shownSeconds(builtIn.leaseMs),
      meaning:
        'Duration of the exclusive right to probe a target, renewed every third of it while the probe runs. If a pod dies during a probe, its targets wait this long. Capped by `DEFAULT_SHARED_HEALTH_CHECK_LOCK_TTL`; at least three store deadlines.',
    },
    store_deadline: {
      default: shownSeconds(builtIn.storeDeadlineMs),
      meaning: 'Deadline of one Redis command. Requests never wait for Redis.',
    },
    boot_window: {
      default: shownSeconds(builtIn.bootWindowMs),
      meaning:
        'Window over which first probes of targets without a verdict are spread, at most a quarter of the interval.',
    },
    history: { default: 'see [history](#history)', meaning: 'Limits of the history behind `/health/history`.' },
    level: { default: 'see [level](#level)', meaning: 'Probe levels.' },
    redis_password_file: {
      default: '`REDIS_PASSWORD_FILE`',
      meaning:
        "File with the Redis password, such as a mounted Kubernetes secret; takes precedence over every other password. LiteLLM's blocks have no key for it.",
    },
    metrics_auth: {
      default: '`key` with `require_auth_for_metrics_endpoint`, else `none`',
      meaning: '`key`: `GET /metrics` requires the master key.',
    },
    keys: { default: 'empty', meaning: 'API keys beside the master key, by hash: see [keys](#keys).' },
    budget: {
      default: 'none',
      meaning: 'Limits on paid probes: see [budget](#budget) and [read the money](../how-to/read-the-money.md).',
    },
    state_dir: {
      default: '`ALLSWELL_STATE_DIR`, else none',
      meaning:
        'Directory where this pod keeps the last known [budget](#budget) state and its own spend without Redis, so that a restart in place continues from there: [set a budget](../how-to/read-the-money.md#restarts-without-redis). Without it, a pod with a budget that never reached Redis makes only unbilled checks. Several pods may share it.',
    },
    litellm_bridge: {
      default: '`false`',
      meaning:
        'Publish results for the LiteLLM pods on the same Redis, which then stop probing: see [stop LiteLLM from probing](../how-to/stop-litellm-probing.md). Always on in `allswell bridge`.',
    },
    accept_ignored: {
      default: 'empty',
      meaning: 'Protective settings that may be ignored, as `block.key`: see [classes](litellm-settings.md).',
    },
  },
  'fleet_health.budget': {
    usd_per_day: {
      default: 'no limit',
      meaning:
        'Dollars, at list prices, for all probes of the fleet in one UTC day. Above it, targets get only [unbilled checks](../explanation/protocol.md#words).',
    },
    probes_per_hour: {
      default: 'no limit',
      meaning: 'Paid probes of the fleet in one clock hour.',
    },
    per_target: { default: 'none', meaning: 'Additional limits for each target: see [below](#per_target).' },
  },
  'fleet_health.budget.per_target': {
    usd_per_day: { default: 'no limit', meaning: 'Dollars for probes of any one target in one UTC day.' },
    probes_per_hour: { default: 'no limit', meaning: 'Paid probes of any one target in one clock hour.' },
  },
  'fleet_health.concurrency': {
    total: {
      default: `\`health_check_concurrency\`, else ${builtIn.concurrency.total}`,
      meaning: 'Concurrent probes of one pod.',
    },
    per_host: {
      default: `\`health_check_concurrency\`, else ${builtIn.concurrency.perHost}`,
      meaning: 'Concurrent probes of one pod to one upstream host. Use 1 or 2 for a self-hosted machine.',
    },
  },
  'fleet_health.history': {
    points_per_target: {
      default: String(builtIn.history.points),
      meaning:
        'Newest points kept per target. A point is a changed result, or the first result of an hour; about 130 bytes.',
    },
    points_per_fleet: {
      default: String(builtIn.history.fleetPoints),
      meaning:
        "Points kept for all targets. Each target keeps at most an equal share, at least one point. A smaller share takes effect at the target's next point, within an hour.",
    },
    age: {
      default: shownSeconds(builtIn.history.keptMs),
      meaning: 'Age limit of a point. All keys expire a week after the last pod stops, whatever the limit.',
    },
  },
  'fleet_health.keys[]': {
    name: { default: 'required', meaning: 'Unique name of the key in logs and answers.' },
    sha256: {
      default: 'required',
      meaning:
        'Output of `sha256sum` for the key without a line break. Use long random keys: a guessable key can be found from its hash.',
    },
    role: {
      default: 'required',
      meaning: '`admin` may use every route, like the master key. `scoped` sees the health and names of its models.',
    },
    models: {
      default: 'required with `scoped`',
      meaning: 'Model groups that a scoped key may see. `*` matches any text: `openai/*`.',
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
