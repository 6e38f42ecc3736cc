/** State of a target or model group. */
export type HealthState = 'unknown' | 'up' | 'degraded' | 'suspect' | 'down';

/** How a pod knows the fleet. */
export type PodMode = 'shared' | 'fallback' | 'independent';

/** What a client knows of a target or model group, read from memory. */
export interface ClientState {
  /** What counts for traffic: `down` while drained, `up` while held up. */
  readonly state: HealthState;
  /** Start of the state, epoch ms; null while it is unknown. */
  readonly since: number | null;
  /** Age of the evidence, ms; null without evidence. It grows while the connection is lost. */
  readonly ageMs: number | null;
  /** Reason, in one line. */
  readonly why: string;
  /** The evidence is too old, the connection to the pod is lost, or `GET /fleet` failed for 3 × `refreshMs` + 10 s. */
  readonly stale: boolean;
}

/** A target as a client knows it. */
export interface ClientTarget extends ClientState {
  /** Target id. */
  readonly target: string;
  /** Name of the model at its upstream; null if it is hidden. */
  readonly model: string | null;
  /** Deployments whose health it stands for. */
  readonly deployments: readonly { readonly modelName: string; readonly modelId: string }[];
}

/** A target's state changed; or it was added (`before` is null) or removed (`state` is null). */
export interface StateChange {
  readonly target: string;
  readonly state: HealthState | null;
  readonly before: HealthState | null;
}

/** Classes of failures that a program may report. */
export type ReportedFailure = 'network' | 'timeout' | 'server' | 'overloaded' | 'quota' | 'auth' | 'not-found';

/** How one request to an upstream ended. Durations in ms. */
export type RequestOutcome =
  | { readonly ok: true; readonly firstByteMs?: number; readonly durationMs?: number }
  | {
      readonly ok: false;
      /** By the status if absent. */
      readonly class?: ReportedFailure;
      /** HTTP status of the upstream's answer. */
      readonly status?: number;
      /** Retry-After of the answer, ms. */
      readonly retryAfterMs?: number;
      readonly durationMs?: number;
    };

/** What became of reported outcomes. */
export interface ReportCounts {
  /** In the queue, not sent so far. */
  readonly queued: number;
  readonly accepted: number;
  /** Of targets that the pod does not have. */
  readonly unknown: number;
  /** Faulty or too old for the pod. */
  readonly ignored: number;
  /** Not sent: the queue was full, the name was ambiguous, or the pod refused or did not answer. */
  readonly dropped: number;
}

/** Settings of {@link FleetClient}. */
export interface ClientOptions {
  /** Address of a pod, or of a load balancer before pods: `http://allswell:4000`. */
  readonly url: string;
  /** Admin key. With a key of role `events` only `report` works, and `ready` rejects. */
  readonly key?: string;
  /** Name of this host as a reporter; the address that the pod sees by default. */
  readonly reporter?: string;
  /** Time until `ready` rejects while no pod answers, ms. Default 10,000. */
  readonly readyTimeoutMs?: number;
  /** Time between two readings of the ages of all targets, ms. Default 30,000. */
  readonly refreshMs?: number;
  /** Default: the global `fetch`. */
  readonly fetch?: typeof fetch;
}

/** Events of a client. */
export interface ClientEvents {
  readonly change: (change: StateChange) => void;
  /** The connection to the pod was made or lost. */
  readonly connection: (connected: boolean) => void;
}

/** Reads the health of a fleet, and reports to it. All methods but `close` are synchronous. */
export interface FleetClient {
  /**
   * State of a target id, of a deployment's `model_id`, or of a model group: that of its best target. Undefined if no target
   * has the name.
   */
  state(name: string): ClientState | undefined;
  /** All targets. */
  targets(): readonly ClientTarget[];
  /** Calls back at each event. Answers a function that ends this. */
  on<Name extends keyof ClientEvents>(event: Name, callback: ClientEvents[Name]): () => void;
  /**
   * Reports how one request ended. Names are those of {@link FleetClient.state}; a model group must have only one target. Before
   * `ready`, and always with a key of role `events`, give a target id or `model_id`: a model group answers true and counts as
   * `unknown`. Sends in the background. False if the report was dropped.
   */
  report(name: string, outcome: RequestOutcome): boolean;
  /** Counts of reports since the start. */
  readonly reports: ReportCounts;
  /** True while the event stream is open. */
  readonly connected: boolean;
  /**
   * How the pod knows the fleet: `shared` by Redis, `fallback` by its own probes while Redis is away, `independent` without Redis. Null
   * until it was read; as last read while the connection is lost.
   */
  readonly mode: PodMode | null;
  /** Why the connection was lost or could not be made, in one line; null while it is open. */
  readonly lastError: string | null;
  /** Resolves once all states are known; rejects with a {@link FleetClientError}. */
  readonly ready: Promise<void>;
  /** Sends what is queued, within 2 s, and ends the connection. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}
