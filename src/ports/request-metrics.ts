import type { FailureClass } from '../health/index.ts';

/** Result of one attempt at a deployment. `neutral`: it proves nothing, as where the client left. */
export type AttemptResult = FailureClass | 'success' | 'caller-fault' | 'neutral';

/** Metrics of users' requests. Called several times for each request: constant time, no hashing of labels. */
export interface RequestMetrics {
  /** Counters of one model group. The object may be kept. */
  group(name: string): GroupMetrics;
  /** Counters of one deployment. The object may be kept. */
  deployment(id: string, group: string): DeploymentMetrics;
}

/** Counters of the requests of one model group. */
export interface GroupMetrics {
  /** `status`: as the client got it; 499 where it left before. */
  ended(status: number, durationMs: number): void;
  /** Until the first byte of the answer, from the arrival of the request. */
  firstByte(ms: number): void;
  failedOver(): void;
}

/** Counters of the attempts at one deployment. */
export interface DeploymentMetrics {
  attempted(result: AttemptResult): void;
  /** As the upstream counted them. */
  tokens(input: number, output: number): void;
}
