import { describe, expect, it } from 'vitest';
import type { ProbeMode, WireAnswer } from '../wire/index.ts';
import { gradeAnswer } from './index.ts';

const now = Date.parse('2026-11-23T12:00:00Z');
const chatAnswer = { choices: [{ message: { content: 'hi' }, finish_reason: 'stop' }] };

function grade(answer: Partial<Omit<WireAnswer, 'text'>> & { body?: unknown }, mode: ProbeMode = 'chat'): unknown {
  const { body, ...rest } = answer;
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? {});
  const graded = gradeAnswer({ status: 200, headers: {}, text, extent: 'whole', ...rest }, mode, now);
  return graded.kind === 'ok' ? 'ok' : graded.failure.class;
}

function error(status: number, fields: object, headers: Record<string, string> = {}): unknown {
  return grade({ status, headers, body: { error: fields } });
}

describe('a 200', () => {
  it('with a choice, a text or a vector is good, and its tokens are read', () => {
    const text = JSON.stringify({ ...chatAnswer, usage: { prompt_tokens: 12, completion_tokens: 5 } });
    expect(gradeAnswer({ status: 200, headers: {}, text, extent: 'whole' }, 'chat', now)).toEqual({
      kind: 'ok',
      usage: { inputTokens: 12, outputTokens: 5 },
    });
    expect(grade({ body: { choices: [{ text: '' }] } }, 'completion')).toBe('ok');
    expect(grade({ body: { data: [{ embedding: [0.1] }] } }, 'embedding')).toBe('ok');
    expect(grade({ body: { data: [{ embedding: 'zczMPQ==' }] } }, 'embedding')).toBe('ok');
  });

  it.each([
    // Gemini and Grok count thoughts in the total alone.
    ['thoughts beside the answer', { prompt_tokens: 12, completion_tokens: 5, total_tokens: 60_017 }, 60_005],
    ['no count of the answer', { prompt_tokens: 12, total_tokens: 17 }, 5],
    ['a total that is too small', { prompt_tokens: 12, completion_tokens: 5, total_tokens: 3 }, 5],
    ['a total of nonsense', { prompt_tokens: 12, completion_tokens: 5, total_tokens: 'many' }, 5],
  ])('with %s is counted as it is billed', (_, usage, outputTokens) => {
    const text = JSON.stringify({ ...chatAnswer, usage });
    expect(gradeAnswer({ status: 200, headers: {}, text, extent: 'whole' }, 'chat', now)).toEqual({
      kind: 'ok',
      usage: { inputTokens: 12, outputTokens },
    });
  });

  it.each(['length', 'content_filter', 'refusal', 'tool_calls'])('that ended with %s is good', (reason) => {
    expect(grade({ body: { choices: [{ message: { content: null }, finish_reason: reason }] } })).toBe('ok');
  });

  it.each([
    ['nothing', ''],
    ['no JSON', '<html>bad gateway</html>'],
    ['a list', '[]'],
    ['no choices', { id: 'x' }],
    ['an empty list of choices', { choices: [] }],
    ['an empty choice', { choices: [{}] }],
    ['a choice that is null', { choices: [null] }],
    ['an end by error', { choices: [{ message: {}, finish_reason: 'error' }] }],
  ])('with %s is a fault of the server', (_what, body) => {
    expect(grade({ body })).toBe('server');
  });

  it.each([[{ data: [] }], [{ data: [{}] }], [{ data: [{ embedding: [] }] }], [chatAnswer]])(
    'without a vector is no embedding: %j',
    (body) => expect(grade({ body }, 'embedding')).toBe('server'),
  );

  it('with a response is good where there is output, or a stop at the limit', () => {
    const usage = { input_tokens: 12, output_tokens: 5, total_tokens: 17 };
    const answer = { object: 'response', status: 'completed', error: null, output: [{ type: 'message' }], usage };
    const text = JSON.stringify(answer);
    expect(gradeAnswer({ status: 200, headers: {}, text, extent: 'whole' }, 'responses', now)).toEqual({
      kind: 'ok',
      usage: { inputTokens: 12, outputTokens: 5 },
    });
    const cut = { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' }, output: [] };
    expect(grade({ body: cut }, 'responses')).toBe('ok');
    expect(grade({ body: { ...answer, output: [] } }, 'responses')).toBe('server');
    expect(grade({ body: { ...answer, status: 'queued' } }, 'responses')).toBe('server');
    expect(grade({ body: chatAnswer }, 'responses')).toBe('server');
    const failed = { status: 'failed', error: { code: 'rate_limit_exceeded', message: 'x' }, output: [] };
    expect(grade({ body: failed }, 'responses')).toBe('overloaded');
    expect(grade({ body: { ...failed, error: { code: 'server_error', message: 'x' } } }, 'responses')).toBe('server');
  });

  it('that holds an error counts as the error it names', () => {
    expect(grade({ body: { error: { message: 'slow down', code: 429 } } })).toBe('overloaded');
    expect(grade({ body: { choices: [{ error: { code: 502, message: 'x' } }] } })).toBe('server');
    expect(grade({ body: { error: 'something broke' } })).toBe('server');
    expect(grade({ body: { error: { message: 'x', code: 'insufficient_quota' } } })).toBe('quota');
  });

  it('that was cut is a fault of the server', () => {
    expect(grade({ body: chatAnswer, extent: 'cut' })).toBe('server');
  });
});

describe('an error status', () => {
  it.each([
    [401, 'auth'],
    [402, 'quota'],
    [403, 'auth'],
    [404, 'not-found'],
    [400, 'bad-probe'],
    [422, 'bad-probe'],
    [408, 'timeout'],
    [429, 'overloaded'],
    [529, 'overloaded'],
    [500, 'server'],
    [502, 'server'],
    [503, 'server'],
    [504, 'server'],
    [302, 'server'],
  ])('%i is of class %s', (status, name) => {
    expect(error(status, { message: 'x' })).toBe(name);
    expect(grade({ status, body: '<html></html>' })).toBe(name);
  });

  it('names spent quota whatever the status (fault: a failure class hidden as pending)', () => {
    expect(error(429, { code: 'insufficient_quota' })).toBe('quota');
    expect(error(429, { type: 'insufficient_quota', code: null })).toBe('quota');
    expect(error(400, { code: 'billing_hard_limit_reached' })).toBe('quota');
  });

  it('is not-found or auth where the code says so', () => {
    expect(error(400, { code: 'model_not_found' })).toBe('not-found');
    expect(error(400, { code: 'invalid_api_key' })).toBe('auth');
    expect(error(404, { code: 'DeploymentNotFound' })).toBe('not-found');
  });

  it('is good where the model refused', () => {
    expect(error(400, { code: 'content_filter' })).toBe('ok');
    expect(error(400, { code: 'bad', innererror: { code: 'ResponsibleAIPolicyViolation' } })).toBe('ok');
    expect(error(500, { code: 'content_filter' })).toBe('server');
  });

  it('is good where a reasoning model ran into the token limit (fault: probe of reasoning models fails by token floor)', () => {
    const message =
      'Could not finish the message because max_tokens or model output limit was reached. Please try again with higher max_tokens.';
    expect(error(400, { message, type: 'invalid_request_error' })).toBe('ok');
    expect(error(400, { message: "Unsupported parameter: 'max_tokens' is not supported with this model." })).toBe(
      'bad-probe',
    );
    expect(error(400, { message: 'max_tokens is too large' })).toBe('bad-probe');
  });
});

describe('the message', () => {
  const messageOf = (body: unknown): string | undefined => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const graded = gradeAnswer({ status: 500, headers: {}, text, extent: 'whole' }, 'completion', now);
    return graded.kind === 'failed' ? graded.failure.message : undefined;
  };

  it.each([
    ['OpenAI', { error: { message: 'm' } }],
    ['vLLM', { object: 'error', message: 'm' }],
    ['a plain string', { error: 'm' }],
    ['FastAPI', { detail: 'm' }],
    ['FastAPI, a list', { detail: [{ msg: 'm', loc: ['body'] }] }],
    ['plain text', 'm'],
  ])('is found in the body of %s', (_who, body) => expect(messageOf(body)).toBe('m'));

  it.each([['<html><body>x</body></html>'], [''], [{}], [{ error: { message: '' } }], [[1]]])(
    'says that there is none: %j',
    (body) => expect(messageOf(body)).toBe(Array.isArray(body) ? '[1]' : 'answered 500 without a reason'),
  );
});

