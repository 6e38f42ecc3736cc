import { describe, expect, it } from 'vitest';
import {
  anthropicError,
  anthropicErrorEvent,
  anthropicProblem,
  openAiErrorEvent,
  openAiProblem,
  toAnthropicError,
  toOpenAiError,
} from './index.ts';
import { openAiError } from './error-body.ts';

describe('an error of Anthropic', () => {
  it.each([
    [400, 'invalid_request_error', 400, 'invalid_request_error'],
    [401, 'authentication_error', 401, 'authentication_error'],
    [403, 'permission_error', 403, 'permission_error'],
    [404, 'not_found_error', 404, 'not_found_error'],
    [413, 'request_too_large', 413, 'invalid_request_error'],
    [429, 'rate_limit_error', 429, 'rate_limit_error'],
    [500, 'api_error', 500, 'internal_server_error'],
    [529, 'overloaded_error', 503, 'internal_server_error'],
  ])('%i %s is %i %s', (status, type, known, expected) => {
    const text = JSON.stringify({ type: 'error', error: { type, message: 'why' }, request_id: 'req_1' });
    expect(toOpenAiError(status, text)).toEqual({
      status: known,
      body: { error: { message: 'why', type: expected, param: null, code: String(known) } },
    });
  });

  it('that is not JSON has a message all the same', () => {
    expect(toOpenAiError(502, '<html>Bad Gateway</html>')).toMatchObject({
      body: { error: { message: 'the upstream answered 502 without a reason', code: '502' } },
    });
  });
});

it('an error in a list, as Google sends it, keeps its message', () => {
  const text = JSON.stringify([{ error: { code: 401, message: 'why', status: 'UNAUTHENTICATED' } }]);
  expect(toOpenAiError(401, text)).toMatchObject({ body: { error: { message: 'why' } } });
  expect(toAnthropicError(401, text)).toMatchObject({ body: { error: { message: 'why' } } });
});

describe('an error of OpenAI', () => {
  it.each([
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [402, 'billing_error'],
    [403, 'permission_error'],
    [404, 'not_found_error'],
    [408, 'timeout_error'],
    [413, 'request_too_large'],
    [422, 'invalid_request_error'],
    [429, 'rate_limit_error'],
    [500, 'api_error'],
    [502, 'api_error'],
    [503, 'overloaded_error'],
    [504, 'timeout_error'],
  ])('%i is %s', (status, type) => {
    const text = JSON.stringify({ error: { message: 'why', type: 'x', code: null, param: null } });
    expect(toAnthropicError(status, text)).toEqual({
      status,
      body: { type: 'error', error: { type, message: 'why' } },
    });
  });
});

it('an error within a stream is an event of the client', () => {
  const failure = { reason: 'upstream-error', message: 'why', status: 429 } as const;
  expect(openAiErrorEvent(failure)).toBe(
    'data: {"error":{"message":"why","type":"rate_limit_error","param":null,"code":"429"}}\n\n',
  );
  expect(anthropicErrorEvent(failure)).toBe(
    'event: error\ndata: {"type":"error","error":{"type":"rate_limit_error","message":"why"}}\n\n',
  );
});

it('a request without a translation is a 400 that names the field', () => {
  const unsupported = { kind: 'unsupported', field: 'seed', why: 'no such field' } as const;
  expect(openAiProblem(unsupported)).toMatchObject({ status: 400, body: { error: { param: 'seed', code: '400' } } });
  const invalid = { kind: 'invalid', path: 'messages[0]', why: 'must be an object' } as const;
  expect(anthropicProblem(invalid)).toEqual({
    status: 400,
    body: { type: 'error', error: { type: 'invalid_request_error', message: 'messages[0]: must be an object' } },
  });
});

it('an error of the gateway has the envelope of the client', () => {
  const message = 'no deployment of the group is up';
  expect(anthropicError(503, message)).toEqual({ type: 'error', error: { type: 'overloaded_error', message } });
  expect(openAiError(503, message)).toEqual({
    error: { message, type: 'internal_server_error', param: null, code: '503' },
  });
});
