import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../providers/wire/index.ts';
import type { StreamStep, StreamTranslator } from '../sse.ts';
import { renameTools } from '../tool-names.ts';
import { createOpenAiToAnthropicStream } from './index.ts';

function stream(): StreamTranslator {
  return createOpenAiToAnthropicStream(
    { id: 'msg_1', model: 'group' },
    { toolNames: renameTools([], { longest: 64 }) },
  );
}

function chunk(delta: JsonObject, finish: string | null = null): JsonObject {
  return { object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] };
}

const usage = { choices: [], usage: { prompt_tokens: 9, completion_tokens: 3 } };
const done = '[DONE]';

function feed(translator: StreamTranslator, chunks: readonly unknown[]): readonly StreamStep[] {
  return chunks.map((sent) => translator.event({ data: typeof sent === 'string' ? sent : JSON.stringify(sent) }));
}

/** Events that the client gets. The name of each equals its type. */
function events(steps: readonly StreamStep[]): readonly JsonObject[] {
  return steps
    .flatMap((step) => (step.kind === 'failed' ? [] : step.texts))
    .map((sent) => {
      const [, name, data = '{}'] = /^event: (.*)\ndata: (.*)\n\n$/.exec(sent) ?? [];
      const body = JSON.parse(data) as JsonObject;
      expect(name).toBe(body['type']);
      return body;
    });
}

/** What is within the message: starts, deltas and ends of its blocks, in short. */
function blocks(chunks: readonly unknown[]): readonly unknown[] {
  return events(feed(stream(), chunks)).flatMap(({ type, index, content_block: block, delta }) => {
    if (type === 'content_block_start') return [[index, block]];
    if (type === 'content_block_delta') return [[index, delta]];
    return type === 'content_block_stop' ? [[index, 'end']] : [];
  });
}

describe('a stream of text', () => {
  it('becomes the events of a message', () => {
    const steps = feed(stream(), [
      chunk({ role: 'assistant', content: '' }),
      chunk({ content: 'hel' }),
      chunk({ content: 'lo' }),
      chunk({}, 'stop'),
      usage,
      done,
    ]);
    expect(events(steps)).toEqual([
      {
        type: 'message_start',
        message: {
          id: 'msg_1',
          model: 'group',
          type: 'message',
          role: 'assistant',
          content: [],
          stop_reason: null,
          stop_sequence: null,
          stop_details: null,
          usage: { input_tokens: 0, output_tokens: 0, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 },
        },
      },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'hel' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'lo' } },
      { type: 'content_block_stop', index: 0 },
      {
        type: 'message_delta',
        delta: { stop_reason: 'end_turn', stop_sequence: null, stop_details: null },
        usage: { input_tokens: 9, output_tokens: 3, cache_read_input_tokens: 0, cache_creation_input_tokens: 0 },
      },
      { type: 'message_stop' },
    ]);
    expect(steps.at(-1)).toMatchObject({ kind: 'ended', usage: { input: 9, output: 3 } });
  });

  it('ends with the connection where a server sends no [DONE]', () => {
    const translator = stream();
    feed(translator, [chunk({ content: 'hi' }, 'length')]);
    const end = translator.end();
    expect(end.kind).toBe('ended');
    expect(events([end])).toMatchObject([
      { type: 'content_block_stop' },
      { type: 'message_delta', delta: { stop_reason: 'max_tokens' } },
      { type: 'message_stop' },
    ]);
  });

  it('that is a refusal is one', () => {
    const steps = feed(stream(), [chunk({ refusal: 'n' }), chunk({ refusal: 'o' }), chunk({}, 'stop'), done]);
    expect(events(steps).at(-2)).toMatchObject({
      delta: { stop_reason: 'refusal', stop_details: { explanation: 'no' } },
    });
  });
});

const call = (index: number, more: JsonObject, json: string, name?: string) => ({
  index,
  ...more,
  function: { arguments: json, ...(name === undefined ? {} : { name }) },
});

