import { describe, expect, it } from 'vitest';
import { createStreamReader } from './stream-dialects.ts';
import type { EventReading, StreamDialect } from './stream-dialects.ts';

function readAll(
  dialect: StreamDialect,
  ...events: readonly (string | readonly [name: string, data: unknown] | Readonly<Record<string, unknown>>)[]
): { kinds: readonly EventReading['kind'][]; isComplete: boolean; usage: unknown } {
  const reader = createStreamReader(dialect);
  const kinds = events.map((event) => {
    if (typeof event === 'string') return reader.read({ name: undefined, data: event }).kind;
    const [name, data] = Array.isArray(event) ? [event[0] as string, event[1] as unknown] : [undefined, event];
    return reader.read({ name, data: JSON.stringify(data) }).kind;
  });
  return { kinds, isComplete: reader.end().kind === 'last', usage: reader.usage };
}

const part = { choices: [{ index: 0, delta: { content: 'a' }, finish_reason: null }] };
const finished = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] };

describe('a streamed chat', () => {
  it('is complete with its finish reason, and over with [DONE]', () => {
    expect(readAll('chunks', part)).toMatchObject({ isComplete: false });
    expect(readAll('chunks', part, finished)).toMatchObject({ kinds: ['part', 'part'], isComplete: true });
    expect(readAll('chunks', part, '[DONE]')).toMatchObject({ kinds: ['part', 'last'], isComplete: true });
  });

  it('fault: of several choices is complete when the first one is (truncated success)', () => {
    const of = (index: number, reason: string | null) => ({ choices: [{ index, delta: {}, finish_reason: reason }] });
    const begun = [of(0, null), of(1, null), of(0, 'stop'), of(1, null)];
    expect(readAll('chunks', ...begun)).toMatchObject({ isComplete: false });
    expect(readAll('chunks', ...begun, of(1, 'length'))).toMatchObject({ isComplete: true });
    expect(readAll('chunks', of(0, null), of(0, 'stop'), of(1, null))).toMatchObject({ isComplete: false });
    expect(readAll('chunks', { choices: [...of(0, 'stop').choices, ...of(1, 'stop').choices] }).isComplete).toBe(true);
  });

  it('stays complete where more about a finished choice follows', () => {
    expect(readAll('chunks', part, finished, part)).toMatchObject({ isComplete: true });
  });

  it('tells its usage in the last chunk, which has no choices', () => {
    const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
    expect(readAll('chunks', part, finished, { choices: [], usage }).usage).toEqual({
      inputTokens: 7,
      outputTokens: 3,
    });
    expect(readAll('chunks', { ...part, usage: null }).usage).toEqual({});
  });

  it('may report an error in place of a chunk', () => {
    expect(readAll('chunks', part, { error: { message: 'overloaded' } }).kinds).toEqual(['part', 'error']);
    expect(readAll('chunks', { ...part, error: null }).kinds).toEqual(['part']);
  });

  it.each(['{"choices":[', '1', '[]', 'null', ''])('is malformed where an event is %j', (data) => {
    expect(createStreamReader('chunks').read({ name: undefined, data }).kind).toBe('malformed');
  });

  it('may have events without data', () => {
    expect(createStreamReader('chunks').read({ name: 'ping', data: undefined }).kind).toBe('comment');
  });
});

describe('typed events', () => {
  it.each([
    'response.completed',
    'response.incomplete',
    'response.failed',
    'image_generation.completed',
    'transcript.text.done',
    'speech.audio.done',
  ])('end with %s', (type) => {
    const usage = { input_tokens: 2, output_tokens: 4 };
    const read = readAll('typed-events', { type: 'response.created' }, { type, response: { usage } });
    expect(read).toEqual({ kinds: ['part', 'last'], isComplete: true, usage: { inputTokens: 2, outputTokens: 4 } });
  });

  it('report an error by their type', () => {
    expect(readAll('typed-events', ['error', { type: 'error', message: 'x' }]).kinds).toEqual(['error']);
  });

  it('of a failed response hold an error, and are no error of the stream', () => {
    const failed = { type: 'response.failed', response: { error: { code: 'server_error' } } };
    expect(readAll('typed-events', failed).kinds).toEqual(['last']);
  });
});

describe("Anthropic's events", () => {
  it('end with message_stop, and count tokens in the first and the last but one', () => {
    const read = readAll(
      'anthropic',
      ['message_start', { type: 'message_start', message: { usage: { input_tokens: 9, output_tokens: 1 } } }],
      ['content_block_delta', { type: 'content_block_delta', delta: { type: 'text_delta', text: 'a' } }],
      ['message_delta', { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } }],
      ['message_stop', { type: 'message_stop' }],
    );
    expect(read.kinds).toEqual(['part', 'part', 'part', 'last']);
    expect(read.usage).toEqual({ inputTokens: 9, outputTokens: 5 });
  });

  it('report an error', () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    expect(readAll('anthropic', ['error', error]).kinds).toEqual(['error']);
  });
});
