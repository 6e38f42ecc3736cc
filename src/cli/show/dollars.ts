/**
 * Dollars with three digits that matter, however few: a probe may cost a millionth of one.
 *
 * @example
 * dollarWords(0.0000048) // '$0.0000048'
 */
export function dollarWords(usd: number): string {
  const size = Math.abs(usd);
  const digits = size >= 1 ? { minimumFractionDigits: 2, maximumFractionDigits: 2 } : { maximumSignificantDigits: 3 };
  return `${usd < 0 ? '-' : ''}$${size.toLocaleString('en-US', digits)}`;
}
