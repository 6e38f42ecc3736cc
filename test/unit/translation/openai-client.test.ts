import OpenAI from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { anthropicWire, wireText } from '../../support/translation/anthropic-wire.ts';
import { scriptedUpstream } from '../../support/translation/scripted-upstream.ts';
import type { ScriptedUpstream } from '../../support/translation/scripted-upstream.ts';
import { openAiToAnthropicGateway } from '../../support/translation/translating-gateway.ts';

const hello = [{ role: 'user' as const, content: 'hello' }];

let upstream: ScriptedUpstream;
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
  upstream = await scriptedUpstream(anthropicWire);
  closing.push(upstream.close);
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function client(model = 'claude-sonnet-4-5'): Promise<OpenAI> {
  const gateway = await openAiToAnthropicGateway(upstream.url, { model, unsupportedFields: 'refuse' });
  closing.push(gateway.close);
  return new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: 'k', maxRetries: 0 });
}

function message(content: readonly object[], stopReason = 'end_turn', more: object = {}) {
  const usage = { input_tokens: 9, output_tokens: 3, cache_read_input_tokens: 4, cache_creation_input_tokens: 0 };
  const body = { id: 'msg_1', type: 'message', role: 'assistant', model: 'claude', content, usage };
  return { kind: 'answer', body: { ...body, stop_reason: stopReason, stop_sequence: null, ...more } } as const;
}

const text = (value: string) => ({ type: 'text', text: value });
const use = (id: string, name: string, input: object) => ({ type: 'tool_use', id, name, input });

describe("OpenAI's client at an Anthropic upstream", () => {
  it('gets an answer', async () => {
    upstream.next(message([text('hi there')]));
    const completion = await (await client()).chat.completions.create({ model: 'group', messages: hello });
    expect(completion.choices[0]).toMatchObject({ message: { content: 'hi there' }, finish_reason: 'stop' });
    expect(completion.usage).toMatchObject({ prompt_tokens: 13, prompt_tokens_details: { cached_tokens: 4 } });
  });

  it('gets a stream, with usage where it asks for it', async () => {
    upstream.next(message([text('hi there, how are you?')]));
    const stream = (await client()).chat.completions.stream({
      model: 'group',
      messages: hello,
      stream_options: { include_usage: true },
    });
    const deltas: string[] = [];
    stream.on('content', (delta) => deltas.push(delta));
    expect(await stream.finalContent()).toBe('hi there, how are you?');
    expect(deltas.length).toBeGreaterThan(2);
    expect(await stream.totalUsage()).toMatchObject({ prompt_tokens: 13, completion_tokens: 3 });
  });

  it('runs tools in several rounds, streamed and not', async () => {
    const body = {
      model: 'group',
      messages: [{ role: 'user' as const, content: 'weather in Bonn and Ulm?' }],
      tools: [
        {
          type: 'function' as const,
          function: {
            name: 'weather.now',
            description: 'weather of a city',
            parameters: { type: 'object', properties: { city: { type: 'string' } } },
            parse: JSON.parse,
            function: ({ city }: { city: string }) => `${city}: 12 °C`,
          },
        },
      ],
    };
    const rounds = [
      message(
        [
          text('let me see'),
          use('toolu_1', 'weather_now', { city: 'Bonn' }),
          use('toolu_2', 'weather_now', { city: 'Ulm' }),
        ],
        'tool_use',
      ),
      message([text('12 °C in both')]),
    ];
    const openai = await client();
    upstream.next(...rounds, ...rounds);
    expect(await openai.chat.completions.runTools(body).finalContent()).toBe('12 °C in both');
    expect(await openai.chat.completions.runTools({ ...body, stream: true }).finalContent()).toBe('12 °C in both');
    const [first, second, , fourth] = upstream.requests;
    expect(first).toMatchObject({ tools: [{ name: 'weather_now' }] });
    expect(second?.['messages']).toMatchObject([
      { role: 'user' },
      {
        role: 'assistant',
        content: [{ text: 'let me see' }, { name: 'weather_now', input: { city: 'Bonn' } }, { id: 'toolu_2' }],
      },
      { role: 'user', content: [{ tool_use_id: 'toolu_1', content: 'Bonn: 12 °C' }, { content: 'Ulm: 12 °C' }] },
    ]);
    expect(fourth?.['messages']).toEqual(second?.['messages']);
  });

  it.each([
    ['claude-sonnet-4-5', message([text('{"n":7}')])],
    ['claude-opus-4-1', message([use('toolu_1', 'json_tool_call', { n: 7 })], 'tool_use')],
  ])('parses a structured output of %s, streamed and not', async (model, answer) => {
    const openai = await client(model);
    upstream.next(answer, answer);
    const body = {
      model: 'group',
      messages: hello,
      response_format: zodResponseFormat(z.object({ n: z.number() }), 'out'),
    };
    const completion = await openai.chat.completions.parse(body);
    expect(completion.choices[0]?.message.parsed).toEqual({ n: 7 });
    expect(completion.choices[0]?.finish_reason).toBe('stop');
    const streamed = await openai.chat.completions.stream(body).finalChatCompletion();
    expect(streamed.choices[0]?.message.parsed).toEqual({ n: 7 });
  });

  it('gets thinking, and may send it back', async () => {
    const thinking = { type: 'thinking', thinking: 'hm', signature: 's' };
    upstream.next(message([thinking, text('hi')]), message([text('bye')]));
    const openai = await client();
    const first = await openai.chat.completions.create({ model: 'group', messages: hello, reasoning_effort: 'medium' });
    const answer = first.choices[0]?.message;
    expect(answer).toMatchObject({ reasoning_content: 'hm', content: 'hi' });
    await openai.chat.completions.create({ model: 'group', messages: [...hello, answer!, ...hello] });
    expect(upstream.requests[0]).toMatchObject({ thinking: { type: 'enabled', budget_tokens: 2_048 } });
    expect(upstream.requests[1]?.['messages']).toMatchObject([{}, { content: [thinking, { text: 'hi' }] }, {}]);
  });

  it('sends images', async () => {
    upstream.next(message([text('a cat')]));
    const image = { type: 'image_url' as const, image_url: { url: 'data:image/png;base64,AAAA' } };
    const content = [{ type: 'text' as const, text: 'what is it?' }, image];
    await (await client()).chat.completions.create({ model: 'group', messages: [{ role: 'user', content }] });
    expect(upstream.requests[0]?.['messages']).toMatchObject([
      { content: [{ text: 'what is it?' }, { type: 'image', source: { media_type: 'image/png', data: 'AAAA' } }] },
    ]);
  });

  it('gets a refusal', async () => {
    const refused = message([], 'refusal', { stop_details: { type: 'refusal', explanation: 'no' } });
    upstream.next(refused, refused);
    const openai = await client();
    const expected = { message: { refusal: 'no' }, finish_reason: 'content_filter' };
    const body = { model: 'group', messages: hello };
    expect((await openai.chat.completions.create(body)).choices[0]).toMatchObject(expected);
    const chunks: OpenAI.ChatCompletionChunk[] = [];
    for await (const chunk of await openai.chat.completions.create({ ...body, stream: true })) chunks.push(chunk);
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.refusal ?? '').join('')).toBe('no');
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('content_filter');
  });
});

