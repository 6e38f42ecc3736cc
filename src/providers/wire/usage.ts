import type { Usage } from './answer.ts';

/** Tokens in and out, as far as both can be read; whatever is no count is left out. */
export function usageFrom(input: unknown, output: unknown): Usage {
  const inputTokens = countOf(input);
  const outputTokens = countOf(output);
  return {
    ...(inputTokens === undefined ? {} : { inputTokens }),
    ...(outputTokens === undefined ? {} : { outputTokens }),
  };
}

/** No answer is of more tokens than that: a larger number is no count, and no price can be made of it. */
const MOST_TOKENS = 1_000_000_000;

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_TOKENS ? value : undefined;
}
