import { isObject, parseJson } from '../../providers/wire/index.ts';
import type { JsonBody, JsonObject } from '../../providers/wire/index.ts';
import { objectsOf, stringOf } from '../fields.ts';
import type { AnswerTranslation } from '../outcome.ts';
import { stopReasonOf } from '../stop-reason.ts';
import type { StopReason } from '../stop-reason.ts';
import { toolUseId } from '../tool-names.ts';
import type { ToolNames } from '../tool-names.ts';
import { anthropicUsage, countsOfOpenAi } from '../usage.ts';
import type { OpenAiUpstreamNotes } from './notes.ts';

/** What an answer says of itself to the client. */
export interface AnthropicIdentity {
  /** Such as `msg_…`. */
  readonly id: string;
  /** The model as the client knows it. */
  readonly model: string;
}

/** A chat completion as a message. */
export function toAnthropicAnswer(
  completion: unknown,
  identity: AnthropicIdentity,
  { toolNames }: OpenAiUpstreamNotes,
): AnswerTranslation {
  const choice = isObject(completion) ? objectsOf(completion['choices'])[0] : undefined;
  const message = choice?.['message'];
  if (!isObject(completion) || !isObject(message)) return { kind: 'malformed', why: 'not a chat completion' };
  const finishReason = stringOf(choice?.['finish_reason']);
  if (finishReason === undefined) return { kind: 'malformed', why: 'chat completion without a finish_reason' };
  const uses = toolUses(message['tool_calls'], { identity, toolNames, finishReason });
  if (uses === undefined) return { kind: 'malformed', why: 'tool call without a name or without JSON arguments' };
  const refusal = stringOf(message['refusal']) ?? '';
  const usage = countsOfOpenAi(completion['usage']);
  const body = {
    ...identity,
    type: 'message',
    role: 'assistant',
    content: [...thinkingBlocks(message), ...texts(message['content']), ...texts(refusal), ...uses],
    ...ending(finishReason, { toolCalls: uses.length, refusal }),
    usage: anthropicUsage(usage),
  };
  return { kind: 'translated', body, usage };
}

/** `stop_reason` and its companions. OpenAI does not say which stop sequence it met. */
export function ending(finishReason: string, { toolCalls, refusal }: { toolCalls: number; refusal: string }): JsonBody {
  const plain = stopReasonOf(finishReason, toolCalls);
  const reason: StopReason = refusal !== '' && plain !== 'max_tokens' ? 'refusal' : plain;
  const details = reason === 'refusal' ? { type: 'refusal', category: null, explanation: refusal || null } : null;
  return { stop_reason: reason, stop_sequence: null, stop_details: details };
}

/** The client's id of a tool call; some servers give none. */
export function idOfCall(id: unknown, at: number, identity: AnthropicIdentity): string {
  return toolUseId(typeof id === 'string' && id !== '' ? id : `toolu_${identity.id}_${at}`);
}

/** Thinking in LiteLLM's form, or as plain reasoning text, which has no signature. */
function thinkingBlocks(message: JsonObject): readonly JsonBody[] {
  const blocks = objectsOf(message['thinking_blocks']).flatMap(thinkingBlock);
  if (blocks.length > 0) return blocks;
  const reasoning = reasoningText(message);
  return reasoning === '' ? [] : [{ type: 'thinking', thinking: reasoning, signature: '' }];
}

function thinkingBlock({ type, thinking, signature, data }: JsonObject): readonly JsonBody[] {
  if (type === 'redacted_thinking') return [{ type, data }];
  return type === 'thinking' ? [{ type, thinking: thinking ?? '', signature: signature ?? '' }] : [];
}

/** `reasoning_content` of LiteLLM, DeepSeek and others; `reasoning` of OpenRouter and vLLM. */
export function reasoningText({ reasoning_content: content, reasoning }: JsonObject): string {
  return stringOf(content) ?? stringOf(reasoning) ?? '';
}

function texts(content: unknown): readonly JsonBody[] {
  const list = typeof content === 'string' ? [content] : objectsOf(content).map(({ text }) => stringOf(text) ?? '');
  return list.filter((text) => text !== '').map((text) => ({ type: 'text', text }));
}

interface UsesContext {
  readonly identity: AnthropicIdentity;
  readonly toolNames: ToolNames;
  readonly finishReason: string;
}

/** Undefined where a call is malformed. A call that the token limit cut off is left out, as Anthropic does. */
function toolUses(calls: unknown, { identity, toolNames, finishReason }: UsesContext): readonly JsonBody[] | undefined {
  const uses: JsonBody[] = [];
  for (const [at, call] of objectsOf(calls).entries()) {
    const called = isObject(call['function']) ? call['function'] : {};
    const name = stringOf(called['name']);
    const input = inputOf(called['arguments']);
    if (name !== undefined && input !== undefined) {
      uses.push({ type: 'tool_use', id: idOfCall(call['id'], at, identity), name: toolNames.original(name), input });
    } else if (name === undefined || finishReason !== 'length') {
      return undefined;
    }
  }
  return uses;
}

function inputOf(text: unknown): JsonBody | undefined {
  if (text === undefined || text === null || text === '') return {};
  const value = typeof text === 'string' ? parseJson(text) : text;
  return isObject(value) ? value : undefined;
}
