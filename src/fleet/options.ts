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
} from '../ports/index.ts';

/** What the coordinator needs to know of a target; everything else about it stays with the prober. */
export interface FleetTarget {
  readonly id: TargetId;
  /** Where its holds lie: its identity without the credential. */
  readonly holdKey: HoldKey;
  /** Short human name for log lines, such as `openai/gpt-4o-mini`. */
  readonly name: string;
  readonly level: Level;
  readonly intervalMs: number;
  /** Deadline of one probe. */
  readonly timeoutMs: number;
  /** Upstream host, for the per-host probe limit and for "has this pod lost its way". */
  readonly upstreamHost: string;
  /** Whether it is probed in the background; otherwise only when asked through `check`. */
  readonly background: boolean;
  /** How many deployments share it, for the counts in log lines and for what they save. */
  readonly deployments: number;
  /** What a probe at its own level is billed; absent where it is free. */
  readonly paid?: PaidTarget;
}

/** A target whose probes somebody bills, and the free level that stands in when a budget is spent. */
export interface PaidTarget extends PaidProbe {
  readonly instead: Exclude<Level, 'inference'>;
}

/** Settings of one pod's coordinator; every duration in ms. */
export interface FleetSettings {
  readonly fleet: string;
  readonly version: string;
  /** Where this pod runs, as a witness: the same after a restart in place. Absent: the pod id. */
  readonly host?: HostId;
  /** Pods of one failure domain tend to fail together. Absent: the host. */
  readonly domain?: string;
  /** `independent`: the store given is private to this pod. */
  readonly sharing: Extract<FleetMode, 'shared' | 'independent'>;
  readonly policy: Policy;
  readonly policyHash: string;
  readonly targetsHash: string;
  /** Age at which evidence is stale, before the floor of `2 x interval + timeout`. */
  readonly cacheTtlMs: number;
  /** How long one lease lasts; it is renewed at a third. */
  readonly leaseMs: number;
  /** A command that the store's clock sees later than this after sending does nothing. */
  readonly storeDeadlineMs: number;
  /** Targets never judged are probed at once, but spread over this long, or a quarter of the interval if that is less. */
  readonly bootWindowMs: number;
  /** How many pods to assume while the store was never seen; null: not told, so paid probes back off. */
  readonly expectedPods: number | null;
  /** Probes at once in this pod, in all and per host. */
  readonly maxProbes: number;
  readonly maxProbesPerHost: number;
  /** Of all paid probes of the fleet; those of single targets stand beside them. */
  readonly budget: Budget;
  /** How much of what probes saw the fleet remembers. */
  readonly history: HistoryLimits;
  /** How long a stopping pod waits for its running probes. */
  readonly drainMs: number;
}

/** Where a pod runs, with what stands in where it was not told. */
export function hostAndDomainOf({ pod, host = pod, domain = host }: Pick<FleetOptions, 'pod' | 'host' | 'domain'>): {
  readonly host: HostId;
  readonly domain: string;
} {
  return { host, domain };
}

/** What a running coordinator takes anew; for everything else it has to be made again. */
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

/** The outside world of a coordinator, handed in so that the same code runs under the simulator. */
export interface FleetPorts {
  readonly store: FleetStore;
  readonly prober: Prober;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: FleetMetrics;
  /** Where this pod finds its state again after a restart; absent: nowhere. */
  readonly state?: PodState;
}

/** The settings among them are live: a reload replaces them, so they are read where they are needed and not kept. */
export interface FleetOptions extends FleetSettings, FleetPorts {
  readonly pod: PodId;
  readonly targets: readonly FleetTarget[];
}
