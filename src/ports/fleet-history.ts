import type { FailureClass, Level, PodId, ProbeReason, StoreTime, TargetId } from '../health/index.ts';

/** How much of its history a fleet keeps: what is beyond any of these goes with the next point of its target. */
export interface HistoryLimits {
  /** Points of one target, the newest. */
  readonly points: number;
  /** Points of all targets: where there are many, each keeps its share of them, and one at least. */
  readonly fleetPoints: number;
  /** Age of a point, ms. */
  readonly keptMs: number;
}

/** What is kept where nobody says otherwise: two days of calm in hourly points, in a fleet of a thousand targets about 6 MB. */
export const HISTORY_LIMITS: HistoryLimits = { points: 48, fleetPoints: 48_000, keptMs: 7 * 24 * 3_600_000 };

/** What a probe saw at a moment worth remembering: another thing than before, or the first thing in an hour. */
export interface HistoryPoint {
  /** Start of the probe. */
  readonly at: StoreTime;
  readonly pod: PodId;
  readonly kind: 'ok' | 'overloaded' | 'failed';
  readonly level: Level;
  readonly reason: ProbeReason;
  readonly latencyMs: number;
  /** Of a failure; its message is already free of secrets. */
  readonly class?: FailureClass;
  readonly message?: string;
}

/** What the store remembers of one target, newest first. */
export interface TargetHistory {
  readonly target: TargetId;
  readonly points: readonly HistoryPoint[];
}

/** What the store remembers, or one line why it could not be asked. */
export type HistoryOutcome =
  | { readonly kind: 'read'; readonly histories: readonly TargetHistory[] }
  | { readonly kind: 'store-lost'; readonly why: string };

/** For callers who may wait for the store, within its deadline. */
export interface FleetHistorian {
  /** What the fleet remembers of targets, configured or not. Never rejects. */
  history(targets: readonly TargetId[]): Promise<HistoryOutcome>;
}
