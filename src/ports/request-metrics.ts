import type { FailureClass } from '../health/index.ts';

/** Result of one attempt at a deployment. `neutral`: it proves nothing, as where the client left. */
export type AttemptResult = FailureClass | 'success' | 'caller-fault' | 'neutral';

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
  /** `status`: as the client got it; 499 where it left before. */
  ended(status: number, durationMs: number): void;
  /** Until the first byte of the answer, from the arrival of the request. */
  firstByte(ms: number): void;
  failedOver(): void;
  /** Nothing of the group and its fallbacks was routable any more. */
  panicked(): void;
}

/** Counters of the attempts at one deployment. */
export interface DeploymentMetrics {
  attempted(result: AttemptResult): void;
  /** As the upstream counted them. */
  tokens(input: number, output: number): void;
}
