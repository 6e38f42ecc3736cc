import type { Entry } from './deployment.ts';
import type { Environment } from '../source/index.ts';
import { reasonsByName } from './model-names.ts';
import { providerOf } from './provider.ts';
import type { ModelInfo } from '../schema/index.ts';

/** The least that every model accepts; enough to show that the model answers. */
const DEFAULT_MAX_TOKENS = 16;

/** True if a probe of this mode sends a limit; the model's own setting takes precedence. */
export function sendsMaxTokens(mode: string, info: ModelInfo): boolean {
  return info.health_check_supports_max_tokens ?? ['chat', 'completion', 'responses'].includes(mode);
}

/**
 * The limit for one probe, from the most to the least particular setting. Both questions asked of the model (is it a
 * wildcard, does it reason) are about the configured one, not about `health_check_model`: that is LiteLLM's rule.
 */
export function maxTokensOf({ model, info, upstream }: Entry, environment: Environment): number | undefined {
  if (info.health_check_max_tokens !== undefined) return info.health_check_max_tokens;
  if (model.includes('*')) return environment.maxTokens;
  const choice = providerOf(model, upstream.custom_llm_provider);
  const reasons = choice.kind === 'provider' && reasonsByName(choice.provider, choice.model);
  const forKind = reasons ? info.health_check_max_tokens_reasoning : info.health_check_max_tokens_non_reasoning;
  return (
    forKind ?? (reasons ? environment.maxTokensReasoning : undefined) ?? environment.maxTokens ?? DEFAULT_MAX_TOKENS
  );
}
