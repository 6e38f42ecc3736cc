import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../providers/wire/index.ts';
import { renameTools } from '../tool-names.ts';
import { toAnthropicAnswer } from './index.ts';

const identity = { id: 'msg_1', model: 'group' };
const long = 'x'.repeat(70);
const notes = { toolNames: renameTools([long], { longest: 64 }) };

function translate(message: JsonObject, finishReason: unknown = 'stop', usage?: unknown) {
  const choices = [{ index: 0, message: { role: 'assistant', ...message }, finish_reason: finishReason }];
  return toAnthropicAnswer({ id: 'chatcmpl-1', model: 'gpt-5', choices, usage }, identity, notes);
}

function answer(message: JsonObject, finishReason?: string, usage?: unknown): JsonObject {
  const translation = translate(message, finishReason, usage);
  if (translation.kind !== 'translated') throw new Error(translation.why);
  return translation.body;
}

const call = (id: string, name: string, json: string) => ({
  id,
  type: 'function',
  function: { name, arguments: json },
});

describe('a chat completion', () => {
  it('becomes a message', () => {
    expect(answer({ content: 'hi' }, 'stop', { prompt_tokens: 9, completion_tokens: 3 })).toEqual({
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      model: 'group',
      content: [{ type: 'text', text: 'hi' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      stop_details: null,
      usage: { input_tokens: 9, output_tokens: 3, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 },
    });
  });

  it('counts the tokens of the cache beside the others', () => {
    const usage = {
      prompt_tokens: 125,
      completion_tokens: 7,
      prompt_tokens_details: { cached_tokens: 100, cache_creation_tokens: 20 },
      completion_tokens_details: { reasoning_tokens: 4 },
    };
    expect(answer({ content: 'hi' }, 'stop', usage)['usage']).toEqual({
      input_tokens: 5,
      output_tokens: 7,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 20,
      output_tokens_details: { thinking_tokens: 4 },
    });
  });

  it('gives tool calls, under the names of the request and with ids that Anthropic has', () => {
    const sent = notes.toolNames.sent(long);
    const calls = [call('functions.a:0', sent, '{"x":1}'), { function: { name: 'c', arguments: '' } }];
    expect(answer({ content: null, tool_calls: calls }, 'tool_calls')).toMatchObject({
      stop_reason: 'tool_use',
      content: [
        { type: 'tool_use', id: 'functions_a_0', name: long, input: { x: 1 } },
        { type: 'tool_use', id: 'toolu_msg_1_1', name: 'c', input: {} },
      ],
    });
  });

  it('stopped for its tool calls, also where the server says stop', () => {
    expect(answer({ tool_calls: [call('1', 'a', '{}')] }, 'stop')['stop_reason']).toBe('tool_use');
  });

  it('leaves a call out that the token limit cut off', () => {
    const calls = [call('1', 'a', '{}'), call('2', 'b', '{"x')];
    expect(answer({ tool_calls: calls }, 'length')).toMatchObject({
      stop_reason: 'max_tokens',
      content: [{ name: 'a' }],
    });
    expect(translate({ tool_calls: calls }, 'tool_calls').kind).toBe('malformed');
  });

  it('gives reasoning as thinking, with signatures where it has them', () => {
    const blocks = [
      { type: 'thinking', thinking: 'hm', signature: 's' },
      { type: 'redacted_thinking', data: 'x' },
    ];
    const text = { type: 'text', text: 'hi' };
    expect(answer({ content: 'hi', reasoning_content: 'hm', thinking_blocks: blocks })['content']).toEqual([
      ...blocks,
      text,
    ]);
    const unsigned = { type: 'thinking', thinking: 'hm', signature: '' };
    expect(answer({ content: 'hi', reasoning_content: 'hm' })['content']).toEqual([unsigned, text]);
    expect(answer({ content: 'hi', reasoning: 'hm' })['content']).toEqual([unsigned, text]);
  });

  it('that is a refusal is one', () => {
    expect(answer({ content: null, refusal: 'no' })).toMatchObject({
      content: [{ type: 'text', text: 'no' }],
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', category: null, explanation: 'no' },
    });
    expect(answer({ content: '' }, 'content_filter')).toMatchObject({ content: [], stop_reason: 'refusal' });
  });

  it.each([
    ['nothing', undefined],
    ['no choice', { choices: [] }],
    ['no finish reason', { choices: [{ message: { content: 'hi' }, finish_reason: null }] }],
    ['a call without a name', { choices: [{ message: { tool_calls: [{ id: '1' }] }, finish_reason: 'tool_calls' }] }],
    ["Anthropic's shape", { type: 'message', content: [] }],
  ])('with %s is malformed', (_what, body) => {
    expect(toAnthropicAnswer(body, identity, notes).kind).toBe('malformed');
  });
});
