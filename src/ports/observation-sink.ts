import type { Failure, HostId, StoreTime, TargetId, TrafficVerdict } from '../health/index.ts';

/** Evidence from real traffic about one target. It is the newest request that supports the verdict. */
export interface TrafficReport {
  readonly target: TargetId;
  /** Start of the request, store clock. */
  readonly at: StoreTime;
  /** True exactly where the verdict is `success`. */
  readonly ok: boolean;
  /** Present exactly where the verdict is not `success`. Its message is fixed text, never a text that was received. */
  readonly failure?: Failure;
  /** Until the first token of the answer; of a request without one, until its end. */
  readonly latencyMs: number;
  readonly verdict: TrafficVerdict;
  /** Where the requests ran, as a witness. All LiteLLM pods together are one, `litellm`; each reporter is one. */
  readonly witness: HostId;
}

/** Takes evidence from real traffic. Returns at once and never throws. */
export interface ObservationSink {
  report(report: TrafficReport): void;
}
