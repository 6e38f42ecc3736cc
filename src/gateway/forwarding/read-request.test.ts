import { describe, expect, it } from 'vitest';
import { apiAt } from './apis.ts';
import { readRequest } from './read-request.ts';
import type { ClientRequest } from './read-request.ts';

function requestOf(text: string): ClientRequest {
  const { api } = apiAt('/v1/chat/completions')!;
  const source = { api, bytes: Buffer.from(text), contentType: 'application/json', model: undefined, tags: [] };
  const read = readRequest(source);
  if (read.kind === 'invalid') throw new Error(read.message);
  return read.request;
}

function sent(text: string, upstreamModel: string): string {
  const request = requestOf(text);
  expect(request.model).toBe('small');
  return request.bodyFor(upstreamModel).toString();
}

describe('a body that names its model twice', () => {
  // Some parsers take the first one: a caller could use a model that the key may not.
  it.each([
    ['{"model":"large","x":1.0,"model":"small"}', '{"model":"small","x":1.0,"model":"small"}'],
    ['{"\\u006dodel":"large","model":"small"}', '{"\\u006dodel":"small","model":"small"}'],
    ['{"model":"large","timeout":9,"model":"small"}', '{"model":"small","model":"small"}'],
  ])('fault: reaches an upstream with both names where the last one is its own: %s', (text, body) => {
    expect(sent(text, 'small')).toBe(body);
  });
});

it('a body that names it once stays byte for byte, also where its text has that word', () => {
  const text = '{ "messages":[{"model":"large","content":"\\u00e4"}], "n":1.0,"model" : "small" }';
  expect(sent(text, 'small')).toBe(text);
});

it("fault: a translated request brings LiteLLM's own fields to an upstream, which refuses them", () => {
  const own = {
    cache: { 'no-cache': true },
    guardrails: ['g'],
    'no-log': true,
    ttl: 5,
    mock_timeout: true,
    timeout: 9,
  };
  const { json, timeoutMs } = requestOf(JSON.stringify({ model: 'm', messages: [], user: 'u', ...own }));
  expect([json, timeoutMs]).toEqual([{ model: 'm', messages: [], user: 'u' }, 9_000]);
});
