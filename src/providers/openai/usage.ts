import { usageFrom } from '../wire/index.ts';
import type { JsonObject, Usage } from '../wire/index.ts';

/**
 * Tokens as they are billed. Some vendors count thoughts in the total alone, and bill them as output:
 * `{prompt_tokens: 12, completion_tokens: 5, total_tokens: 60017}` are 60,005 tokens out.
 */
export function billedUsage(usage: JsonObject, input: string, output: string): Usage {
  const told = usageFrom(usage[input], usage[output]);
  const { inputTokens, outputTokens } = told;
  const { outputTokens: total } = usageFrom(undefined, usage['total_tokens']);
  if (inputTokens === undefined || total === undefined || total < inputTokens) return told;
  return { inputTokens, outputTokens: Math.max(outputTokens ?? 0, total - inputTokens) };
}
