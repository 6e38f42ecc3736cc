import type { HostId, PodId, StoreTime } from './ids.ts';
import type { Level } from './level.ts';
import type { RunningProbe } from './slow.ts';

/** A live pod that can probe the target now. */
export interface AblePod {
  readonly pod: PodId;
  readonly host: HostId;
  /** Failure domain, for example a node or a zone. */
  readonly domain: string;
  /** Level at which it probes. */
  readonly level: Level;
}

/** Reason why a live pod cannot probe a target of its configuration, or why no other pod waits for it. */
export type Hindrance = 'blind' | 'impaired' | 'fails-alone' | 'on-demand-only';

/** A live pod with the target in its configuration, able to probe it now or not. */
export interface Peer {
  readonly pod: PodId;
  readonly host: HostId;
  readonly level: Level;
  readonly hindrance?: Hindrance;
}

/** Inputs of a verdict beside facts and policy: this pod, the time, and the other pods. */
export interface VerdictContext {
  readonly self: PodId;
  readonly host: HostId;
  readonly now: StoreTime;
  /** Level at which this pod probes. */
  readonly level: Level;
  /** Interval of the target, ms. */
  readonly intervalMs: number;
  /** Live pods that can probe the target now, this one included if it can. Called only while something fails. */
  readonly able: () => readonly AblePod[];
  /** True if a live pod is configured to probe at this level or deeper, able or not. Absent: none is. */
  readonly isSetTo?: (level: Level) => boolean;
  /** Some other live pods with the target on other hosts than `excludedHost`, able or not. Absent: none. */
  readonly others?: (excludedHost: HostId) => readonly Peer[];
  /** Hosts whose pods report that they alone fail to reach the target. They do not count as witnesses. Absent: none. */
  readonly discounted?: () => readonly HostId[];
  /** Time that able pods have to confirm a failure before one witness is enough, ms. */
  readonly waitMs: number;
  /** Time since which the able pods could have probed; earlier time does not count as waited. Absent: always. */
  readonly waitingSince?: StoreTime;
  /** True if requests stand in for probes in this pod: then a running one is no slow probe, and texts name requests. */
  readonly withoutProbes?: boolean;
  /** The running probe of any pod; absent for none. */
  readonly probing?: RunningProbe;
}
