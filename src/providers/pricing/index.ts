export { genaiPrices } from './genai-prices.ts';
export { usdOf } from './price-book.ts';
export type { PriceBook, PricedCall, TokenPrice } from './price-book.ts';
