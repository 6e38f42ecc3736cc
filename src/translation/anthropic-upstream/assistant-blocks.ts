import { isObject, parseJson } from '../../providers/wire/index.ts';
import type { JsonBody, JsonObject } from '../../providers/wire/index.ts';
import { cacheControl, objectsOf, stringOf } from '../fields.ts';
import type { TranslationFindings } from '../outcome.ts';
import { toolUseId } from '../tool-names.ts';
import type { ToolNames } from '../tool-names.ts';

interface AssistantContext {
  readonly toolNames: ToolNames;
  readonly findings: TranslationFindings;
}

/** An earlier answer: its thinking, its text, its tool calls. Anthropic wants them in this order. */
export function assistantBlocks(message: JsonObject, path: string, context: AssistantContext): readonly JsonBody[] {
  if (isObject(message['function_call'])) {
    context.findings.untranslatable(`${path}.function_call`, 'deprecated by OpenAI; use tool_calls');
  }
  return [
    ...wholeThinkingBlocks(message['thinking_blocks']),
    ...textsOf(message, path, context.findings),
    ...toolUses(message['tool_calls'], path, context),
  ];
}

/**
 * Thinking with a signature, and redacted thinking: Anthropic refuses other thinking. A stream gives a thinking block in
 * pieces, with the signature in the last, and some clients keep the pieces.
 */
function wholeThinkingBlocks(blocks: unknown): readonly JsonBody[] {
  const whole: JsonBody[] = [];
  let unsigned = '';
  for (const { type, thinking, signature, data } of objectsOf(blocks)) {
    if (type === 'redacted_thinking') whole.push({ type, data });
    if (type !== 'thinking') continue;
    const text = unsigned + (stringOf(thinking) ?? '');
    const signed = typeof signature === 'string' && signature !== '';
    if (signed) whole.push({ type, thinking: text, signature });
    unsigned = signed ? '' : text;
  }
  return whole;
}

function textsOf(message: JsonObject, path: string, findings: TranslationFindings): readonly JsonBody[] {
  const { content, refusal } = message;
  const refused = typeof refusal === 'string' && refusal !== '' ? [{ type: 'text', text: refusal }] : [];
  if (content === undefined || content === null || content === '') return refused;
  if (typeof content === 'string') return [{ type: 'text', text: content, ...cacheControl(message) }, ...refused];
  if (!Array.isArray(content)) {
    findings.invalid(`${path}.content`, 'must be a text or a list of parts');
    return [];
  }
  return content.flatMap((part: unknown, at) => partOf(part, `${path}.content[${at}]`, findings));
}

function partOf(part: unknown, path: string, findings: TranslationFindings): readonly JsonBody[] {
  const fields = isObject(part) ? part : {};
  switch (fields['type']) {
    case 'text':
    case 'refusal': {
      const text = stringOf(fields['text']) ?? stringOf(fields['refusal']) ?? '';
      return text === '' ? [] : [{ type: 'text', text, ...cacheControl(part) }];
    }
    case 'thinking':
    case 'redacted_thinking':
      return wholeThinkingBlocks([fields]);
    default:
      findings.untranslatable(path, 'an assistant message holds texts only');
      return [];
  }
}

/** Each id once: merged histories repeat calls, and Anthropic refuses that. */
function toolUses(calls: unknown, path: string, context: AssistantContext): readonly JsonBody[] {
  const uses = objectsOf(calls).flatMap((call, at) => toolUse(call, `${path}.tool_calls[${at}]`, context));
  return [...new Map(uses.map((use) => [use['id'], use])).values()];
}

function toolUse(call: JsonObject, path: string, { toolNames, findings }: AssistantContext): readonly JsonBody[] {
  const called = call['function'];
  if (!isObject(called)) {
    findings.untranslatable(path, 'the Messages API has calls of functions only');
    return [];
  }
  const name = stringOf(called['name']);
  const id = stringOf(call['id']);
  if (name === undefined || id === undefined) {
    findings.invalid(path, 'needs an id and a function with a name');
    return [];
  }
  const input = argumentsOf(called['arguments']);
  if (input !== undefined) {
    return [{ type: 'tool_use', id: toolUseId(id), name: toolNames.sent(name), input, ...cacheControl(call) }];
  }
  findings.invalid(`${path}.function.arguments`, 'must be a JSON object');
  return [];
}

function argumentsOf(text: unknown): JsonBody | undefined {
  if (text === undefined || text === null || text === '') return {};
  const value = typeof text === 'string' ? parseJson(text) : text;
  return isObject(value) ? value : undefined;
}
