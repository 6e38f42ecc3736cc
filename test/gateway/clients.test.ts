import OpenAI, { toFile } from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { closingAfterEach } from './support/closing.ts';
import { deployment, KEY } from './support/gateway-pod.ts';
import { openAiApi, speech } from './support/openai-api.ts';
import { recordingFetch } from './support/recording-fetch.ts';
import type { Received, ScriptedUpstream } from './support/scripted-upstream.ts';

// OpenAI's own client, a pod, and an upstream with OpenAI's format: every endpoint, and what arrives at the upstream.

const opened = closingAfterEach();
const messages = [{ role: 'user' as const, content: 'hi' }];

interface Stand {
  readonly upstream: ScriptedUpstream;
  readonly url: string;
  readonly openai: OpenAI;
  /** Bodies that the client sent, where they are text. */
  readonly sent: readonly string[];
  /** Sends a body that no client makes. */
  post(path: string, body: string): Promise<Response>;
}

async function stand(more = ''): Promise<Stand> {
  const upstream = await opened.upstream(openAiApi);
  const { url, post } = await opened.pod(`model_list:\n${deployment('group', upstream.url)}${more}`);
  const recording = recordingFetch();
  const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: KEY, maxRetries: 0, fetch: recording.fetch });
  return { upstream, url, openai, sent: recording.sent, post };
}

/** The only difference between what a client sends and what its upstream gets. */
function renamed(body: string | undefined): string | undefined {
  return body?.replace('"model":"group"', '"model":"upstream-model"');
}

async function formOf({ body, headers }: Received): Promise<FormData> {
  return await new Response(new Uint8Array(body), {
    headers: { 'content-type': headers['content-type'] ?? '' },
  }).formData();
}

it('chats, with the headers of LiteLLM', async () => {
  const { upstream, openai, sent } = await stand();
  const { data, response } = await openai.chat.completions.create({ model: 'group', messages }).withResponse();
  expect(data).toMatchObject({ choices: [{ message: { content: 'hello' } }], usage: { total_tokens: 5 } });
  expect(response.headers.get('x-litellm-model-group')).toBe('group');
  expect(upstream.requests[0]).toMatchObject({
    path: '/v1/chat/completions',
    headers: { authorization: 'Bearer sk-upstream' },
  });
  expect(String(upstream.requests[0]?.body)).toBe(renamed(sent[0]));
});

it('streams a chat', async () => {
  const { upstream, openai, sent } = await stand();
  const stream = openai.chat.completions.stream({ model: 'group', messages });
  expect(await stream.finalContent()).toBe('hello');
  expect(String(upstream.requests[0]?.body)).toBe(renamed(sent[0]));
});

it('runs tools in two rounds', async () => {
  const { upstream, openai } = await stand();
  const asked: unknown[] = [];
  const weather = {
    type: 'function' as const,
    function: {
      name: 'weather',
      description: 'weather of a city',
      parameters: { type: 'object', properties: { city: { type: 'string' } } },
      parse: JSON.parse,
      function: (input: object) => {
        asked.push(input);
        return '12 °C';
      },
    },
  };
  const answer = await openai.chat.completions.runTools({ model: 'group', messages, tools: [weather] }).finalContent();
  expect([answer, asked]).toEqual(['hello', [{ city: 'Ulm' }]]);
  expect(upstream.requests[1]?.json['messages']).toMatchObject([{}, {}, { role: 'tool', content: '12 °C' }]);
});

it('parses a structured output', async () => {
  const { openai } = await stand();
  const response_format = zodResponseFormat(z.object({ n: z.number() }), 'out');
  const answer = await openai.chat.completions.parse({ model: 'group', messages, response_format });
  expect(answer.choices[0]?.message.parsed).toEqual({ n: 7 });
});

it('answers the other endpoints with JSON bodies', async () => {
  const { upstream, openai, sent } = await stand();
  const model = 'group';
  expect(await openai.completions.create({ model, prompt: 'hi' })).toMatchObject({
    choices: [{ text: 'a completion' }],
  });
  const embeddings = await openai.embeddings.create({ model, input: 'hi', encoding_format: 'float' });
  expect(embeddings.data[0]?.embedding).toEqual([0.25, -1]);
  expect((await openai.responses.create({ model, input: 'hi' })).output_text).toBe('from responses');
  expect((await openai.moderations.create({ model, input: 'hi' })).results[0]?.flagged).toBe(true);
  expect((await openai.images.generate({ model, prompt: 'a cat' })).data?.[0]?.b64_json).toBe('AAAA');
  const spoken = await openai.audio.speech.create({ model, input: 'hi', voice: 'alloy' });
  expect(spoken.headers.get('content-type')).toBe('audio/mpeg');
  expect(Buffer.from(await spoken.arrayBuffer())).toEqual(speech);
  expect(upstream.requests.map(({ body }) => String(body))).toEqual(sent.map(renamed));
});

