interface Tokens {
  readonly input: number;
  readonly output: number;
}

/** Cost of tokens at a deployment, US dollars; undefined where the price is unknown. */
export type UsdOfTokens = (deployment: string, tokens: Tokens) => number | undefined;

/** Adds up what requests cost. */
export interface RequestSpend {
  /** Cost of all tokens of a deployment so far, US dollars; undefined while none had a price. */
  upTo(deployment: string, totals: Tokens): number | undefined;
}

/** Each token is priced once, at the next scrape, so that the sum never falls when a price changes. */
export function createRequestSpend(usdOf: UsdOfTokens): RequestSpend {
  const sums = new Map<string, { readonly tokens: Tokens; readonly usd: number }>();
  return {
    upTo: (deployment, { input, output }) => {
      const known = sums.get(deployment) ?? { tokens: { input: 0, output: 0 }, usd: 0 };
      const added = { input: input - known.tokens.input, output: output - known.tokens.output };
      if (added.input + added.output === 0) return sums.has(deployment) ? known.usd : undefined;
      const cost = usdOf(deployment, added);
      if (cost === undefined) return sums.has(deployment) ? known.usd : undefined;
      const usd = known.usd + cost;
      sums.set(deployment, { tokens: { input, output }, usd });
      return usd;
    },
  };
}
