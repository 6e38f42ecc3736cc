import { describe, expect, it } from 'vitest';
import { gradeAnswer } from './index.ts';

const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  content: [{ type: 'text', text: 'hi' }],
  stop_reason: 'end_turn',
  usage: { input_tokens: 9, output_tokens: 3 },
};

function grade(body: unknown, status = 200): ReturnType<typeof gradeAnswer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return gradeAnswer({ status, headers: {}, text, extent: 'whole' }, 0);
}

describe('a message', () => {
  it('is good, and its tokens are read, those of the cache among them', () => {
    expect(grade(message)).toEqual({ kind: 'ok', usage: { inputTokens: 9, outputTokens: 3 } });
    const usage = { ...message.usage, cache_creation_input_tokens: 100, cache_read_input_tokens: 20 };
    expect(grade({ ...message, usage })).toMatchObject({ usage: { inputTokens: 129 } });
    expect(grade({ ...message, usage: undefined })).toEqual({ kind: 'ok', usage: {} });
  });

  it.each(['end_turn', 'max_tokens', 'stop_sequence', 'tool_use', 'pause_turn', 'refusal'])(
    'that stopped by %s is good, even without content',
    (reason) => expect(grade({ ...message, content: [], stop_reason: reason }).kind).toBe('ok'),
  );

  it.each([
    ['nothing', ''],
    ['no JSON', '<html>'],
    ['no content and no reason to stop', { ...message, content: [], stop_reason: null }],
    ["OpenAI's shape", { choices: [{ message: { content: 'hi' } }] }],
  ])('with %s is a fault of the server', (_what, body) => {
    expect(grade(body)).toMatchObject({ kind: 'failed', failure: { class: 'server', status: 200 } });
  });
});

it.each([
  ['overloaded_error', 'overloaded'],
  ['rate_limit_error', 'overloaded'],
  ['authentication_error', 'auth'],
  ['not_found_error', 'not-found'],
  ['api_error', 'server'],
])('an error within a 200 counts as what it names: %s', (type, name) => {
  expect(grade({ type: 'error', error: { type, message: 'm' } })).toMatchObject({ failure: { class: name } });
});
