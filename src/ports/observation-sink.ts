import type { Failure, HostId, StoreTime, TargetId } from '../health/index.ts';

/** Evidence from real requests about one target. */
export interface TrafficReport {
  readonly target: TargetId;
  /** Start of the newest request, store clock, µs. */
  readonly at: StoreTime;
  readonly ok: boolean;
  /** Of a failure: its class and a fixed, short message; never text of the request or the answer. */
  readonly failure?: Failure;
  readonly latencyMs: number;
  /** Verdict of the window rule: only `suspect` lowers the fleet's verdict. */
  readonly verdict: 'success' | 'degraded' | 'suspect';
  /** Host that it counts for as a witness; all LiteLLM pods together are one. */
  readonly witness: HostId;
}

/** Takes evidence from real requests. Returns at once; the store is written in the background. */
export interface ObservationSink {
  report(report: TrafficReport): void;
}
