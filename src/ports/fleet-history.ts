import type { FailureClass, Level, PodId, ProbeReason, Run, StoreTime, TargetId } from '../health/index.ts';

/** Most points of one target: what is older than these goes. */
export const HISTORY_POINTS = 48;
/** Points that are older than this go, too. */
export const HISTORY_KEPT_MS: number = 7 * 24 * 3_600_000;

/** What a probe saw at a moment worth remembering: another thing than before, or the first thing in an hour. */
export interface HistoryPoint {
  /** Start of the probe. */
  readonly at: StoreTime;
  readonly pod: PodId;
  readonly kind: Run['kind'];
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

export type HistoryOutcome =
  | { readonly kind: 'read'; readonly histories: readonly TargetHistory[] }
  | { readonly kind: 'store-lost'; readonly why: string };

/** For callers who may wait for the store, within its deadline. */
export interface FleetHistorian {
  /** What the fleet remembers of targets, configured or not. Never rejects. */
  history(targets: readonly TargetId[]): Promise<HistoryOutcome>;
}
