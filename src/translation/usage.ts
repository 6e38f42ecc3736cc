import { isObject } from '../providers/wire/index.ts';
import type { JsonBody, JsonObject } from '../providers/wire/index.ts';
import { countOf, present } from './fields.ts';

/** Tokens of one answer, in the terms of both formats. */
export interface TokenCounts {
  /** The whole prompt: fresh tokens, and those read from and written to the cache. */
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWritten: number;
  /** Part of `output`; absent where the upstream does not say. */
  readonly reasoning?: number;
}

export const NO_TOKENS: TokenCounts = { input: 0, output: 0, cacheRead: 0, cacheWritten: 0 };

/** Anthropic counts the cache's tokens beside the others. */
export function countsOfAnthropic(usage: unknown): TokenCounts {
  const fields = isObject(usage) ? usage : {};
  const cacheRead = countOf(fields['cache_read_input_tokens']) ?? 0;
  const cacheWritten = countOf(fields['cache_creation_input_tokens']) ?? 0;
  const details = fields['output_tokens_details'];
  return counts({
    input: (countOf(fields['input_tokens']) ?? 0) + cacheRead + cacheWritten,
    output: countOf(fields['output_tokens']) ?? 0,
    cacheRead,
    cacheWritten,
    reasoning: isObject(details) ? countOf(details['thinking_tokens']) : undefined,
  });
}

/** OpenAI counts the cache's tokens among the others. */
export function countsOfOpenAi(usage: unknown): TokenCounts {
  const fields = isObject(usage) ? usage : {};
  const prompt = isObject(fields['prompt_tokens_details']) ? fields['prompt_tokens_details'] : {};
  const completion = isObject(fields['completion_tokens_details']) ? fields['completion_tokens_details'] : {};
  return counts({
    input: countOf(fields['prompt_tokens']) ?? 0,
    output: countOf(fields['completion_tokens']) ?? 0,
    cacheRead: firstCount(fields['cache_read_input_tokens'], prompt['cached_tokens']),
    cacheWritten: firstCount(
      fields['cache_creation_input_tokens'],
      prompt['cache_creation_tokens'],
      prompt['cache_write_tokens'],
    ),
    reasoning: countOf(completion['reasoning_tokens']),
  });
}

/** With the names of LiteLLM for the cache's tokens beside OpenAI's. */
export function openAiUsage({ input, output, cacheRead, cacheWritten, reasoning }: TokenCounts): JsonBody {
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: cacheRead, cache_creation_tokens: cacheWritten },
    ...(reasoning === undefined ? {} : { completion_tokens_details: { reasoning_tokens: reasoning } }),
    cache_read_input_tokens: cacheRead,
    cache_creation_input_tokens: cacheWritten,
  };
}

export function anthropicUsage({ input, output, cacheRead, cacheWritten, reasoning }: TokenCounts): JsonBody {
  return {
    input_tokens: Math.max(0, input - cacheRead - cacheWritten),
    output_tokens: output,
    cache_read_input_tokens: cacheRead,
    cache_creation_input_tokens: cacheWritten,
    ...(reasoning === undefined ? {} : { output_tokens_details: { thinking_tokens: reasoning } }),
  };
}

/** Fields of a later report replace those of an earlier one; a later report may leave fields out. */
export function mergeUsage(earlier: JsonObject, later: unknown): JsonObject {
  return isObject(later) ? { ...earlier, ...present(later) } : earlier;
}

function counts({ reasoning, ...rest }: TokenCounts | (Omit<TokenCounts, 'reasoning'> & Absent)): TokenCounts {
  return reasoning === undefined ? rest : { ...rest, reasoning };
}

interface Absent {
  readonly reasoning: number | undefined;
}

function firstCount(...values: readonly unknown[]): number {
  return values.map(countOf).find((value) => value !== undefined && value > 0) ?? 0;
}
