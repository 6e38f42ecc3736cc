import type { PodId, StoreTime } from '../health/index.ts';

/**
 * - `off`: not asked for, or there is no Redis.
 * - `standby`: another pod publishes, or may.
 * - `withheld`: this pod may publish, and has nothing to publish.
 * - `unreachable`: the store does not answer.
 * - `publishing`: what this pod published stands.
 */
export type BridgeState = 'off' | 'standby' | 'withheld' | 'unreachable' | 'publishing';

/** What was found in the place of a publication: LiteLLM's own results, something that is none, nothing at all. */
export type Displacement = 'litellm' | 'unknown' | 'vanished';

/** A deployment by LiteLLM's id of it. */
export interface OtherModel {
  readonly id: string;
  readonly model: string;
}

/** How LiteLLM's list of deployments and this pod's differ, by the ids in their rows; ten of each at most. */
export interface OtherModels {
  /** LiteLLM's that are in no publication: nobody probes them while one stands. */
  readonly unwatched: readonly OtherModel[];
  readonly unwatchedCount: number;
  /** Ours that LiteLLM knows nothing of: it finds no deployment for their verdicts. */
  readonly foreign: readonly OtherModel[];
  readonly foreignCount: number;
  /** When LiteLLM's results were read. */
  readonly seenAt: StoreTime;
}

/** One pod's bridge to LiteLLM, read from memory at once. Counts are of this pod since it started. */
export interface BridgeView {
  readonly state: BridgeState;
  /** One line: why nothing is published; null while it is. */
  readonly why: string | null;
  /** Models on whose account nothing is published. */
  readonly waitingFor: readonly string[];
  /** The pod that publishes, as far as this one knows. */
  readonly holder: PodId | null;
  /** The key in Redis, namespace and all; null while the bridge is off. */
  readonly resultsKey: string | null;
  readonly publishedAt: StoreTime | null;
  readonly expiresAt: StoreTime | null;
  readonly healthy: number;
  readonly unhealthy: number;
  readonly publications: number;
  readonly displaced: Readonly<Record<Displacement, number>>;
  /** When LiteLLM's own results were last found in the place of ours. */
  readonly litellmResultsAt: StoreTime | null;
  /** By the results of LiteLLM's own that were last read; null while none were. */
  readonly otherModels: OtherModels | null;
  /** Where results lie that were written without our namespace; null where none were seen. */
  readonly unnamespacedKey: string | null;
  /** LiteLLM pods whose lock or results were seen within the last hour. */
  readonly litellmPods: readonly string[];
  /** Estimates: what LiteLLM's own rounds would have taken while a publication stood. */
  readonly probesAvoided: number;
  readonly usdAvoided: number;
}

/** For whoever shows the bridge. Reading never waits. */
export interface BridgeReader {
  bridge(): BridgeView;
}
