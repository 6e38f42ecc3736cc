import type { FailureClass, StoreTime } from '../health/index.ts';

/** What LiteLLM's requests show of a deployment that allswell does not probe, as far as this pod received it. */
export interface UnprobedEvidence {
  /** End of the newest successful request. */
  readonly lastSuccessAt: StoreTime | null;
  readonly lastFailure: UnprobedFailure | null;
  /** End of the newest cooldown that LiteLLM began. */
  readonly cooldownUntil: StoreTime | null;
}

/** The newest failed request, or the one that made LiteLLM begin a cooldown. */
export interface UnprobedFailure {
  readonly at: StoreTime;
  readonly class: FailureClass;
  readonly status?: number;
}

/** Evidence from LiteLLM about deployments without probes. No verdict follows from it: no probe can confirm a failure. */
export interface UnprobedReader {
  /** Undefined for a deployment without evidence since this pod started. */
  evidence(modelId: string): UnprobedEvidence | undefined;
}