it('streams a response', async () => {
  const { openai } = await stand();
  const stream = await openai.responses.create({ model: 'group', input: 'hi', stream: true });
  const types: string[] = [];
  for await (const { type } of stream) types.push(type);
  expect(types).toEqual(['response.created', 'response.output_text.delta', 'response.completed']);
});

it('sends files as forms, which arrive whole', async () => {
  const { upstream, openai } = await stand();
  const model = 'group';
  const bytes = Buffer.from('\r\n--not-the-boundary\r\n\0\u00ff', 'latin1');
  const file = await toFile(bytes, 'said.mp3', { type: 'audio/mpeg' });
  expect((await openai.audio.transcriptions.create({ model, file, language: 'de' })).text).toBe('what was said');
  expect((await openai.audio.translations.create({ model, file })).text).toBe('what was meant');
  expect((await openai.images.edit({ model, image: file, prompt: 'no cat' })).data?.[0]?.b64_json).toBe('BBBB');
  const [transcription] = upstream.requests;
  const form = await formOf(transcription!);
  expect([form.get('model'), form.get('language')]).toEqual(['upstream-model', 'de']);
  expect(Buffer.from(await (form.get('file') as File).arrayBuffer())).toEqual(bytes);
});

it.each(['/rerank', '/v1/rerank', '/v2/rerank'])('reranks at %s', async (path) => {
  const { upstream, post } = await stand();
  const answer = await post(path, '{"model":"group","query":"q","documents":["a","b"],"top_n":1}');
  expect(await answer.json()).toMatchObject({ results: [{ index: 1, relevance_score: 0.9 }] });
  expect(upstream.requests[0]?.path).toBe('/v1/rerank');
});

it('lists models', async () => {
  const { openai } = await stand();
  expect((await openai.models.list()).data.map(({ id }) => id)).toEqual(['group']);
});

it('passes what it does not know byte for byte', async () => {
  const { upstream, post } = await stand();
  const rest =
    '"messages" : [ {"role":"user","content":"\\u00e4 { \\" "} ],\n "x_unknown":{"big":12345678901234567890,"e":1.0E+2},"user":"ü" }';
  const answer = await post('/v1/chat/completions', `{ "model" : "group",${rest}`);
  expect(answer.status).toBe(200);
  expect(String(upstream.requests[0]?.body)).toBe(`{ "model" : "upstream-model",${rest}`);
});

it("keeps LiteLLM's own fields from the upstream, and every other byte", async () => {
  const { upstream, post } = await stand();
  await post(
    '/v1/chat/completions',
    '{"num_retries":1,"model":"group","messages":[ ],"tags":["a"],"seed":1.50,"timeout":9,"fallbacks":["x"]}',
  );
  expect(String(upstream.requests[0]?.body)).toBe('{"model":"upstream-model","messages":[ ],"seed":1.50}');
});

it('sends JSON as JSON, whatever type the client names', async () => {
  const { upstream, url } = await stand();
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/x-www-form-urlencoded' };
  const body = '{"model":"group","messages":[]}';
  expect((await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body })).status).toBe(200);
  expect(upstream.requests[0]?.headers['content-type']).toBe('application/json');
});

it("finds the model that Azure's clients write into the path", async () => {
  const { upstream, post } = await stand();
  const answer = await post('/openai/deployments/group/chat/completions?api-version=2024-10-21', '{"messages":[]}');
  expect(answer.status).toBe(200);
  expect(upstream.requests[0]?.json['model']).toBe('upstream-model');
});

it('routes a wildcard and an alias', async () => {
  const upstream = await opened.upstream(openAiApi);
  const { url } = await opened.pod(
    `model_list:\n${deployment('openai/*', upstream.url, { model: 'openai/*' })}` +
      'router_settings: { model_group_alias: { short: openai/gpt-long } }\n',
  );
  const openai = new OpenAI({ baseURL: url, apiKey: KEY, maxRetries: 0 });
  await openai.chat.completions.create({ model: 'openai/gpt-9', messages });
  await openai.chat.completions.create({ model: 'short', messages });
  expect(upstream.requests.map(({ json }) => json['model'])).toEqual(['gpt-9', 'gpt-long']);
});
