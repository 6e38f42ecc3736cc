/** Differences between Claude's versions that a request must respect. */
export interface ClaudeTraits {
  /** What `reasoning_effort` becomes: an effort, or a budget of tokens. */
  readonly thinking: 'adaptive' | 'budget';
  /** `thinking.budget_tokens` of a request. */
  readonly budgets: 'accepted' | 'refused';
  /** Without `thinking` in the request. */
  readonly thinksByDefault: 'no' | 'yes' | 'always';
  /** `top_p`, `top_k` and a temperature other than 1. */
  readonly sampling: 'accepted' | 'refused';
  /** A JSON schema is `output_config.format`, or the input of a tool that the model is made to call. */
  readonly structuredOutput: 'native' | 'tool';
  /** `tool_choice` of type `any` and `tool`. */
  readonly forcedTools: 'accepted' | 'refused';
  /** Messages with role `system` after a user turn. */
  readonly laterSystemMessages: 'accepted' | 'refused';
  /** Most tokens of an answer: `max_tokens` of a request that has none. */
  readonly maxTokens: number;
}

/**
 * Traits by the name of a model, as in LiteLLM's list of models. An unknown name gets what every version accepts.
 *
 * @example
 * claudeTraits('claude-sonnet-4-5-20250929').maxTokens // 64000
 */
export function claudeTraits(model: string): ClaudeTraits {
  const { family, version } = versionOf(model);
  const isNewLine = family === 'fable' || family === 'mythos';
  const adaptive = isNewLine || version >= 406;
  return {
    thinking: adaptive ? 'adaptive' : 'budget',
    budgets: adaptive && version !== 406 ? 'refused' : 'accepted',
    thinksByDefault: thinksByDefault(family, version),
    sampling: isNewLine || version >= 407 ? 'refused' : 'accepted',
    structuredOutput: isNewLine || version >= 405 ? 'native' : 'tool',
    forcedTools: refusesForcedTools(family, version) ? 'refused' : 'accepted',
    laterSystemMessages: isNewLine || version >= 408 ? 'accepted' : 'refused',
    maxTokens: isNewLine ? 128_000 : maxTokensOf(family, version),
  };
}

/** The version as a number that compares: 4.5 is 405, and 4.10 is 410. 0 for an unknown name. */
function versionOf(model: string): { family: string | undefined; version: number } {
  const name = model.toLowerCase();
  const found = /claude-(?:([a-z]+)-)?(\d+)(?:[-._](\d{1,2})(?!\d))?/.exec(name);
  const family = found?.[1] ?? /claude-(fable|mythos)/.exec(name)?.[1];
  if (found === null) return { family, version: 0 };
  return { family, version: Number(found[2]) * 100 + Number(found[3] ?? 0) };
}

function thinksByDefault(family: string | undefined, version: number): ClaudeTraits['thinksByDefault'] {
  if (family === 'fable' || family === 'mythos') return 'always';
  if (version === 505 && family !== 'haiku') return 'always';
  return version >= 500 ? 'yes' : 'no';
}

function refusesForcedTools(family: string | undefined, version: number): boolean {
  if (family === 'fable' || family === 'mythos') return version === 501;
  return version === 505 && family !== 'haiku';
}

function maxTokensOf(family: string | undefined, version: number): number {
  if (version >= 406) return 128_000;
  if (version >= 402) return 64_000;
  if (version >= 400) return family === 'opus' ? 32_000 : 64_000;
  if (version >= 307) return 64_000;
  return version >= 305 ? 8_192 : 4_096;
}
