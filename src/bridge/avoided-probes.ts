/** What one round of LiteLLM's own takes. */
export interface Round {
  readonly probes: number;
  /** At what our last probes of the same targets cost, where that is known. */
  readonly usd: number;
  /** Distance between two rounds: its results are used until they are too old, and looked at once per interval. */
  readonly everyMs: number;
}

/**
 * Estimates what LiteLLM's own rounds would have taken: one round for each of its periods during which a publication
 * stood, counted as time passes. One pod of LiteLLM's probes per round at best, so it is rather too little.
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
