import type { PodId, StoreTime } from '../health/index.ts';
import type { CooldownView } from './cooldown-view.ts';

/**
 * - `off`: not configured, or without Redis.
 * - `standby`: another pod holds the bridge lease.
 * - `withheld`: this pod holds the lease, but its verdicts may not be published.
 * - `unreachable`: the store does not answer.
 * - `publishing`: the results are this pod's.
 */
export type BridgeState = 'off' | 'standby' | 'withheld' | 'unreachable' | 'publishing';

/** What replaced published results: LiteLLM's own results, a value of another kind, or nothing (they were deleted). */
export type Displacement = 'litellm' | 'unknown' | 'vanished';

/**
 * What shows that LiteLLM pods are there. Reading leaves only the access time of the results.
 *
 * - `results`: a pod's name was in the lock or in results
 * - `read`: another client read the published results
 * - `cooldown`: a pod began a cooldown of one of the deployments
 * - `events`: a pod reported a request of one of the deployments
 */
export type LitellmSign = 'results' | 'read' | 'cooldown' | 'events';

/** Time of the newest sign of each kind within the last hour; null for none. */
export type LitellmSigns = Readonly<Record<LitellmSign, StoreTime | null>>;

/** A deployment with LiteLLM's id for it. */
export interface OtherModel {
  readonly id: string;
  readonly model: string;
}

/** A deployment of this pod. `formerId`: its id in LiteLLM before 1.110, if that is another one. */
export interface OwnModel extends OtherModel {
  readonly formerId?: string;
}

/** Differences between LiteLLM's deployments and this pod's, by id; at most ten of each. */
export interface OtherModels {
  /** LiteLLM's deployments that are not published. No pod probes them while results are published. */
  readonly unwatched: readonly OtherModel[];
  readonly unwatchedCount: number;
  /** This pod's deployments that LiteLLM does not have. It ignores their verdicts. */
  readonly foreign: readonly OtherModel[];
  readonly foreignCount: number;
  /** Time at which LiteLLM's results were read. */
  readonly seenAt: StoreTime;
}

/** State of one pod's bridge, read from memory. Counts are of this pod since it started. */
export interface BridgeView {
  readonly state: BridgeState;
  /** Reason why nothing is published, one line; null while it is. */
  readonly why: string | null;
  /** Models whose verdicts are not publishable, so that nothing is. */
  readonly waitingFor: readonly string[];
  /** Pod that holds the bridge lease, as far as this pod knows. */
  readonly holder: PodId | null;
  /** Key of the results, with namespace; null while the bridge is off. */
  readonly resultsKey: string | null;
  readonly publishedAt: StoreTime | null;
  readonly expiresAt: StoreTime | null;
  readonly healthy: number;
  readonly unhealthy: number;
  readonly publications: number;
  readonly displaced: Readonly<Record<Displacement, number>>;
  /** Last time that LiteLLM's own results replaced published ones. */
  readonly litellmResultsAt: StoreTime | null;
  /** Differences to LiteLLM's own results as last read; null until they were. */
  readonly otherModels: OtherModels | null;
  /** Key of results that LiteLLM pods write without the namespace; null if there are none. */
  readonly unnamespacedKey: string | null;
  /** LiteLLM pods whose lock or results were seen within the last hour. */
  readonly litellmPods: readonly string[];
  readonly litellmSigns: LitellmSigns;
  /** False if the store does not tell when the results were last used; null until it was asked. */
  readonly readsVisible: boolean | null;
  /** Since when this pod's results are published without a gap; null while they are not. */
  readonly publishingSince: StoreTime | null;
  /** Estimates: probes and cost of LiteLLM's own checks while results were published and LiteLLM pods used them. */
  readonly probesAvoided: number;
  readonly usdAvoided: number;
}

/** Read access to the bridge's state. Reading never waits. */
export interface BridgeReader {
  bridge(): BridgeView;
  cooldowns(): CooldownView;
}
