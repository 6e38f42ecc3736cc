import type { FailureClass } from '../health/index.ts';

/** Result of one attempt at a deployment. `neutral`: it proves nothing, as where the client left. */
export type AttemptResult = FailureClass | 'success' | 'caller-fault' | 'neutral';

/** All outcomes of a request of a model group. */
export const answerOutcomes = ['answered', 'failed', 'broken-off', 'left-before-answer', 'left-during-answer'] as const;

/**
 * How a request of a model group ended. The metric, the span and the line of the request have the same name for it:
 *
 * - `answered`: the client has the whole answer.
 * - `failed`: the client got an error status.
 * - `broken-off`: the answer ended in the middle; the client got an error event, or its connection was closed.
 * - `left-before-answer`, `left-during-answer`: the client closed its connection, before or after the first byte.
 */
export type AnswerOutcome = (typeof answerOutcomes)[number];

/** Metrics of users' requests. Called several times for each request: constant time, no hashing of labels. */
export interface RequestMetrics {
  /** Counters of one model group. The object may be kept. */
  group(name: string): GroupMetrics;
  /** Counters of one deployment. The object may be kept. */
  deployment(id: string, group: string): DeploymentMetrics;
  /** Counts a request that was refused before it was routed. */
  refused(reason: RefusalReason): void;
}

/** Why a request was not routed. */
export type RefusalReason =
  /** 401. */
  | 'no-key'
  | 'wrong-key'
  /** 403: a key for events. */
  | 'forbidden'
  /** 503: the limits of this pod. */
  | 'in-flight'
  | 'buffered-bytes'
  /** 413. */
  | 'too-large'
  /** 400. */
  | 'malformed'
  | 'unknown-model'
  | 'not-callable'
  /** Before the body was there. */
  | 'client-left';

/** Counters of the requests of one model group. */
export interface GroupMetrics {
  /** `status`: as the client got it, in the error event of an answer that broke off too; 499 where it left before. */
  ended(end: { readonly outcome: AnswerOutcome; readonly status: number }, durationMs: number): void;
  /** Until the first byte of the answer, from the arrival of the request. */
  firstByte(ms: number): void;
  failedOver(): void;
  /** Nothing of the group and its fallbacks was routable any more. */
  panicked(): void;
  /** One request went to a deployment that is not routable, because none is. */
  unroutable(): void;
  /** One request was answered 429: all deployments are at their limits, or none is left for it. */
  unplaced(why: UnplacedReason): void;
  /** The retry budget refused another attempt. */
  retryRefused(): void;
}

/** Why a request was answered 429 without an attempt. */
export type UnplacedReason = 'over-limit' | 'no-deployment';

/** Counters of the attempts at one deployment. */
export interface DeploymentMetrics {
  /** An attempt is in flight until `ended`. */
  began(): void;
  ended(): void;
  /** The client left while it waited for the first byte of this deployment. */
  abandoned(): void;
  attempted(result: AttemptResult): void;
  /** As the upstream counted them. */
  tokens(input: number, output: number): void;
}

/** Attempts of one process in flight at a deployment. */
export interface RunningAttempts {
  readonly deployment: string;
  readonly group: string;
  readonly count: number;
}