describe('a stream of tool calls', () => {
  it('is a block for each call', () => {
    const chunks = [
      chunk({ content: 'wait' }),
      chunk({ tool_calls: [call(0, { id: 'c.0' }, '', 'a')] }),
      chunk({ tool_calls: [call(0, {}, '{"x"')] }),
      chunk({ tool_calls: [call(0, { id: 'c.0' }, ':1}', 'a')] }),
      chunk({ tool_calls: [call(1, { id: 'c1' }, '{}', 'b'), call(2, {}, '{}', 'c')] }),
      chunk({}, 'tool_calls'),
      done,
    ];
    expect(blocks(chunks)).toEqual([
      [0, { type: 'text', text: '' }],
      [0, { type: 'text_delta', text: 'wait' }],
      [0, 'end'],
      [1, { type: 'tool_use', id: 'c_0', name: 'a', input: {} }],
      [1, { type: 'input_json_delta', partial_json: '{"x"' }],
      [1, { type: 'input_json_delta', partial_json: ':1}' }],
      [1, 'end'],
      [2, { type: 'tool_use', id: 'c1', name: 'b', input: {} }],
      [2, { type: 'input_json_delta', partial_json: '{}' }],
      [2, 'end'],
      [3, { type: 'tool_use', id: 'toolu_msg_1_2', name: 'c', input: {} }],
      [3, { type: 'input_json_delta', partial_json: '{}' }],
      [3, 'end'],
    ]);
  });

  it('tells calls apart that a server gives one position', () => {
    const calls = [call(0, { id: 'a' }, '{}', 'f'), call(0, { id: 'b' }, '{}', 'f')];
    expect(blocks([chunk({ tool_calls: calls }), chunk({}, 'stop'), done])).toMatchObject([
      [0, { id: 'a' }],
      [0, {}],
      [0, 'end'],
      [1, { id: 'b' }],
      [1, {}],
      [1, 'end'],
    ]);
  });
});

describe('a stream of reasoning', () => {
  it('is a block of thinking before the text', () => {
    const chunks = [
      chunk({ reasoning_content: 'h' }),
      chunk({ reasoning: 'm' }),
      chunk({ content: 'hi' }, 'stop'),
      done,
    ];
    expect(blocks(chunks)).toEqual([
      [0, { type: 'thinking', thinking: '', signature: '' }],
      [0, { type: 'thinking_delta', thinking: 'h' }],
      [0, { type: 'thinking_delta', thinking: 'm' }],
      [0, 'end'],
      [1, { type: 'text', text: '' }],
      [1, { type: 'text_delta', text: 'hi' }],
      [1, 'end'],
    ]);
  });

  it('in the form of LiteLLM keeps signatures and redacted thinking', () => {
    const piece = (thinking: string, more: JsonObject = {}) => ({
      reasoning_content: thinking,
      thinking_blocks: [{ type: 'thinking', thinking, ...more }],
    });
    const chunks = [
      chunk(piece('a')),
      chunk(piece('', { signature: 's' })),
      chunk(piece('b')),
      chunk({ thinking_blocks: [{ type: 'redacted_thinking', data: 'x' }] }),
      chunk({}, 'stop'),
      done,
    ];
    expect(blocks(chunks)).toEqual([
      [0, { type: 'thinking', thinking: '', signature: '' }],
      [0, { type: 'thinking_delta', thinking: 'a' }],
      [0, { type: 'signature_delta', signature: 's' }],
      [0, 'end'],
      [1, { type: 'thinking', thinking: '', signature: '' }],
      [1, { type: 'thinking_delta', thinking: 'b' }],
      [1, 'end'],
      [2, { type: 'redacted_thinking', data: 'x' }],
      [2, 'end'],
    ]);
  });
});

describe('a stream without a proper end', () => {
  it('is truncated', () => {
    const translator = stream();
    feed(translator, [chunk({ content: 'hi' }), usage]);
    expect(translator.end()).toMatchObject({ kind: 'failed', failure: { reason: 'truncated' } });
    expect(stream().end()).toMatchObject({ kind: 'failed', failure: { reason: 'truncated' } });
  });

  it.each([
    ['a code', { error: { message: 'slow down', code: 429 } }, 429],
    ['no status', { error: { message: 'slow down', code: 'x' } }, 500],
  ])('with an error and %s names it', (_what, error, status) => {
    expect(feed(stream(), [error])).toEqual([
      { kind: 'failed', failure: { reason: 'upstream-error', message: 'slow down', status } },
    ]);
  });

  it.each([
    ['no JSON', [], 'oops'],
    ['no choices', [], { object: 'x' }],
    ['[DONE] before a finish reason', [chunk({ content: 'hi' })], done],
    ['a call without a name', [], chunk({ tool_calls: [call(0, { id: 'a' }, '')] })],
    [
      'calls that interleave',
      [chunk({ tool_calls: [call(0, { id: 'a' }, '', 'f'), call(1, { id: 'b' }, '', 'f')] })],
      chunk({ tool_calls: [call(0, { id: 'a' }, '{}', 'f')] }),
    ],
    ['content after the finish reason', [chunk({}, 'stop')], chunk({ content: 'hi' })],
  ])('but with %s is malformed', (_what, before, last) => {
    const translator = stream();
    expect(feed(translator, before).every(({ kind }) => kind === 'more')).toBe(true);
    const [step] = feed(translator, [last]);
    expect(step).toMatchObject({ kind: 'failed', failure: { reason: 'malformed' } });
    expect(translator.end()).toEqual(step);
  });
});
