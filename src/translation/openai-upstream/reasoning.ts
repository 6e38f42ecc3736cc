import { isObject } from '../../providers/wire/index.ts';
import type { JsonObject } from '../../providers/wire/index.ts';
import { stringOf } from '../fields.ts';
import type { TranslationFindings } from '../outcome.ts';
import { effortOfBudget } from '../thinking-effort.ts';

interface ReasoningContext {
  readonly reasoning: 'accepted' | 'refused';
  readonly findings: TranslationFindings;
}

/**
 * `thinking` and `output_config.effort` as `reasoning_effort`. Thinking that is switched off sends nothing: older
 * reasoning models refuse `none`, and the others have it as their default.
 */
export function reasoningOf(
  { thinking, output_config: config }: JsonObject,
  context: ReasoningContext,
): string | undefined {
  const effort = effortOf(thinking, isObject(config) ? stringOf(config['effort']) : undefined);
  if (effort === undefined || context.reasoning === 'accepted') return effort;
  // An effort without thinking is a hint.
  if (thinking !== undefined) context.findings.unsupported('thinking', 'this model does not reason');
  return undefined;
}

function effortOf(thinking: unknown, effort: string | undefined): string | undefined {
  if (!isObject(thinking)) return effort;
  switch (thinking['type']) {
    case 'enabled': {
      const budget = thinking['budget_tokens'];
      return effort ?? effortOfBudget(typeof budget === 'number' ? budget : 0);
    }
    case 'adaptive':
    case 'between_tools':
      return effort ?? 'medium';
    default:
      return undefined;
  }
}
