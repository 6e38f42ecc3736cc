import type { Policy } from '../health/index.ts';
import type { Deployment, ProbeTarget } from './deployment-types.ts';
import type { CooldownMode, LitellmRouting, RouterRedis } from './litellm-types.ts';
import type {
  AlertSettings,
  Budget,
  GatewayLimits,
  HistoryLimits,
  RedisTarget,
  RoutingSettings,
} from '../ports/index.ts';

/** Mode of health checks. The two `on-demand` modes probe only on request. */
export type HealthMode = 'shared' | 'independent' | 'on-demand-shared' | 'on-demand';

export interface Activation {
  readonly mode: HealthMode;
  /** Complete sentences, each to be logged once at the start. */
  readonly warnings: readonly string[];
}

/** The complete configuration of a pod, checked and resolved: plain, immutable data. */
export interface AllswellConfig {
  /** The YAML file it came from; null when the environment alone configured the pod. */
  readonly file: string | null;
  readonly fleet: string;
  /** Number of pods to assume until the store was reached once; null: unknown. */
  readonly expectedPods: number | null;
  /** Failure domain of this pod, such as its node or zone; null: unknown. */
  readonly failureDomain: string | null;
  /** `SERVER_ROOT_PATH` without its last slash: all paths are there, too. Empty: none. */
  readonly rootPath: string;
  /** `SEPARATE_HEALTH_APP`: another port, on which the health endpoints answer too; null for none. */
  readonly healthPort: number | null;
  /** `POD_NAME`; null: the host name names this pod. */
  readonly podName: string | null;
  /** Directory of the file that survives restarts; null for none. */
  readonly stateDir: string | null;
  /** Mode of health checks, and warnings for the start. */
  readonly activation: Activation;
  /** `use_shared_health_check` or its environment variable: what `/health/shared-status` answers as "enabled". */
  readonly sharingRequested: boolean;
  /** `on`: publish results for LiteLLM's pods. */
  readonly bridge: 'on' | 'off';
  /** LiteLLM's key prefix in that Redis; null for none. */
  readonly cacheNamespace: string | null;
  /** `on`: keep LiteLLM's pods from failing deployments by cooldowns; `observe`: only log and count them. */
  readonly cooldowns: CooldownMode;
  /** The Redis of LiteLLM's Router; null: that of the health checks. */
  readonly routerRedis: RouterRedis | null;
  readonly litellmRouting: LitellmRouting;
  /** How requests find a deployment. The defaults in `allswell bridge`, which routes none. */
  readonly routing: RoutingSettings;
  /** What this pod takes from clients. The defaults in `allswell bridge`. */
  readonly gateway: GatewayLimits;
  /** The Redis that was configured, whether or not the activation uses it. */
  readonly redis: RedisTarget | null;
  readonly masterKey: string | null;
  /** Behaviour of protected routes without a master key. */
  readonly withoutMasterKey: 'refuse' | 'open';
  /** Keys beside the master key. */
  readonly keys: readonly StaticKey[];
  /** Token of `/health/drain`; null disables the route. */
  readonly drainToken: string | null;
  /** Answer of `/health/readiness` without a key. */
  readonly readiness: 'short' | 'detailed';
  /** Model groups in lists by default: all, or those with a deployment that is not down. */
  readonly listed: 'all' | 'healthy';
  /** Time for running requests and probes to finish when the pod stops. */
  readonly shutdownMs: number;
  readonly intervalMs: number;
  /** `health_check_interval`: how often LiteLLM's pods read results; `fleet_health.interval` may differ. */
  readonly litellmIntervalMs: number;
  /** `DEFAULT_SHARED_HEALTH_CHECK_TTL`: age at which evidence is stale, before the floor of `2 x interval + timeout`. */
  readonly cacheTtlMs: number;
  /** `DEFAULT_SHARED_HEALTH_CHECK_LOCK_TTL`: upper bound of a lease. */
  readonly lockTtlMs: number;
  /** Duration of a lease, at most {@link lockTtlMs}. */
  readonly leaseMs: number;
  /** Deadline of one command to the store. */
  readonly storeDeadlineMs: number;
  /** First probes of targets without a verdict are spread over this time, at most a quarter of the interval. */
  readonly bootWindowMs: number;
  /** Limits of paid probes, for the fleet and for each target. */
  readonly budget: { readonly fleet: Budget; readonly target: Budget };
  /** Where alerts are sent, and their times. */
  readonly alerts: AlertSettings;
  /** `key`: `/metrics` requires a key. */
  readonly metricsAuth: 'none' | 'key';
  /** `none`: the two `/up` routes answer without a key. */
  readonly upAuth: 'none' | 'key';
  /** `off`: the files of the dashboard are not served. */
  readonly dashboard: 'on' | 'off';
  /** What `/status` shows without a key; null: nothing. */
  readonly statusPage: StatusPageSettings | null;
  /** Availability that model groups shall have, in the order of the file; groups without an objective are absent. */
  readonly objectives: readonly GroupObjective[];
  /** Directory for the files of Envoy's endpoint discovery; null for none. */
  readonly envoyEdsDir: string | null;
  /** Port of HAProxy's agent checks; null for none. */
  readonly agentCheckPort: number | null;
  /** Rows of `/health` with or without details. */
  readonly details: 'full' | 'minimal';
  /** Whether requests are routed by health; for a bridge, `enable_health_check_routing` of LiteLLM's file. */
  readonly healthRouting: boolean;
  /** `background_health_check_model_groups`: the only groups to check in the background; null for all. */
  readonly modelGroups: readonly string[] | null;
  /** `health_check_skip_disabled_background_models`: deployments without background checks are not checked on demand, either. */
  readonly optedOut: 'checked-on-demand' | 'never-checked';
  /** Concurrent probes of this pod, in total and per upstream host. */
  readonly concurrency: { readonly total: number; readonly perHost: number };
  /** Limits of the fleet's history of probe results. */
  readonly history: HistoryLimits;
  readonly logLevel: 'info' | 'debug';
  readonly policy: Policy;
  readonly policyHash: string;
  readonly targetsHash: string;
  /** In the order of the file. */
  readonly deployments: readonly Deployment[];
  /** One per distinct upstream, in the order of first mention. */
  readonly targets: readonly ProbeTarget[];
  /** Deployments that LiteLLM pods have and this pod cannot probe; in no other list. Only a bridge has some. */
  readonly unprobed: readonly UnprobedDeployment[];
}

