import type {
  FailureClass,
  Level,
  ObservationSource,
  PodId,
  ProbeReason,
  StoreTime,
  TargetId,
} from '../health/index.ts';

/** Limits of the stored history. What is beyond them is removed with the next point of their target. */
export interface HistoryLimits {
  /** Newest points of one target that are kept in full. Older ones with the same result are shortened to time and latency. */
  readonly points: number;
  /** Points of all targets that are kept in full. Each target keeps its share of them, at least one. */
  readonly fleetPoints: number;
  /** Longest age of a point, ms. */
  readonly keptMs: number;
}

/** Limits without configuration: 32 days, of which two in full; about 13 MB for a thousand targets. */
export const HISTORY_LIMITS: HistoryLimits = { points: 48, fleetPoints: 48_000, keptMs: 32 * 24 * 3_600_000 };

/** A result in the history: one with another result than the one before, or the first one of an hour. */
export interface HistoryPoint {
  /** Start of the probe. */
  readonly at: StoreTime;
  readonly pod: PodId;
  readonly kind: 'ok' | 'overloaded' | 'failed';
  readonly level: Level;
  readonly reason: ProbeReason;
  readonly latencyMs: number;
  /** Origin of what is no probe. Absent: a probe, or a point of an older version. */
  readonly source?: Exclude<ObservationSource, 'probe'>;
  /** Class of a failure; its message is already redacted. */
  readonly class?: FailureClass;
  readonly message?: string;
}

/**
 * An older point with the same result as the point after it. Time, in whole seconds, and latency are its own; pod and message
 * are those of the newest point of the run.
 */
export type RepeatedPoint = Pick<HistoryPoint, 'at' | 'pod' | 'kind' | 'latencyMs' | 'class' | 'message'>;

/** History of one target, newest point first. */
export interface TargetHistory {
  readonly target: TargetId;
  readonly points: readonly HistoryPoint[];
  /** Points of which only time and latency are kept. */
  readonly repeats: readonly RepeatedPoint[];
}

/** Histories, or the reason why the store could not be read. */
export type HistoryOutcome =
  | { readonly kind: 'read'; readonly histories: readonly TargetHistory[] }
  | { readonly kind: 'store-lost'; readonly why: string };

/** Access to the history in the store, within the store's deadline. */
export interface FleetHistorian {
  /** Histories of targets, configured or not. Never rejects. */
  history(targets: readonly TargetId[]): Promise<HistoryOutcome>;
}
