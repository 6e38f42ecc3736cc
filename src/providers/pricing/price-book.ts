/** A call as it is billed. */
export interface PricedCall {
  /** As in the model's prefix, such as `openai`. */
  readonly provider: string;
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** List prices. */
export interface PriceBook {
  /** US dollars; undefined for a model that is in no price list. */
  costUsd(call: PricedCall): number | undefined;
}

/** US dollars per token, as a configuration says it, maybe of one side only. */
export interface TokenPrice {
  readonly input?: number;
  readonly output?: number;
}

/** Cost of a call by the configured price; prices that are not configured come from the price book. */
export function usdOf(call: PricedCall, own: TokenPrice | undefined, book: PriceBook): number | undefined {
  if (own === undefined) return book.costUsd(call);
  const { inputTokens, outputTokens } = call;
  const sideOf = (tokens: number, price: number | undefined, side: Partial<PricedCall>): number | undefined =>
    tokens === 0 ? 0 : price === undefined ? book.costUsd({ ...call, ...side }) : tokens * price;
  const input = sideOf(inputTokens, own.input, { outputTokens: 0 });
  const output = sideOf(outputTokens, own.output, { inputTokens: 0 });
  return input === undefined || output === undefined ? undefined : input + output;
}