/** Availability that a model group shall have: a service level objective. */
export interface GroupObjective {
  readonly group: string;
  /** Least share of the time that the group is up, per cent. */
  readonly availability: number;
  /** Rolling window until now, ms. */
  readonly windowMs: number;
}

/** The public status page. */
export interface StatusPageSettings {
  /** Model groups that it shows, in this order, each once. */
  readonly groups: readonly string[];
  readonly title: string;
  /** `shown`: with the reasons of drains. */
  readonly holds: 'shown' | 'hidden';
}

/** A deployment that allswell does not probe. LiteLLM's traffic is the only evidence about it. */
export interface UnprobedDeployment {
  readonly modelName: string;
  /** As in LiteLLM; null if it cannot be known. */
  readonly modelId: string | null;
  /** As before LiteLLM 1.110, if that is another id. */
  readonly formerModelId?: string;
  /** `litellm_params.tags`. */
  readonly tags: readonly string[];
  /** `litellm_params.model`, as written. */
  readonly model: string;
  /** One line, without a secret. */
  readonly why: string;
}

export type * from './deployment-types.ts';
export type { CooldownMode, LitellmRouting, RouterRedis } from './litellm-types.ts';

/** A key of `fleet_health.keys`. */
export interface StaticKey {
  readonly name: string;
  /** Of the key itself, 64 lower-case hexadecimal digits. */
  readonly sha256: string;
  readonly role: 'admin' | 'scoped' | 'events';
  /** Model groups that a scoped key may see; `*` matches any text. Empty for an admin, who sees all. */
  readonly models: readonly string[];
}

/** One fault of a configuration. `line` and `column` count from 1; both are 0 for the environment. */
export interface Problem {
  readonly code: ConfigErrorCode;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Such as `model_list[0].litellm_params.model`; the name of the variable for the environment. */
  readonly path: string;
  /** The problem. Never contains a value, which may be a secret. */
  readonly message: string;
  /** The accepted values, as a noun phrase; '' if the message contains them. */
  readonly expected: string;
}

export type ConfigErrorCode =
  | 'ALLSWELL_ERR_CONFIG_UNREADABLE'
  | 'ALLSWELL_ERR_CONFIG_SYNTAX'
  | 'ALLSWELL_ERR_CONFIG_MISSING_SPACE'
  | 'ALLSWELL_ERR_CONFIG_INVALID'
  | 'ALLSWELL_ERR_CONFIG_PROTECTIVE_KEY';

/** Something worth one log line that does not keep the pod from starting. */
export interface ConfigNote {
  readonly level: 'info' | 'warn';
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
}

export type RefusedConfig = Extract<LoadedConfig, { kind: 'refused' }>;

/** How a file of LiteLLM fares in allswell, for a person; each entry one line. */
export interface MigrationReport {
  /** Settings of LiteLLM that have their effect, by block. */
  readonly works: readonly string[];
  /** Settings that have none. */
  readonly ignored: readonly string[];
  /** What this file gets that LiteLLM does not give. */
  readonly better: readonly string[];
  /** What this file would run into with LiteLLM. */
  readonly avoided: readonly string[];
}

export type LoadedConfig =
  | {
      readonly kind: 'loaded';
      readonly config: AllswellConfig;
      readonly notes: readonly ConfigNote[];
      readonly files: readonly string[];
      readonly migration: MigrationReport;
    }
  | {
      readonly kind: 'refused';
      readonly problems: readonly Problem[];
      /** Notes: a misspelt key often explains a missing one. */
      readonly notes: readonly ConfigNote[];
      /** The file and those that it includes, as far as they are known. */
      readonly files: readonly string[];
    };

/** Environment variables, handed in so that nothing below the composition root reads the process. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Whose rules apply before the file's own `litellm_bridge` is read. */
export type RequestedProfile = 'check' | 'serve' | 'bridge';

export interface LoadInput {
  /** Path of the YAML file; without `file` and `text` the environment alone configures the pod. */
  readonly file?: string;
  /** Its content, if already read. */
  readonly text?: string;
  readonly env: Env;
  /** The fleet to join; overrides the file, because a running pod keeps its fleet. */
  readonly fleet?: string;
  /**
   * The profile to read it by, before the file's own `litellm_bridge`. `check`, the default, reports every mistake as a problem. `serve` starts with
   * every file that LiteLLM starts with: wrong values of LiteLLM's settings are warnings. A bridge stands beside LiteLLM,
   * which enforces the security settings: the bridge reports them and does not refuse them. It always probes in the background
   * and shares.
   */
  readonly profile?: RequestedProfile;
  /** Reads a text file or throws. For `file`, and for the certificate that `ssl_ca_certs` names. */
  readonly readFile: (path: string) => string;
}
