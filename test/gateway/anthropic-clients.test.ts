import Anthropic from '@anthropic-ai/sdk';
import { expect, it } from 'vitest';
import { messageEvents, wireText } from '../support/translation/anthropic-wire.ts';
import { closingAfterEach } from './support/closing.ts';
import { deployment, KEY } from './support/gateway-pod.ts';
import { recordingFetch } from './support/recording-fetch.ts';
import type { Script, ScriptedUpstream } from './support/scripted-upstream.ts';

// Anthropic's own client, a pod, and an upstream with Anthropic's format: nothing is translated.

const opened = closingAfterEach();
const asked = { model: 'claude', max_tokens: 100, messages: [{ role: 'user' as const, content: 'hi' }] };

const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'claude-upstream',
  content: [{ type: 'text', text: 'hello from Claude' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 3, output_tokens: 2, x_new_field: 1 },
};

const messagesApi: Script = (outgoing, { path, json }) => {
  if (path === '/v1/messages' && json['stream'] === true) {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
    outgoing.end(messageEvents(message, 5).map(wireText).join(''));
    return;
  }
  const body = path === '/v1/messages/count_tokens' ? { input_tokens: 42 } : message;
  outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

interface Stand {
  readonly upstream: ScriptedUpstream;
  readonly anthropic: Anthropic;
  readonly sent: readonly string[];
}

async function stand(script: Script = messagesApi): Promise<Stand> {
  const upstream = await opened.upstream(script);
  const model = 'anthropic/claude-upstream';
  const { url } = await opened.pod(`model_list:\n${deployment('claude', upstream.url, { model })}`);
  const recording = recordingFetch();
  return {
    upstream,
    sent: recording.sent,
    anthropic: new Anthropic({ baseURL: url, apiKey: KEY, maxRetries: 0, fetch: recording.fetch }),
  };
}

it('sends a message, and gets the answer as it is', async () => {
  const { upstream, anthropic, sent } = await stand();
  expect(await anthropic.messages.create(asked)).toMatchObject(message);
  expect(upstream.requests[0]).toMatchObject({
    path: '/v1/messages',
    headers: { 'x-api-key': 'sk-upstream', 'anthropic-version': '2023-06-01' },
  });
  expect(String(upstream.requests[0]?.body)).toBe(sent[0]?.replace('"model":"claude"', '"model":"claude-upstream"'));
});

it('streams a message', async () => {
  const { anthropic } = await stand();
  const stream = anthropic.messages.stream(asked);
  expect(await stream.finalMessage()).toMatchObject({
    content: [{ text: 'hello from Claude' }],
    stop_reason: 'end_turn',
  });
});

it('counts tokens', async () => {
  const { anthropic, upstream } = await stand();
  expect(await anthropic.messages.countTokens({ model: 'claude', messages: asked.messages })).toEqual({
    input_tokens: 42,
  });
  expect(upstream.requests[0]).toMatchObject({ path: '/v1/messages/count_tokens', json: { model: 'claude-upstream' } });
});

it('asks for a beta by a header, which the upstream gets', async () => {
  const { anthropic, upstream } = await stand();
  await anthropic.beta.messages.create({ ...asked, betas: ['context-1m-2025-08-07'] });
  expect(upstream.requests[0]?.headers['anthropic-beta']).toBe('context-1m-2025-08-07');
});

it('raises the errors of the upstream', async () => {
  const body = { type: 'error', error: { type: 'invalid_request_error', message: 'max_tokens: too large' } };
  const { anthropic } = await stand((outgoing) => {
    outgoing.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  const failure: unknown = await anthropic.messages.create(asked).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Anthropic.BadRequestError);
  expect(failure).toMatchObject({ status: 400, error: body });
});

it('raises a stream that breaks off', async () => {
  const { anthropic } = await stand((outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
    outgoing.end(messageEvents(message, 5).slice(0, 5).map(wireText).join(''));
  });
  await expect(anthropic.messages.stream(asked).finalMessage()).rejects.toThrow(/not complete/);
});

it('raises a model that does not exist, and a wrong key', async () => {
  const { anthropic, upstream } = await stand();
  const unknown: unknown = await anthropic.messages.create({ ...asked, model: 'nix' }).catch((error: unknown) => error);
  expect(unknown).toBeInstanceOf(Anthropic.BadRequestError);
  expect(unknown).toMatchObject({ error: { type: 'error', error: { type: 'invalid_request_error' } } });
  const stranger = new Anthropic({ baseURL: anthropic.baseURL, apiKey: 'sk-wrong', maxRetries: 0 });
  await expect(stranger.messages.create(asked)).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
  expect(upstream.requests).toEqual([]);
});
