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

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