describe('Retry-After', () => {
  const waitOf = (headers: Record<string, string>, status = 429): number | undefined => {
    const graded = gradeAnswer({ status, headers, text: '', extent: 'whole' }, 'completion', now);
    return graded.kind === 'failed' ? graded.failure.retryAfterMs : undefined;
  };

  it.each([
    ['7', 7_000],
    ['0.5', 500],
    ['0', 0],
    ['86400', 600_000],
    ['Mon, 23 Nov 2026 12:00:30 GMT', 30_000],
    ['Mon, 23 Nov 2026 11:00:00 GMT', 0],
    ['Tue, 24 Nov 2026 12:00:00 GMT', 600_000],
    ['soon', undefined],
    ['-5', undefined],
    ['', undefined],
    ['99999999999999999999', undefined],
  ])('%j means %s ms', (text, ms) => expect(waitOf({ 'retry-after': text })).toBe(ms));

  it('in milliseconds goes first', () => {
    expect(waitOf({ 'retry-after': '9', 'retry-after-ms': '250' })).toBe(250);
  });

  it('makes a 503 an overload, and says nothing about other failures', () => {
    expect(error(503, {}, { 'retry-after': '3' })).toBe('overloaded');
    expect(error(503, {}, { 'retry-after': 'soon' })).toBe('server');
    expect(waitOf({ 'retry-after': '3' }, 500)).toBeUndefined();
  });
});
