import type { Failure } from './outcome.ts';
import type { Level } from './level.ts';
import type { EvidenceStamps } from './evidence-stamps.ts';
import type { Grant, HostId, PodId, StoreTime, Version } from './ids.ts';

/** Format of the facts in a record. Pods of another version treat the record as another version's. */
export const RECORD_FORMAT = 2;

/** Why a probe was allowed. Everything but `scheduled` is an extra probe with a name. */
export type ProbeReason = 'scheduled' | 'confirmation' | 'forced' | 'fallback';

/** What a probe had to change of its body because the upstream refused it; without a new name the parameter was dropped. */
export interface ProbeAdaptation {
  readonly parameter: string;
  readonly renamedTo?: string;
  /** Of the body as configured: for another body the change was not learnt. */
  readonly bodyHash: string;
}

/** Where an observation comes from: a probe, a request of a user, or a report from outside. */
export type ObservationSource = 'probe' | 'traffic' | 'external';

/** One piece of evidence about a target, as any pod can show it. */
export interface Observation {
  readonly source: ObservationSource;
  /** Start: the grant it was made under, unless that lies ahead of a clock that was set back. */
  readonly at: StoreTime;
  /** When its last byte was read, on the probing pod's estimate of the store's clock. */
  readonly answeredAt: StoreTime;
  readonly pod: PodId;
  /** Where that pod runs; absent: the pod id stands for it. */
  readonly host?: HostId;
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
  /** The result is that of a request with this change. */
  readonly adapted?: ProbeAdaptation;
}

/** Whose budget forbade a paid probe, and until when: the end of the hour or day, store time. */
export interface OverBudget {
  readonly owner: 'fleet' | 'target';
  readonly until: StoreTime;
}

/** A pod whose own probe failed in the present run of failures. */
export interface Witness {
  readonly pod: PodId;
  /** Where that pod runs; absent: the pod id stands for it. Witnesses are counted by host. */
  readonly host?: HostId;
  readonly at: StoreTime;
  /** Position of its newest failure in the run, from 1 on: says whether it is among the recent ones. */
  readonly position: number;
}

/** Failures, or answers that ask for less, in a row: what they need to be confirmed. */
export interface FailureSeries {
  /** Level of the deepest one: only evidence as deep or deeper ends them. */
  readonly level: Level;
  /** Start of the first and of the newest one. */
  readonly since: StoreTime;
  readonly at: StoreTime;
  readonly length: number;
  /** Distinct hosts, newest last, at most eight. */
  readonly witnesses: readonly Witness[];
  /** Since when all recent ones come from one host; absent while they come from two or more. */
  readonly aloneSince?: StoreTime;
}

/** The newest run of failures: still going while `Facts.run` is `failed`, else the one that `Facts.run` ended. */
export interface FailureRun extends FailureSeries, Failure {
  /** The newest failures in a row of the present class; absent: all of them are. */
  readonly ofClass?: number;
  /** Length of the good run before this trouble, 0 when there was none, and its start. */
  readonly after: number;
  readonly afterSince: StoreTime;
  /** The trouble before that good run, where the run was too short for every policy to call it over. */
  readonly previous?: Omit<FailureRun, 'previous'>;
}

/** Answers that ask for less (429, 529) since the last good one. They neither end nor lengthen a run of failures. */
export interface Overload extends FailureSeries, Omit<Failure, 'class' | 'retryAfterMs'> {
  /** Rest that the newest answer asked for, ms from its `at`; absent when it named none. */
  readonly quietMs?: number;
}

/**
 * The upstream refuses the probe itself (400, 422 …): that says nothing of its health. Ends with any other answer, but for
 * failures of one other host alone.
 */
export interface Rejection extends Omit<Failure, 'class' | 'retryAfterMs'> {
  readonly level: Level;
  /** Where the newest rejected probe came from. Absent: nobody knows. */
  readonly host?: HostId;
  /** Distinct hosts whose probes were rejected, newest last, at most eight. Absent: only that one is known. */
  readonly hosts?: readonly HostId[];
  readonly since: StoreTime;
  readonly at: StoreTime;
  readonly length: number;
}

/** The present run of equal evidence; `none`, of length 0, before anything was proved. */
export interface Run {
  readonly kind: 'ok' | 'failed' | 'none';
  readonly length: number;
  readonly since: StoreTime;
}

/**
 * What the fleet knows about one target: facts, not opinions, so that pods with different policies agree on them.
 * Fields unknown to this version are kept as they came.
 */
export interface Facts {
  /** Format of this document; a record with a higher one is never overwritten by this version. */
  readonly format: typeof RECORD_FORMAT;
  readonly run: Run;
  readonly failureRun?: FailureRun;
  /** Present until a good answer as deep. */
  readonly overload?: Overload;
  readonly rejected?: Rejection;
  /** Start of the last good evidence by level. */
  readonly lastSuccess: Readonly<Partial<Record<Level, StoreTime>>>;
  /** Rolling mean of how long good answers take, ms, by level. */
  readonly usualMs?: Readonly<Partial<Record<Level, number>>>;
  /** Change that the upstream made the newest accepted probe need: each pod begins with it. */
  readonly adapted?: ProbeAdaptation;
  readonly last: Observation;
}

/** A target's entry in the store: a header that scripts read without JSON, and the facts. */
export interface TargetRecord extends EvidenceStamps {
  readonly version: Version;
  /** Grant under which the newest evidence was gathered; 0 for evidence without a lease. */
  readonly grant: Grant;
  /** When the pod that committed expects the next probe. */
  readonly nextDueAt: StoreTime;
  readonly facts: Facts;
}
