import { builtIn, shownSeconds } from './built-in.ts';
import type { KeyDocs } from './key-doc.ts';

/** Our own block. */
export const fleetDocs: KeyDocs = {
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
      default: '`ALLSWELL_EXPECTED_PODS`, else not known',
      meaning:
        'Pods to assume while this one has never reached the store: what it then probes is its share. Where it is not known, such a pod pays for one probe of each target at its start, then after 2, 4, 8 … intervals, 1,024 at most, and only connects in between, which costs nothing; where a budget is set it only connects.',
    },
    rise: {
      default: String(builtIn.policy.rise),
      meaning: 'Good probes in a row until a target that was down is up again.',
    },
    fall: {
      default: String(builtIn.policy.fall),
      meaning:
        'Failed probes in a row until a target is down, for classes that one probe does not prove ([all classes](../explanation/protocol.md#what-a-probe-proves)). In a fleet of several pods it takes a second witness as well; `fall` failures of one pod alone are believed only if no other pod is able to probe, or none does in time.',
    },
    interval: {
      default: '`health_check_interval`',
      meaning:
        'Time between two probes of a target, where it is not to be what LiteLLM reads: [beside a bridge](../how-to/stop-litellm-probing.md#make-it-fast) its pods may look more often than anybody probes.',
    },
    edge_interval: {
      default: shownSeconds(builtIn.policy.edgeIntervalMs),
      meaning: 'Time between two probes while a change is pending; the interval where that is shorter.',
    },
    concurrency: { default: 'see [concurrency](#concurrency)', meaning: 'Probes at once in one pod.' },
    lease: {
      default: shownSeconds(builtIn.leaseMs),
      meaning:
        'How long the right to probe a target lasts; renewed at a third while the probe runs. When a pod dies in a probe, its targets wait this long. Never above `DEFAULT_SHARED_HEALTH_CHECK_LOCK_TTL`, never below three store deadlines.',
    },
    store_deadline: {
      default: shownSeconds(builtIn.storeDeadlineMs),
      meaning: 'Deadline of one command to Redis. No request waits for Redis, whatever this is.',
    },
    boot_window: {
      default: shownSeconds(builtIn.bootWindowMs),
      meaning:
        'Targets that were never judged are probed at once, spread over this long, or over a quarter of the interval where that is less.',
    },
    history: {
      default: 'see [history](#history)',
      meaning: 'How much the fleet remembers of what probes saw, for `/health/history`.',
    },
    level: { default: 'see [level](#level)', meaning: 'How deep probes look.' },
    redis_password_file: {
      default: '`REDIS_PASSWORD_FILE`',
      meaning:
        "File with the password of the Redis, as Kubernetes mounts a secret; goes before any password that is given otherwise. LiteLLM's blocks have no key for it.",
    },
    metrics_auth: {
      default: '`key` with `require_auth_for_metrics_endpoint`, else `none`',
      meaning: 'Whether `GET /metrics` wants the master key.',
    },
    keys: {
      default: 'empty',
      meaning: 'Keys beside the master key, by their hashes: see [keys](#keys).',
    },
    budget: {
      default: 'none',
      meaning: 'Bounds of paid probes: see [budget](#budget), and [read the money](../how-to/read-the-money.md).',
    },
    state_dir: {
      default: '`ALLSWELL_STATE_DIR`, else none',
      meaning:
        'Directory in which this pod keeps what it knows of the [budgets](#budget) and what it paid for without Redis, so that a restart in place goes on from there: [set a budget](../how-to/read-the-money.md#restarts-without-redis). Without it a pod that never reached Redis makes only unbilled checks where a budget is set. Many pods may share it.',
    },
    litellm_bridge: {
      default: '`false`',
      meaning:
        'Whether to publish for the LiteLLM pods on the same Redis, which then probe no more: see [stop LiteLLM from probing](../how-to/stop-litellm-probing.md). `allswell bridge` always does.',
    },
    accept_ignored: {
      default: 'empty',
      meaning: 'Protective settings that may be ignored, as `block.key`; see [all classes](litellm-settings.md).',
    },
  },
  'fleet_health.budget': {
    usd_per_day: {
      default: 'no bound',
      meaning:
        'Dollars, at list prices, that probes of the whole fleet may cost in one UTC day. Beyond it targets get only [unbilled checks](../explanation/protocol.md#words).',
    },
    probes_per_hour: {
      default: 'no bound',
      meaning: 'Paid probes that the whole fleet may make in one hour of the clock.',
    },
    per_target: {
      default: 'none',
      meaning: 'Bounds for each target, beside those of the fleet: see [below](#per_target).',
    },
  },
  'fleet_health.budget.per_target': {
    usd_per_day: { default: 'no bound', meaning: 'Dollars for probes of any one target in one UTC day.' },
    probes_per_hour: { default: 'no bound', meaning: 'Paid probes of any one target in one hour.' },
  },
  'fleet_health.concurrency': {
    total: {
      default: `\`health_check_concurrency\`, else ${builtIn.concurrency.total}`,
      meaning: 'Probes at once in one pod.',
    },
    per_host: {
      default: `\`health_check_concurrency\`, else ${builtIn.concurrency.perHost}`,
      meaning: 'Of them to one upstream host. 1 or 2 suits a machine of your own.',
    },
  },
  'fleet_health.history': {
    points_per_target: {
      default: String(builtIn.history.points),
      meaning:
        'Points of one target, the newest. A point is another thing seen than before, or the first of an hour; about 130 bytes.',
    },
    points_per_fleet: {
      default: String(builtIn.history.fleetPoints),
      meaning:
        'Points of all targets: in a large fleet each keeps its share of them, and one at least. A share that shrank counts with the next point of its target, within the hour.',
    },
    age: {
      default: shownSeconds(builtIn.history.keptMs),
      meaning:
        'How long a point is kept. Beyond a week only while some pod lives: all keys expire a week after the last.',
    },
  },
  'fleet_health.keys[]': {
    name: { default: 'required', meaning: 'What the key is called where it is spoken of. One per key.' },
    sha256: {
      default: 'required',
      meaning:
        'Hash of the key, as `sha256sum` prints it of the key without a line break. Make keys long and random: a guessable key can be guessed from its hash.',
    },
    role: {
      default: 'required',
      meaning:
        '`admin` may ask everything that the master key may. `scoped` sees the health and the names of its models.',
    },
    models: {
      default: 'required with `scoped`',
      meaning: 'Model groups that a scoped key may see. `*` stands for any text: `openai/*`.',
    },
  },
  'fleet_health.level': {
    mode: {
      default: '`inference` for chat, completion and embedding, `models` for the rest',
      meaning: 'By `mode` of the model: `{ embedding: models }`.',
    },
    model: { default: 'as `mode` says', meaning: 'By `model_name`, before the mode: `{ gpt-4o: inference }`.' },
  },
};
