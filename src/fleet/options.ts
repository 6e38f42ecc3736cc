import type { HostId, Level, PodId, Policy, TargetId } from '../health/index.ts';
import type {
  Budget,
  Clock,
  FleetMetrics,
  FleetMode,
  FleetStore,
  HistoryLimits,
  HoldKey,
  Logger,
  PaidProbe,
  PodState,
  Prober,
  Random,
  TrialReadiness,
} from '../ports/index.ts';

/** The coordinator's part of a target. All other settings of it stay with the prober. */
export interface FleetTarget {
  readonly id: TargetId;
  /** Key of its holds: its identity without the credential. */
  readonly holdKey: HoldKey;
  /** Short name for log lines, such as `openai/gpt-4o-mini`. */
  readonly name: string;
  readonly level: Level;
  readonly intervalMs: number;
  /** Deadline of one probe. */
  readonly timeoutMs: number;
  /** Upstream host, for the limit of probes per host and for the self-check. */
  readonly upstreamHost: string;
  /** True if it is probed in the background; otherwise only on demand, by `check` or by a request of a user. */
  readonly background: boolean;
  /** Number of deployments that share it, for log lines and savings. */
  readonly deployments: number;
  /** Price of a probe at its own level; absent if it is free. */
  readonly paid?: PaidTarget;
}

/** A target with billed probes, and the unbilled level that replaces them when a budget is spent. */
export interface PaidTarget extends PaidProbe {
  readonly instead: Exclude<Level, 'inference'>;
}

/** Settings of one pod's coordinator; every duration in ms. */
export interface FleetSettings {
  readonly fleet: string;
  readonly version: string;
  /** Name of this pod for people. Absent: none. */
  readonly podName?: string;
  /** Where this pod runs, as a witness; the same after a restart in place. Absent: the pod id. */
  readonly host?: HostId;
  /** Pods of one failure domain tend to fail together. Absent: the host. */
  readonly domain?: string;
  /** `independent`: the store is private to this pod. */
  readonly sharing: Extract<FleetMode, 'shared' | 'independent'>;
  readonly policy: Policy;
  readonly policyHash: string;
  readonly targetsHash: string;
  /** Age at which evidence is stale, before the floor of `2 x interval + timeout`. */
  readonly cacheTtlMs: number;
  /** Duration of a lease; it is renewed after a third. */
  readonly leaseMs: number;
  /** A command that reaches the store later than this does nothing. */
  readonly storeDeadlineMs: number;
  /** The first probes of new targets are spread over this time, or a quarter of the interval if that is shorter. */
  readonly bootWindowMs: number;
  /** Longest wait for the first answer of the store, before this pod works without it. Absent: as for a store that was lost. */
  readonly joinGraceMs?: number;
  /** `none`: without LiteLLM's lines about lock and cache, in a process that takes the place of no LiteLLM pod. */
  readonly litellmLines?: 'none';
  /** Number of pods to assume until the store was seen; null: unknown, so paid probes back off. */
  readonly expectedPods: number | null;
  /** Limits of concurrent probes of this pod, total and per host. */
  readonly maxProbes: number;
  readonly maxProbesPerHost: number;
  /** Budget of all paid probes of the fleet. Targets can have their own in addition. */
  readonly budget: Budget;
  /** Size of the fleet's probe history. */
  readonly history: HistoryLimits;
  /** Longest wait of a stopping pod for its running probes. */
  readonly drainMs: number;
}

/** Host and failure domain of a pod, with their defaults. */
export function hostAndDomainOf({ pod, host = pod, domain = host }: Pick<FleetOptions, 'pod' | 'host' | 'domain'>): {
  readonly host: HostId;
  readonly domain: string;
} {
  return { host, domain };
}

/** The settings that a running coordinator can change. All others need a new one. */
export type FleetReload = Pick<
  FleetOptions,
  | 'targets'
  | 'targetsHash'
  | 'policy'
  | 'policyHash'
  | 'cacheTtlMs'
  | 'leaseMs'
  | 'bootWindowMs'
  | 'expectedPods'
  | 'maxProbes'
  | 'maxProbesPerHost'
  | 'budget'
  | 'history'
>;

/** Everything outside the coordinator, passed in so that the same code runs under the simulator. */
export interface FleetPorts {
  readonly store: FleetStore;
  readonly prober: Prober;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: FleetMetrics;
  /** Storage of this pod's state across restarts; absent: none. */
  readonly state?: PodState;
  /**
   * Present where requests of users take the place of probes: then the prober waits for the next request to a target that is not
   * up. It applies to targets without background probes that no pod probes on schedule.
   */
  readonly trials?: TrialReadiness;
}

/** A reload replaces some of these settings, so parts read them where they need them and keep no copies. */
export interface FleetOptions extends FleetSettings, FleetPorts {
  readonly pod: PodId;
  readonly targets: readonly FleetTarget[];
}
