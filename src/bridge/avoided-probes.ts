/** One round of LiteLLM's own probes. */
export interface Round {
  readonly probes: number;
  /** At the cost of allswell's last probes of the same targets, if known. */
  readonly usd: number;
  /** Distance between two rounds: LiteLLM uses results until they are too old, and checks them once per interval. */
  readonly everyMs: number;
}

/**
 * Estimates the probes of LiteLLM that were avoided: one round per period during which a publication was in place. At
 * best one LiteLLM pod probes per round, so the estimate is rather low.
 */
export class AvoidedProbes {
  probes = 0;
  usd = 0;

  add(forMs: number, { probes, usd, everyMs }: Round): void {
    const rounds = forMs / everyMs;
    this.probes += rounds * probes;
    this.usd += rounds * usd;
  }
}
