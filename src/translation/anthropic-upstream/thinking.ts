import { isObject } from '../../providers/wire/index.ts';
import type { JsonBody, JsonObject } from '../../providers/wire/index.ts';
import type { ClaudeTraits } from '../claude-traits.ts';
import type { TranslationFindings } from '../outcome.ts';
import { SMALLEST_BUDGET_TOKENS, adaptiveEffortOf, budgetOf, effortOfBudget } from '../thinking-effort.ts';

/** `thinking` and `output_config.effort`. */
export interface Thinking {
  readonly thinking?: JsonBody;
  readonly effort?: string;
}

interface ThinkingContext {
  /** `max_tokens` of the request. */
  readonly limit: number | undefined;
  readonly traits: ClaudeTraits;
  readonly findings: TranslationFindings;
}

/** A `thinking` object in Anthropic's form wins over `reasoning_effort`. Both are fitted to what the model accepts. */
export function thinkingOf(body: JsonObject, context: ThinkingContext): Thinking {
  const { thinking } = body;
  if (isObject(thinking)) return fitted(thinking, context);
  const effort = effortOf(body['reasoning_effort'], context.findings);
  return effort === undefined ? {} : byEffort(effort, context);
}

function fitted(thinking: JsonBody, context: ThinkingContext): Thinking {
  const { traits } = context;
  switch (thinking['type']) {
    case 'adaptive':
      return traits.thinking === 'adaptive' ? { thinking } : byEffort('medium', context);
    case 'enabled': {
      if (traits.budgets === 'accepted') return { thinking };
      const budget = thinking['budget_tokens'];
      return byEffort(typeof budget === 'number' ? effortOfBudget(budget) : 'medium', context);
    }
    case 'disabled':
      // A model that always thinks answers 400 to it.
      return traits.thinksByDefault === 'always' ? {} : { thinking };
    default:
      return { thinking };
  }
}

/** A text, or the object of OpenAI's Responses API with `effort` in it. */
function effortOf(value: unknown, findings: TranslationFindings): string | undefined {
  const effort: unknown = isObject(value) ? value['effort'] : value;
  if (effort === undefined || effort === null) return undefined;
  if (effort === 'none' || (typeof effort === 'string' && budgetOf(effort) !== undefined)) return effort;
  findings.invalid('reasoning_effort', 'must be none, minimal, low, medium, high, xhigh or max');
  return undefined;
}

function byEffort(effort: string, { limit, traits }: ThinkingContext): Thinking {
  if (effort === 'none') return traits.thinksByDefault === 'yes' ? { thinking: { type: 'disabled' } } : {};
  if (traits.thinking === 'adaptive') {
    // Without `display` these models send thinking blocks without text.
    return { thinking: { type: 'adaptive', display: 'summarized' }, effort: adaptiveEffortOf(effort) };
  }
  const budget = budgetBelow(limit, budgetOf(effort) ?? SMALLEST_BUDGET_TOKENS);
  return budget === undefined ? {} : { thinking: { type: 'enabled', budget_tokens: budget } };
}

/** Anthropic wants a budget below `max_tokens`. Below the smallest budget the model answers without thinking. */
function budgetBelow(limit: number | undefined, budget: number): number | undefined {
  if (limit === undefined) return budget;
  return limit <= SMALLEST_BUDGET_TOKENS ? undefined : Math.min(budget, limit - 1);
}
