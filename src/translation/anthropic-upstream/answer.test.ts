import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../providers/wire/index.ts';
import { renameTools } from '../tool-names.ts';
import { toOpenAiAnswer } from './index.ts';
import type { AnthropicUpstreamNotes } from './index.ts';

const identity = { id: 'chatcmpl-1', model: 'group', createdS: 1_700_000_000 };
const notes: AnthropicUpstreamNotes = {
  toolNames: renameTools(['a.b'], { longest: 128 }),
  structuredOutput: 'text',
  usageChunk: 'omit',
};

const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-sonnet-4-5-20250929',
  content: [{ type: 'text', text: 'hi' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 9, output_tokens: 3 },
};

function answer(change: JsonObject, changedNotes: Partial<AnthropicUpstreamNotes> = {}): JsonObject {
  const translation = toOpenAiAnswer({ ...message, ...change }, identity, { ...notes, ...changedNotes });
  if (translation.kind !== 'translated') throw new Error(translation.why);
  return translation.body;
}

function choice(change: JsonObject, changedNotes: Partial<AnthropicUpstreamNotes> = {}): JsonObject {
  return (answer(change, changedNotes)['choices'] as JsonObject[])[0] ?? {};
}

describe('a message', () => {
  it('becomes a chat completion', () => {
    expect(answer({})).toEqual({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1_700_000_000,
      model: 'group',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'hi', refusal: null },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: 9,
        completion_tokens: 3,
        total_tokens: 12,
        prompt_tokens_details: { cached_tokens: 0, cache_creation_tokens: 0 },
        cache_read_input_tokens: 0,
        cache_creation_input_tokens: 0,
      },
    });
  });

  it('counts the tokens of the cache in the prompt', () => {
    const usage = {
      input_tokens: 5,
      output_tokens: 7,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 20,
      output_tokens_details: { thinking_tokens: 4 },
    };
    expect(answer({ usage })['usage']).toMatchObject({
      prompt_tokens: 125,
      total_tokens: 132,
      prompt_tokens_details: { cached_tokens: 100, cache_creation_tokens: 20 },
      completion_tokens_details: { reasoning_tokens: 4 },
    });
  });

  it('gives tool calls, under the names of the request', () => {
    const content = [
      { type: 'text', text: 'wait' },
      { type: 'tool_use', id: 'toolu_1', name: 'a_b', input: { x: 1 } },
      { type: 'tool_use', id: 'toolu_2', name: 'c', input: {} },
    ];
    expect(choice({ content, stop_reason: 'tool_use' })).toMatchObject({
      finish_reason: 'tool_calls',
      message: {
        content: 'wait',
        tool_calls: [
          { id: 'toolu_1', type: 'function', function: { name: 'a.b', arguments: '{"x":1}' } },
          { id: 'toolu_2', type: 'function', function: { name: 'c', arguments: '{}' } },
        ],
      },
    });
  });

  it('keeps thinking, its signatures and what is redacted', () => {
    const thinking = [
      { type: 'thinking', thinking: 'a', signature: 's' },
      { type: 'redacted_thinking', data: 'x' },
    ];
    expect(choice({ content: [...thinking, ...message.content] })['message']).toEqual({
      role: 'assistant',
      content: 'hi',
      refusal: null,
      thinking_blocks: thinking,
      reasoning_content: 'a',
    });
  });

  it('gives the input of the JSON tool as its text', () => {
    const content = [
      { type: 'text', text: 'Here it is:' },
      { type: 'tool_use', id: 'toolu_1', name: 'json_tool_call', input: { n: 1 } },
    ];
    const asked = choice({ content, stop_reason: 'tool_use' }, { structuredOutput: 'tool' });
    expect(asked).toMatchObject({ finish_reason: 'stop', message: { content: '{"n":1}' } });
    expect(asked['message']).not.toHaveProperty('tool_calls');
    expect(choice({ content, stop_reason: 'tool_use' })).toMatchObject({ finish_reason: 'tool_calls' });
  });

  it('gives citations and results of server tools under the names of LiteLLM', () => {
    const result = { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] };
    const content = [result, { type: 'text', text: 'hi', citations: [{ type: 'char_location', cited_text: 'c' }] }];
    expect(choice({ content })).toMatchObject({
      message: {
        provider_specific_fields: {
          citations: [[{ type: 'char_location', cited_text: 'c', supported_text: 'hi' }]],
          web_search_results: [result],
        },
      },
    });
  });

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['pause_turn', 'length'],
    ['refusal', 'content_filter'],
    ['something_new', 'stop'],
  ])('that stopped by %s finished by %s', (stopReason, finishReason) => {
    expect(choice({ stop_reason: stopReason })['finish_reason']).toBe(finishReason);
  });

  it('that is a refusal says why', () => {
    const refusal = { content: [], stop_reason: 'refusal', stop_details: { type: 'refusal', explanation: 'no' } };
    expect(choice(refusal)).toMatchObject({ message: { content: null, refusal: 'no' } });
  });

  it.each([
    ['nothing', undefined],
    ["OpenAI's shape", { choices: [] }],
    ['no reason to stop', { ...message, stop_reason: null }],
  ])('with %s is malformed', (_what, body) => {
    expect(toOpenAiAnswer(body, identity, notes).kind).toBe('malformed');
  });
});
