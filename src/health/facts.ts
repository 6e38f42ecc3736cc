import type { Failure } from './outcome.ts';
import type { Level } from './level.ts';
import type { Grant, PodId, StoreTime, Version } from './ids.ts';

/** Why a probe was allowed. Everything but `scheduled` is an extra probe with a name. */
export type ProbeReason = 'scheduled' | 'confirmation' | 'forced' | 'fallback';

/** The last probe of a target, as any pod can show it. */
export interface LastProbe {
  /** Start, which is the grant it was made under. */
  readonly at: StoreTime;
  /** When its last byte was read, on the probing pod's estimate of the store's clock. */
  readonly answeredAt: StoreTime;
  readonly pod: PodId;
  readonly reason: ProbeReason;
  readonly level: Level;
  readonly ok: boolean;
  /** From the first byte sent until the whole answer was read, ms. */
  readonly latencyMs: number;
  readonly failure?: Failure;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly costUsd?: number;
  /** Made at a free level, because a budget was spent: whose it is, and until when. */
  readonly overBudget?: OverBudget;
  /** Rate-limit headers worth showing, by lower-case name. */
  readonly limits?: Readonly<Record<string, string>>;
}

/** Whose budget forbade a paid probe, and until when: the end of the hour or day, store time. */
export interface OverBudget {
  readonly owner: 'fleet' | 'target';
  readonly until: StoreTime;
}

/** A pod whose own evidence shows the present failure. */
export interface Witness {
  readonly pod: PodId;
  readonly at: StoreTime;
}

/** The newest run of failures: still going while `Facts.run` is `failed`, else the one that `Facts.run` ended. */
export interface Trouble extends Failure {
  /** Level of the failing probe: only evidence as deep or deeper ends it. */
  readonly level: Level;
  /** Start of the first and of the newest failure of the run. */
  readonly since: StoreTime;
  readonly at: StoreTime;
  readonly length: number;
  /** Distinct pods, newest last, at most eight. */
  readonly witnesses: readonly Witness[];
  /** Length of the good run before this trouble, 0 when there was none, and its start. */
  readonly after: number;
  readonly afterSince: StoreTime;
  /** The trouble before that good run, where the run was too short for every policy to call it over. */
  readonly previous?: Omit<Trouble, 'previous'>;
}

/** The present run of equal evidence. `overloaded` is an answer, so it ends trouble, but not a good one. */
export interface Run {
  readonly kind: 'ok' | 'overloaded' | 'failed';
  readonly length: number;
  readonly since: StoreTime;
  /** For `overloaded`: at which level. A shallower success does not end it; absent in old records. */
  readonly level?: Level;
  /** For `overloaded`: when the upstream said it will be back; absent when it did not say. */
  readonly until?: StoreTime;
}

/**
 * What the fleet knows about one target: facts, not opinions, so that pods with different policies agree on them.
 * Fields unknown to this version are kept as they came.
 */
export interface Facts {
  /** Format of this document; a record with a higher one is never overwritten by us. */
  readonly format: 1;
  readonly run: Run;
  readonly trouble?: Trouble;
  /** Start of the last good evidence by level. */
  readonly lastOk: Readonly<Partial<Record<Level, StoreTime>>>;
  readonly lastProbe: LastProbe;
}

/** A target's entry in the store: a header that scripts read without JSON, and the facts. */
export interface TargetRecord {
  readonly version: Version;
  /** Grant under which the newest evidence was gathered; 0 for evidence without a lease. */
  readonly grant: Grant;
  /** Start of the newest evidence at the target's own level. */
  readonly evidenceAt: StoreTime;
  /** When the pod that committed expects the next probe. */
  readonly nextDueAt: StoreTime;
  readonly facts: Facts;
}
