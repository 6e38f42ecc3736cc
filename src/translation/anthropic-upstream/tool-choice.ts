import { isObject } from '../../providers/wire/index.ts';
import type { JsonBody, JsonObject } from '../../providers/wire/index.ts';
import type { ClaudeTraits } from '../claude-traits.ts';
import type { TranslationFindings } from '../outcome.ts';
import type { ToolNames } from '../tool-names.ts';

interface ChoiceContext {
  readonly toolNames: ToolNames;
  readonly thinking: JsonBody | undefined;
  readonly traits: ClaudeTraits;
  readonly findings: TranslationFindings;
}

/** `tool_choice` and `parallel_tool_calls`. Absent, the model decides. */
export function toolChoiceOf(body: JsonObject, context: ChoiceContext): JsonBody | undefined {
  const parallel = body['parallel_tool_calls'];
  const choice = possible(choiceOf(body['tool_choice'], context), context);
  if (typeof parallel !== 'boolean' || choice?.['type'] === 'none') return choice;
  return { ...(choice ?? { type: 'auto' }), disable_parallel_tool_use: !parallel };
}

function choiceOf(choice: unknown, { toolNames, findings }: ChoiceContext): JsonBody | undefined {
  if (choice === undefined || choice === null) return undefined;
  const kind: unknown = isObject(choice) ? choice['type'] : choice;
  switch (kind) {
    case 'auto':
    case 'none':
      return { type: kind };
    case 'required':
    case 'any':
      return { type: 'any' };
    case 'function':
    case 'tool': {
      const name = nameOf(choice);
      if (name !== undefined) return { type: 'tool', name: toolNames.sent(name) };
      findings.invalid('tool_choice', 'names no function');
      return undefined;
    }
    case 'allowed_tools':
    case 'custom':
      findings.unsupported('tool_choice', `the Messages API has no tool choice of type ${kind}`);
      return undefined;
    default:
      findings.invalid('tool_choice', 'must be none, auto, required or a function');
      return undefined;
  }
}

function nameOf(choice: unknown): string | undefined {
  if (!isObject(choice)) return undefined;
  const name = isObject(choice['function']) ? choice['function']['name'] : choice['name'];
  return typeof name === 'string' ? name : undefined;
}

/** Some models refuse to be made to call a tool, and so does every model that thinks. */
function possible(choice: JsonBody | undefined, { thinking, traits, findings }: ChoiceContext): JsonBody | undefined {
  const type = choice?.['type'];
  if (type !== 'any' && type !== 'tool') return choice;
  if (traits.forcedTools === 'refused') {
    findings.unsupported('tool_choice', 'this model cannot be made to call a tool');
    return { type: 'auto' };
  }
  if (thinking !== undefined && thinking['type'] !== 'disabled') {
    findings.unsupported('tool_choice', 'the model cannot be made to call a tool while it thinks');
    return { type: 'auto' };
  }
  return choice;
}