describe("OpenAI's client gets errors of its own kind", () => {
  const anthropicError = (type: string, message_: string) => ({ type: 'error', error: { type, message: message_ } });

  it.each([
    [400, 'invalid_request_error', OpenAI.BadRequestError, 400],
    [401, 'authentication_error', OpenAI.AuthenticationError, 401],
    [404, 'not_found_error', OpenAI.NotFoundError, 404],
    [429, 'rate_limit_error', OpenAI.RateLimitError, 429],
    [529, 'overloaded_error', OpenAI.InternalServerError, 503],
  ])('for %i %s', async (status, type, kind, known) => {
    upstream.next({ kind: 'error', status, body: anthropicError(type, 'why') });
    const failure = await (
      await client()
    ).chat.completions
      .create({ model: 'group', messages: hello })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(kind);
    expect(failure).toMatchObject({ status: known, code: String(known), error: { message: 'why' } });
  });

  it('for a field without a counterpart, which it names', async () => {
    const failure = await (
      await client()
    ).chat.completions
      .create({ model: 'group', messages: hello, seed: 7 })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OpenAI.BadRequestError);
    expect(failure).toMatchObject({ param: 'seed' });
    expect(upstream.requests).toEqual([]);
  });

  const { body } = message([text('a longer answer')]);

  it.each([
    ['breaks off', { kind: 'cut', body, events: 5 }, /ended before message_stop/],
    ['breaks off after its stop reason', { kind: 'cut', body, events: 8 }, /ended before message_stop/],
    [
      'has an error in it',
      { kind: 'error-within', body, events: 4, error: wireText(anthropicError('overloaded_error', 'Overloaded')) },
      /Overloaded/,
    ],
  ] as const)('for a stream that %s', async (_what, answer, why) => {
    upstream.next(answer);
    const stream = (await client()).chat.completions.stream({ model: 'group', messages: hello });
    await expect(stream.finalChatCompletion()).rejects.toThrow(why);
  });
});
