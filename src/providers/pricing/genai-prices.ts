import { createRequire } from 'node:module';
import type * as GenaiPrices from '@pydantic/genai-prices';
import { vendorOf } from '../index.ts';
import type { PriceBook } from './price-book.ts';

/** Public list prices, from a table that comes with the package. Read at the first question, which takes 50 ms once. */
export function genaiPrices(): PriceBook {
  let calcPrice: typeof GenaiPrices.calcPrice | undefined;
  return {
    costUsd({ provider, model, inputTokens, outputTokens }) {
      const listed = vendorOf(provider).prices;
      // Models that operators run themselves have no list price.
      if (listed === undefined) return undefined;
      calcPrice ??= (createRequire(import.meta.url)('@pydantic/genai-prices') as typeof GenaiPrices).calcPrice;
      const usage = { input_tokens: inputTokens, output_tokens: outputTokens };
      return calcPrice(usage, model, { providerId: listed })?.total_price;
    },
  };
}
