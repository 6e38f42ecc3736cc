import type { Level, Outcome, ProbeAdaptation, TargetId } from '../health/index.ts';

/** What one probe found and what it took. */
export interface ProbeResult {
  readonly outcome: Outcome;
  readonly level: Level;
  /** From the first byte sent until the whole answer was read, ms. */
  readonly latencyMs: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** List price of the tokens above, US dollars; absent when the price is unknown. */
  readonly costUsd?: number;
  /** No request left this pod, so nobody bills it; absent where one did, or may have. */
  readonly sent?: 'nothing';
  /** Rate-limit headers worth showing, by lower-case name. */
  readonly limits?: Readonly<Record<string, string>>;
  /** The outcome is that of a request with this change. */
  readonly adapted?: ProbeAdaptation;
}

/** Makes one probe. */
export interface Prober {
  /**
   * Probes once, within the target's own deadline. No failure is tried again, but for a refusal that names a parameter of
   * the probe: then once more, without it or under its other name. Never rejects: a failure of the target is an
   * outcome, a failure of this pod or an abort by `signal` is `no-evidence`.
   *
   * @param learnt what the upstream made an earlier probe change; not applied to a body that is configured otherwise
   */
  probe(target: TargetId, level: Level, signal: AbortSignal, learnt?: ProbeAdaptation): Promise<ProbeResult>;
}
