import OpenAI from 'openai';
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { closingAfterEach } from './support/closing.ts';
import { deployment, KEY } from './support/gateway-pod.ts';
import { openAiApi } from './support/openai-api.ts';
import { answers, chunk } from './support/scripted-upstream.ts';
import type { Script, ScriptedUpstream } from './support/scripted-upstream.ts';

// What OpenAI's client raises, by class, status and text.

const opened = closingAfterEach();
const messages = [{ role: 'user' as const, content: 'hi' }];
const SCOPED = 'sk-scoped-of-the-tests';

async function stand(script: Script, more = ''): Promise<{ upstream: ScriptedUpstream; url: string; openai: OpenAI }> {
  const upstream = await opened.upstream(script);
  const { url } = await opened.pod(`model_list:\n${deployment('group', upstream.url)}${more}`);
  return { upstream, url, openai: client(url, KEY) };
}

function client(url: string, apiKey: string): OpenAI {
  return new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });
}

async function failureOf(openai: OpenAI, model = 'group'): Promise<unknown> {
  return await openai.chat.completions.create({ model, messages }).then(
    () => 'no failure',
    (error: unknown) => error,
  );
}

it('a wrong key', async () => {
  const { upstream, url } = await stand(openAiApi);
  const failure = await failureOf(client(url, 'sk-wrong'));
  expect(failure).toBeInstanceOf(OpenAI.AuthenticationError);
  expect(failure).toMatchObject({ status: 401, type: 'auth_error', code: '401' });
  expect(String(failure)).toContain('Invalid api key passed in');
  expect(upstream.requests).toEqual([]);
});

it('an unknown model', async () => {
  const { openai } = await stand(openAiApi);
  const failure = await failureOf(openai, 'nix');
  expect(failure).toBeInstanceOf(OpenAI.BadRequestError);
  expect(failure).toMatchObject({ status: 400, param: 'model' });
  expect(String(failure)).toContain('/chat/completions: Invalid model name passed in model=nix');
});

it('a rate limit, with the time to wait', async () => {
  const { openai } = await stand(answers(429, { message: 'slow down' }, { 'retry-after': '30' }));
  const failure = await failureOf(openai);
  expect(failure).toBeInstanceOf(OpenAI.RateLimitError);
  expect(String(failure)).toContain('slow down');
  const { headers } = failure as InstanceType<typeof OpenAI.RateLimitError>;
  expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(29);
});

it.each([
  [400, OpenAI.BadRequestError],
  [404, OpenAI.NotFoundError],
  [422, OpenAI.UnprocessableEntityError],
  [500, OpenAI.InternalServerError],
])('status %i of the upstream, with its words', async (status, kind) => {
  const { openai } = await stand(answers(status, { message: 'the words of the upstream', param: 'p', code: 'c' }));
  const failure = await failureOf(openai);
  expect(failure).toBeInstanceOf(kind);
  expect(failure).toMatchObject({ status, param: 'p', code: 'c' });
  expect(String(failure)).toContain('the words of the upstream');
});

it('a stream that breaks off, after its first parts', async () => {
  const { openai } = await stand((outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
    outgoing.write(chunk('a'));
    outgoing.write(chunk('b'), () => outgoing.destroy());
  });
  const stream = await openai.chat.completions.create({ model: 'group', messages, stream: true });
  let text = '';
  const read = async (): Promise<void> => {
    for await (const { choices } of stream) text += choices[0]?.delta.content ?? '';
  };
  await expect(read()).rejects.toThrow(/The answer is not complete: the upstream broke it off/);
  expect(text).toBe('ab');
});

it('a streamed response that breaks off', async () => {
  const { openai } = await stand((outgoing) => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream' });
    const event = { type: 'response.output_text.delta', sequence_number: 1, delta: 'a' };
    outgoing.end(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  });
  const stream = await openai.responses.create({ model: 'group', input: 'hi', stream: true });
  const types: string[] = [];
  const read = async (): Promise<void> => {
    for await (const { type } of stream) types.push(type);
  };
  await expect(read()).rejects.toThrow(/not complete/);
  expect(types).toEqual(['response.output_text.delta']);
});

it('a body that is larger than the limit', async () => {
  const { openai, upstream } = await stand(openAiApi, 'fleet_health: { gateway: { max_body_bytes: 1024 } }\n');
  const content = 'x'.repeat(2_000);
  const asked = openai.chat.completions.create({ model: 'group', messages: [{ role: 'user', content }] });
  await expect(asked).rejects.toMatchObject({ status: 413 });
  expect(upstream.requests).toEqual([]);
});

it('a group that a scoped key may not use, as one that does not exist', async () => {
  const sha256 = createHash('sha256').update(SCOPED).digest('hex');
  const keys = `fleet_health: { keys: [{ name: team, sha256: ${sha256}, role: scoped, models: [group] }] }\n`;
  const { upstream, url } = await stand(openAiApi, `${deployment('other', 'http://127.0.0.1:9/v1')}${keys}`);
  const scoped = client(url, SCOPED);
  const { data, response } = await scoped.chat.completions.create({ model: 'group', messages }).withResponse();
  expect(data.choices[0]?.message.content).toBe('hello');
  expect([...response.headers.values()].join(' ')).not.toContain(new URL(upstream.url).host);
  const failure = await failureOf(scoped, 'other');
  expect(failure).toBeInstanceOf(OpenAI.BadRequestError);
  expect(String(failure)).toContain('Invalid model name passed in model=other');
});

it('no header of the deployment, which an upstream repeats in its error', async () => {
  const secret = 'the-team-of-the-deployment';
  const upstream = await opened.upstream((outgoing, { headers }) => {
    const message = `you sent ${String(headers['x-team'])} and ${String(headers['authorization'])}`;
    outgoing.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message } }));
  });
  const entry = deployment('group', upstream.url, { params: `extra_headers: { x-team: ${secret} }` });
  const { url } = await opened.pod(`model_list:\n${entry}`);
  const failure = await failureOf(client(url, KEY));
  expect(failure).toBeInstanceOf(OpenAI.BadRequestError);
  expect(String(failure)).toBe('Error: 400 you sent [redacted] and Bearer [redacted]');
});
