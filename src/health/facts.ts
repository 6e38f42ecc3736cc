import type { Failure } from './outcome.ts';
import type { Level } from './level.ts';
import type { EvidenceStamps } from './evidence-stamps.ts';
import type { Grant, HostId, PodId, StoreTime, Version } from './ids.ts';

/** Format of the facts in a record. A pod ignores a record of a higher format and does not overwrite it. */
export const RECORD_FORMAT = 2;

/** Reason of a probe. All but `scheduled` are extra probes. */
export type ProbeReason = 'scheduled' | 'confirmation' | 'forced' | 'fallback';

/** Change of a probe's body that the upstream required. Without `renamedTo` the parameter was left out. */
export interface ProbeAdaptation {
  readonly parameter: string;
  readonly renamedTo?: string;
  /** Hash of the body as configured. The change applies to no other body. */
  readonly bodyHash: string;
}

/** Source of an observation: a probe, a user's request, or a report from outside the fleet. */
export type ObservationSource = 'probe' | 'traffic' | 'external';

/** One piece of evidence about a target. */
export interface Observation {
  readonly source: ObservationSource;
  /** Start of the probe: its grant, unless the grant is ahead of a clock that was set back. */
  readonly at: StoreTime;
  /** Time of the last byte of the answer, by the probing pod's estimate of the store's clock. */
  readonly answeredAt: StoreTime;
  readonly pod: PodId;
  /** Host of that pod; absent: the pod id is used instead. */
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
  /** Present if the probe was an unbilled check because a budget is spent. */
  readonly overBudget?: OverBudget;
  /** Rate-limit headers, by lower-case name. */
  readonly limits?: Readonly<Record<string, string>>;
  /** Change with which the request was sent. */
  readonly adapted?: ProbeAdaptation;
}

/** The budget that allowed no paid probe. `until` is the end of its hour or day, store time. */
export interface OverBudget {
  readonly owner: 'fleet' | 'target';
  readonly until: StoreTime;
}

/** A pod host that saw a failure of the series itself. */
export interface Witness {
  readonly pod: PodId;
  /** Host of that pod; absent: the pod id is used instead. Witnesses are counted by host. */
  readonly host?: HostId;
  readonly at: StoreTime;
  /** Position of its newest failure in the series, from 1. Only witnesses of recent failures count. */
  readonly position: number;
}

/** Failures, or rate-limit answers, in a row, and the hosts that saw them: enough to decide if they are confirmed. */
export interface FailureSeries {
  /** Deepest level at which one was seen. Only a success at this level or deeper ends the series. */
  readonly level: Level;
  /** Start of the first and of the newest failure. */
  readonly since: StoreTime;
  readonly at: StoreTime;
  readonly length: number;
  /** Distinct hosts, newest last, at most eight. */
  readonly witnesses: readonly Witness[];
  /** Time since which one host alone saw all recent failures; absent while two or more hosts did. */
  readonly aloneSince?: StoreTime;
}

/** The newest run of failures: the present one while `Facts.run` is `failed`, else the last one that ended. */
export interface FailureRun extends FailureSeries, Failure {
  /** Number of newest failures in a row with the present class; absent: all have it. */
  readonly ofClass?: number;
  /** Length and start of the run of successes before it; length 0 if there was none. */
  readonly after: number;
  readonly afterSince: StoreTime;
  /** The run of failures before those successes, if they were too few to end it under every policy. */
  readonly previous?: Omit<FailureRun, 'previous'>;
}

/** Rate-limit answers (429, 529) since the last success. They neither end nor lengthen a run of failures. */
export interface Overload extends FailureSeries, Omit<Failure, 'class' | 'retryAfterMs'> {
  /** Retry-After of the newest answer, ms from its `at`; absent if it had none. */
  readonly quietMs?: number;
}

/**
 * The upstream rejects the probe request itself (400, 422 …), which says nothing about its health. Any other answer ends
 * it, except failures that one other host alone sees.
 */
export interface Rejection extends Omit<Failure, 'class' | 'retryAfterMs'> {
  readonly level: Level;
  /** Host of the newest rejected probe; absent if unknown. */
  readonly host?: HostId;
  /** Distinct hosts whose probes were rejected, newest last, at most eight. Absent: only `host` is known. */
  readonly hosts?: readonly HostId[];
  readonly since: StoreTime;
  readonly at: StoreTime;
  readonly length: number;
}

/** The present run of successes or failures; `none`, of length 0, before the first of either. */
export interface Run {
  readonly kind: 'ok' | 'failed' | 'none';
  readonly length: number;
  readonly since: StoreTime;
}

/**
 * Shared evidence about one target. It contains no policy, so that pods with different policies store equal facts.
 * Unknown fields are kept unchanged.
 */
export interface Facts {
  /** Format of the facts. This version never overwrites a record of a higher format. */
  readonly format: typeof RECORD_FORMAT;
  readonly run: Run;
  readonly failureRun?: FailureRun;
  /** Present until a success at its level or deeper. */
  readonly overload?: Overload;
  readonly rejected?: Rejection;
  /** Start of the newest success by level. */
  readonly lastSuccess: Readonly<Partial<Record<Level, StoreTime>>>;
  /** Rolling mean of the latency of successes, ms, by level. */
  readonly usualMs?: Readonly<Partial<Record<Level, number>>>;
  /** Change that the newest accepted probe needed. Each pod sends its next probe with it. */
  readonly adapted?: ProbeAdaptation;
  readonly last: Observation;
}

/** A target's record in the store: a header that scripts read without parsing JSON, and the facts. */
export interface TargetRecord extends EvidenceStamps {
  readonly version: Version;
  /** Grant of the newest evidence that was made under a lease; 0 if there is none. */
  readonly grant: Grant;
  /** Due time of the next probe by the policy of the pod that committed. */
  readonly nextDueAt: StoreTime;
  readonly facts: Facts;
}
