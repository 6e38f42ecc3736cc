import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../providers/wire/index.ts';
import { openAiErrorEvent } from '../error-body.ts';
import type { StreamStep, StreamTranslator } from '../sse.ts';
import { renameTools } from '../tool-names.ts';
import { createAnthropicToOpenAiStream } from './index.ts';
import type { AnthropicUpstreamNotes } from './index.ts';

const identity = { id: 'chatcmpl-1', model: 'group', createdS: 1_700_000_000 };
const plain: AnthropicUpstreamNotes = {
  toolNames: renameTools(['a.b'], { longest: 128 }),
  structuredOutput: 'text',
  usageChunk: 'omit',
};

const start = {
  type: 'message_start',
  message: { id: 'msg_1', usage: { input_tokens: 9, output_tokens: 1, cache_read_input_tokens: 4 } },
};
const text = [
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  { type: 'ping' },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'hel' } },
  { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'lo' } },
  { type: 'content_block_stop', index: 0 },
];
const end = [
  { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 3 } },
  { type: 'message_stop' },
];

function stream(notes: Partial<AnthropicUpstreamNotes> = {}): StreamTranslator {
  return createAnthropicToOpenAiStream(identity, { ...plain, ...notes });
}

function feed(translator: StreamTranslator, events: readonly JsonObject[]): readonly StreamStep[] {
  return events.map((event) => translator.event({ event: String(event['type']), data: JSON.stringify(event) }));
}

/** Chunks that the client gets; `[DONE]` as a text. */
function chunks(steps: readonly StreamStep[]): readonly unknown[] {
  return steps
    .flatMap((step) => (step.kind === 'failed' ? [] : step.texts))
    .map((sent) => /^data: (.*)\n\n$/.exec(sent)?.[1] ?? 'not an event')
    .map((data) => (data === '[DONE]' ? data : (JSON.parse(data) as unknown)));
}

function deltasOf(events: readonly JsonObject[], notes: Partial<AnthropicUpstreamNotes> = {}): readonly unknown[] {
  return chunks(feed(stream(notes), events)).flatMap((chunk) => {
    const choices = (chunk as { choices?: { delta: unknown }[] }).choices ?? [];
    return choices.map(({ delta }) => delta);
  });
}

describe('a stream of text', () => {
  it('becomes chunks, with the finish reason at the end', () => {
    const [first, ...rest] = chunks(feed(stream(), [start, ...text, ...end]));
    expect(first).toEqual({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1_700_000_000,
      model: 'group',
      choices: [{ index: 0, delta: { role: 'assistant', content: '' }, logprobs: null, finish_reason: null }],
    });
    expect(rest).toMatchObject([
      { choices: [{ delta: { content: 'hel' } }] },
      { choices: [{ delta: { content: 'lo' } }] },
      { choices: [{ delta: {}, finish_reason: 'stop' }] },
      '[DONE]',
    ]);
  });

  it('sends usage only where the client asks for it, and reports it in both cases', () => {
    const asked = feed(stream({ usageChunk: 'send' }), [start, ...text, ...end]);
    expect(chunks(asked).at(-2)).toMatchObject({ choices: [], usage: { prompt_tokens: 13, completion_tokens: 3 } });
    expect(asked.at(-1)).toMatchObject({ kind: 'ended', usage: { input: 13, output: 3, cacheRead: 4 } });
    const silent = feed(stream(), [start, ...text, ...end]);
    expect(JSON.stringify(chunks(silent))).not.toContain('usage');
    expect(silent.at(-1)).toMatchObject({ kind: 'ended', usage: { input: 13, output: 3 } });
  });

  it('that ends in a refusal says why', () => {
    const refusal = { stop_reason: 'refusal', stop_details: { explanation: 'no' } };
    const events = [start, { type: 'message_delta', delta: refusal }, { type: 'message_stop' }];
    expect(chunks(feed(stream(), events)).slice(1)).toMatchObject([
      { choices: [{ delta: { refusal: 'no' } }] },
      { choices: [{ finish_reason: 'content_filter' }] },
      '[DONE]',
    ]);
  });
});

function toolBlock(index: number, name: string, ...pieces: string[]): JsonObject[] {
  return [
    {
      type: 'content_block_start',
      index,
      content_block: { type: 'tool_use', id: `toolu_${index}`, name, input: {} },
    },
    ...pieces.map((piece) => ({
      type: 'content_block_delta',
      index,
      delta: { type: 'input_json_delta', partial_json: piece },
    })),
    { type: 'content_block_stop', index },
  ];
}

const toolEnd = [{ type: 'message_delta', delta: { stop_reason: 'tool_use' } }, { type: 'message_stop' }];

