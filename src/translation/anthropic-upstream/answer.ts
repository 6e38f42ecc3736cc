import { isObject } from '../../providers/wire/index.ts';
import type { JsonBody, JsonObject } from '../../providers/wire/index.ts';
import { defined, objectsOf, present, stringOf } from '../fields.ts';
import type { AnswerTranslation } from '../outcome.ts';
import { finishReasonOf } from '../stop-reason.ts';
import { countsOfAnthropic, openAiUsage } from '../usage.ts';
import { JSON_TOOL } from './notes.ts';
import type { AnthropicUpstreamNotes } from './notes.ts';

/** What an answer says of itself to the client. */
export interface OpenAiIdentity {
  /** Such as `chatcmpl-…`. */
  readonly id: string;
  /** The model as the client knows it. */
  readonly model: string;
  /** Unix time, seconds. */
  readonly createdS: number;
}

/** A message as a chat completion. */
export function toOpenAiAnswer(
  message: unknown,
  { id, model, createdS }: OpenAiIdentity,
  notes: AnthropicUpstreamNotes,
): AnswerTranslation {
  if (!isObject(message) || !Array.isArray(message['content'])) return { kind: 'malformed', why: 'not a message' };
  const stopReason = stringOf(message['stop_reason']);
  if (stopReason === undefined) return { kind: 'malformed', why: 'message without a stop_reason' };
  const usage = countsOfAnthropic(message['usage']);
  const { content, toolCalls, ...rest } = partsOf(objectsOf(message['content']), notes);
  const refusal = refusalOf(stopReason, message['stop_details']);
  const choice = {
    index: 0,
    message: defined({
      role: 'assistant',
      content: content === '' ? null : content,
      refusal,
      tool_calls: toolCalls.length > 0 ? toolCalls : undefined,
      ...rest,
    }),
    logprobs: null,
    finish_reason: toolCalls.length === 0 && stopReason === 'tool_use' ? 'stop' : finishReasonOf(stopReason),
  };
  const body = {
    id,
    object: 'chat.completion',
    created: createdS,
    model,
    choices: [choice],
    usage: openAiUsage(usage),
  };
  return { kind: 'translated', body, usage };
}

/** Anthropic explains a refusal beside the content. */
export function refusalOf(stopReason: string, details: unknown): string | null {
  const explanation = isObject(details) ? stringOf(details['explanation']) : undefined;
  return stopReason === 'refusal' && explanation !== undefined && explanation !== '' ? explanation : null;
}

interface Parts {
  readonly content: string;
  readonly toolCalls: readonly JsonBody[];
  readonly thinking_blocks?: readonly JsonBody[] | undefined;
  readonly reasoning_content?: string | undefined;
  readonly provider_specific_fields?: JsonBody | undefined;
}

function partsOf(blocks: readonly JsonObject[], { toolNames, structuredOutput }: AnthropicUpstreamNotes): Parts {
  const uses = blocks.filter(({ type }) => type === 'tool_use');
  const isJson = ({ name }: JsonObject): boolean => structuredOutput === 'tool' && name === JSON_TOOL;
  const texts = blocks.filter(({ type }) => type === 'text').map(({ text }) => stringOf(text) ?? '');
  // Text beside the structured output would make it invalid JSON.
  const json = uses.find(isJson);
  const thinking = blocks.filter(({ type }) => type === 'thinking' || type === 'redacted_thinking');
  return {
    content: json === undefined ? texts.join('') : JSON.stringify(json['input'] ?? {}),
    toolCalls: uses
      .filter((use) => !isJson(use))
      .map(({ id, name, input }) => ({
        id,
        type: 'function',
        function: { name: toolNames.original(stringOf(name) ?? ''), arguments: JSON.stringify(input ?? {}) },
      })),
    thinking_blocks: thinking.length > 0 ? thinking : undefined,
    reasoning_content:
      thinking.length > 0 ? thinking.map((block) => stringOf(block['thinking']) ?? '').join('') : undefined,
    provider_specific_fields: providerFields(blocks),
  };
}

/** What OpenAI's format has no place for, under LiteLLM's names. */
function providerFields(blocks: readonly JsonObject[]): JsonBody | undefined {
  const citations = blocks
    .filter(({ citations: list }) => Array.isArray(list))
    .map(({ citations: list, text }) => objectsOf(list).map((cited) => ({ ...cited, supported_text: text ?? '' })));
  const results = blocks.filter(({ type }) => typeof type === 'string' && type.endsWith('_tool_result'));
  const ofWeb = results.filter(({ type }) => type === 'web_search_tool_result' || type === 'web_fetch_tool_result');
  const others = results.filter((result) => !ofWeb.includes(result));
  const fields = present({
    citations: citations.length > 0 ? citations : undefined,
    web_search_results: ofWeb.length > 0 ? ofWeb : undefined,
    tool_results: others.length > 0 ? others : undefined,
  });
  return Object.keys(fields).length > 0 ? fields : undefined;
}
