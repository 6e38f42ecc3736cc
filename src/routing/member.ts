import type { StoreTime, TargetId, TrafficWindow } from '../health/index.ts';
import { createWindow } from '../health/index.ts';
import { noEjection } from './ejection.ts';
import type { Ejection } from './ejection.ts';
import { createSlidingCount } from './sliding-count.ts';
import type { CountSpan, SlidingCount } from './sliding-count.ts';
import type { Trial } from './trials.ts';
import type { RoutedDeployment } from './types.ts';

/** Evidence of this pod's own requests about one target. */
export interface TargetState {
  readonly id: TargetId;
  readonly window: TrafficWindow;
  readonly ejection: Ejection;
  /** End of the newest `Retry-After`, and of the time in which it counts as degraded. */
  restUntilMs: number;
  degradedUntilMs: number;
  /** When an own trial ended an ejection; a slow start begins there. */
  recoveredAtMs: number;
  /** Failures in a row, in the order of their ends, and the time of the last one. */
  failuresInRow: number;
  failedAtMs: number;
  /** Until when it gets few requests, after a failure without a later success. */
  doubtedUntilMs: number;
  /** Usual time to the first byte; NaN until there was one. `slowRun`: much slower answers in a row. */
  usualMs: number;
  slowRun: number;
  /** After a confirmation that passed: no ejection by failures in a row until `pausedUntilMs`. */
  pauseMs: number;
  pausedUntilMs: number;
  suspectedAtMs: number;
  /** Until when a report to the fleet waits for its answer, and when the last success was reported. */
  reportedUntilMs: number;
  successReportedAtMs: number;
}

/** One deployment with its counters. Changed in place: requests must not allocate. */
export interface Member {
  deployment: RoutedDeployment;
  readonly target: TargetState;
  /** `removed`: the configuration no longer has it, so requests that are still in flight teach nothing. */
  presence: 'present' | 'removed';
  /** Own cooldown, by `allowed_fails`. */
  readonly cooldown: Ejection;
  readonly failures: SlidingCount;
  readonly requests: SlidingCount;
  readonly tokens: SlidingCount;
  inFlight: number;
  refused: number;
  refusedTokens: number;
  /** Average time to the first byte, and when it was last measured; NaN until then. */
  firstByteMs: number;
  measuredAtMs: number;
  /** Part of the group's traffic by weight, rpm or tpm, when all are healthy. */
  weight: number;
  /** Part of that by health, above 0 and at most 1. Set by each evaluation of its standing. */
  share: number;
}

const MINUTE: CountSpan = { windowMs: 60_000, bucketMs: 1_000, aheadMs: 60_000 };

/** Begins without any evidence. */
export function newTarget(id: TargetId): TargetState {
  return {
    id,
    window: createWindow(),
    ejection: noEjection(),
    restUntilMs: -Infinity,
    degradedUntilMs: -Infinity,
    recoveredAtMs: -Infinity,
    failuresInRow: 0,
    failedAtMs: -Infinity,
    doubtedUntilMs: -Infinity,
    usualMs: NaN,
    slowRun: 0,
    pauseMs: 0,
    pausedUntilMs: -Infinity,
    suspectedAtMs: -Infinity,
    reportedUntilMs: -Infinity,
    successReportedAtMs: -Infinity,
  };
}

/** Begins with counters at zero. */
export function newMember(deployment: RoutedDeployment, target: TargetState): Member {
  return {
    deployment,
    target,
    presence: 'present',
    cooldown: noEjection(),
    failures: createSlidingCount(MINUTE),
    requests: createSlidingCount(MINUTE),
    tokens: createSlidingCount(MINUTE),
    inFlight: 0,
    refused: 0,
    refusedTokens: 0,
    firstByteMs: NaN,
    measuredAtMs: -Infinity,
    weight: 1,
    share: 1,
  };
}

/** One attempt that is under way. */
export interface Attempt {
  readonly member: Member;
  /** Start as planned, monotonic ms, after its wait. */
  readonly atMs: number;
  readonly reservedTokens: number;
  /** Numbers of the trials that it is, of the target and of the deployment; 0 for none. */
  readonly targetTrial: number;
  readonly deploymentTrial: number;
  /** `deadline`: the caller's deadline cut its timeout short, so a timeout proves nothing. */
  readonly timeoutBy: 'deployment' | 'deadline';
  /** The probe of the fleet that it stands in for. */
  readonly trial: Trial | undefined;
}

/** Time now on both clocks. */
export interface Now {
  readonly ms: number;
  readonly store: StoreTime;
}