describe('a stream of tool calls', () => {
  it('counts the calls from 0 and gives their arguments in pieces', () => {
    const events = [start, ...text, ...toolBlock(1, 'a_b', '{"x"', ':1}'), ...toolBlock(2, 'c'), ...toolEnd];
    expect(deltasOf(events).slice(3)).toEqual([
      { tool_calls: [{ index: 0, id: 'toolu_1', type: 'function', function: { name: 'a.b', arguments: '' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{"x"' } }] },
      { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] },
      { tool_calls: [{ index: 1, id: 'toolu_2', type: 'function', function: { name: 'c', arguments: '' } }] },
      { tool_calls: [{ index: 1, function: { arguments: '{}' } }] },
      {},
    ]);
  });

  it('gives the input of the JSON tool as text, without the text before it', () => {
    const events = [start, ...text, ...toolBlock(1, 'json_tool_call', '{"n"', ':1}'), ...toolEnd];
    const steps = feed(stream({ structuredOutput: 'tool' }), events);
    expect(chunks(steps).slice(1)).toMatchObject([
      { choices: [{ delta: { content: '{"n"' } }] },
      { choices: [{ delta: { content: ':1}' } }] },
      { choices: [{ finish_reason: 'stop' }] },
      '[DONE]',
    ]);
  });

  it('gives the text where the JSON tool was not called', () => {
    expect(deltasOf([start, ...text, ...end], { structuredOutput: 'tool' })).toEqual([
      { role: 'assistant', content: '' },
      { content: 'hello' },
      {},
    ]);
  });
});

it('a stream of thinking keeps signatures and redacted thinking', () => {
  const events = [
    start,
    { type: 'content_block_start', index: 0, content_block: { type: 'thinking', thinking: '', signature: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'signature_delta', signature: 's' } },
    { type: 'content_block_stop', index: 0 },
    { type: 'content_block_start', index: 1, content_block: { type: 'redacted_thinking', data: 'x' } },
    { type: 'content_block_stop', index: 1 },
  ];
  expect(deltasOf(events).slice(1)).toEqual([
    { reasoning_content: 'hm', thinking_blocks: [{ type: 'thinking', thinking: 'hm', index: 0 }] },
    { thinking_blocks: [{ type: 'thinking', thinking: '', signature: 's', index: 0 }] },
    { thinking_blocks: [{ type: 'redacted_thinking', data: 'x', index: 1 }] },
  ]);
});

describe('a stream without a proper end', () => {
  it('is truncated, and gives no finish reason, even after message_delta', () => {
    const translator = stream();
    const steps = feed(translator, [start, ...text, ...end.slice(0, 1)]);
    expect(JSON.stringify(chunks(steps))).not.toMatch(/"finish_reason":"|DONE/);
    expect(translator.end()).toMatchObject({ kind: 'failed', failure: { reason: 'truncated' } });
  });

  it('with an error names it, with the status that it would have had', () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    const translator = stream();
    const step = feed(translator, [error])[0];
    const failure = { reason: 'upstream-error', message: 'Overloaded', status: 503 } as const;
    expect(step).toEqual({ kind: 'failed', failure });
    expect(translator.end()).toEqual(step);
    expect(JSON.parse(openAiErrorEvent(failure).slice('data: '.length))).toEqual({
      error: { message: 'Overloaded', type: 'internal_server_error', param: null, code: '503' },
    });
  });

  it.each([
    ['no JSON', [start], 'oops'],
    ['a second start', [start], JSON.stringify(start)],
    ['content before the start', [], JSON.stringify(text[0])],
    ['a delta of a block that is not open', [start], JSON.stringify(text[2])],
    ['a block within a block', [start, ...text.slice(0, 1)], JSON.stringify({ ...text[0], index: 1 })],
    ['an end within a block', [start, ...text.slice(0, 3), ...end.slice(0, 1)], JSON.stringify(end[1])],
    ['an end without a stop reason', [start, ...text], JSON.stringify(end[1])],
    ['content after its stop reason', [start, ...text, ...end.slice(0, 1)], JSON.stringify(text[0])],
  ])('but with %s is malformed', (_what, events, data) => {
    const translator = stream();
    expect(feed(translator, events as JsonObject[]).every(({ kind }) => kind === 'more')).toBe(true);
    expect(translator.event({ data })).toMatchObject({ kind: 'failed', failure: { reason: 'malformed' } });
    expect(translator.event({ data: JSON.stringify({ type: 'ping' }) }).kind).toBe('failed');
  });

  it('after its end ignores what comes', () => {
    const translator = stream();
    feed(translator, [start, ...text, ...end]);
    expect(translator.event({ data: 'oops' })).toMatchObject({ kind: 'ended', texts: [] });
    expect(translator.end()).toMatchObject({ kind: 'ended', texts: [], usage: { output: 3 } });
  });
});
