import type { Level, Outcome, ProbeAdaptation, TargetId } from '../health/index.ts';

/** Result of one probe: outcome, duration and cost. */
export interface ProbeResult {
  readonly outcome: Outcome;
  readonly level: Level;
  /** From the first byte sent until the whole answer was read, ms. */
  readonly latencyMs: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** List price of the tokens above, US dollars; absent when the price is unknown. */
  readonly costUsd?: number;
  /** Present if no request was sent, so nothing is billed; absent if one may have been sent. */
  readonly sent?: 'nothing';
  /** Rate-limit headers, by lower-case name. */
  readonly limits?: Readonly<Record<string, string>>;
  /** Change with which the request was sent. */
  readonly adapted?: ProbeAdaptation;
}

/** Makes one probe. */
export interface Prober {
  /**
   * Probes once, within the target's deadline. It retries only a rejection that names a parameter of the probe, once, without
   * the parameter or under its new name. Never rejects: a failure of the target is an outcome, a failure of this pod or an
   * abort by `signal` is `no-evidence`.
   *
   * @param adaptation change that an earlier probe needed; ignored if the configured body is another one
   */
  probe(target: TargetId, level: Level, signal: AbortSignal, adaptation?: ProbeAdaptation): Promise<ProbeResult>;
}
