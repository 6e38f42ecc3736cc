import type { HostId, PodId, StoreTime } from './ids.ts';
import type { Level } from './level.ts';
import type { RunningProbe } from './slow.ts';

/** A live pod that can look at the target now. */
export interface AblePod {
  readonly pod: PodId;
  readonly host: HostId;
  /** Pods of one domain tend to fail together: a node, a zone. */
  readonly domain: string;
  /** How deep it looks. */
  readonly level: Level;
}

/** Why a live pod cannot look at a target that it has, or is not waited for. */
export type Hindrance = 'blind' | 'impaired' | 'fails-alone' | 'on-demand-only';

/** A live pod that has the target, whether or not it can look at it now. */
export interface Peer {
  readonly pod: PodId;
  readonly host: HostId;
  readonly level: Level;
  readonly hindrance?: Hindrance;
}

/** Who judges, and when. */
export interface Judge {
  readonly self: PodId;
  /** Where this pod runs. */
  readonly host: HostId;
  readonly now: StoreTime;
  /** How deep this pod looks. */
  readonly level: Level;
  /** How often the target is looked at, ms. */
  readonly intervalMs: number;
  /** Live pods that can look at the target now, this one included if it can; read only where something fails. */
  readonly able: () => readonly AblePod[];
  /** Whether a live pod is set to look at the target as deep as that, whether or not it can now. Absent: none is. */
  readonly isSetTo?: (level: Level) => boolean;
  /** Some other live pods that have the target, on other hosts than `but`, whether or not they can look. Absent: none. */
  readonly others?: (but: HostId) => readonly Peer[];
  /** Hosts of live pods that say that only they fail to reach the target: no witnesses. Absent: none. */
  readonly discounted?: () => readonly HostId[];
  /** How long able pods are waited for before a lone witness is believed, ms. */
  readonly waitMs: number;
  /** Since when the able pods could have looked: before that no time counts as waited. Absent: at all times. */
  readonly waitingSince?: StoreTime;
  /** The probe that runs now, wherever in the fleet; absent for none. */
  readonly probing?: RunningProbe;
}
