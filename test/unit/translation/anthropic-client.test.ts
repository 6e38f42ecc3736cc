import Anthropic from '@anthropic-ai/sdk';
import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openAiWire } from '../../support/translation/openai-wire.ts';
import { scriptedUpstream } from '../../support/translation/scripted-upstream.ts';
import type { ScriptedUpstream } from '../../support/translation/scripted-upstream.ts';
import { anthropicToOpenAiGateway } from '../../support/translation/translating-gateway.ts';

const hello = [{ role: 'user' as const, content: 'hello' }];
const asked = { model: 'group', max_tokens: 100, messages: hello };

let upstream: ScriptedUpstream;
const closing: (() => Promise<void>)[] = [];

beforeEach(async () => {
  upstream = await scriptedUpstream(openAiWire);
  closing.push(upstream.close);
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function client(): Promise<Anthropic> {
  const gateway = await anthropicToOpenAiGateway(upstream.url, {
    model: 'gpt-5',
    unsupportedFields: 'refuse',
    dialect: 'openai',
    limitName: 'max_completion_tokens',
    reasoning: 'accepted',
  });
  closing.push(gateway.close);
  return new Anthropic({ baseURL: gateway.url, apiKey: 'k', maxRetries: 0 });
}

function completion(message: object, finishReason = 'stop') {
  const choice = { index: 0, message: { role: 'assistant', content: null, ...message }, finish_reason: finishReason };
  const usage = {
    prompt_tokens: 13,
    completion_tokens: 3,
    total_tokens: 16,
    prompt_tokens_details: { cached_tokens: 4 },
  };
  const body = { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'gpt-5', choices: [choice], usage };
  return { kind: 'answer', body } as const;
}

const call = (id: string, name: string, input: object) => ({
  id,
  type: 'function',
  function: { name, arguments: JSON.stringify(input) },
});

describe("Anthropic's client at an OpenAI upstream", () => {
  it('gets an answer', async () => {
    upstream.next(completion({ content: 'hi there' }));
    const message = await (await client()).messages.create({ ...asked, system: 'be brief' });
    expect(message).toMatchObject({
      id: 'msg_1',
      content: [{ type: 'text', text: 'hi there' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 9, output_tokens: 3, cache_read_input_tokens: 4 },
    });
    expect(upstream.requests[0]?.['messages']).toEqual([{ role: 'system', content: 'be brief' }, ...hello]);
  });

  it('gets a stream that equals the answer', async () => {
    const answer = completion(
      {
        content: 'hi there, how are you?',
        reasoning_content: 'a greeting',
        tool_calls: [call('c1', 'weather', { city: 'Bonn' }), call('c2', 'time', {})],
      },
      'tool_calls',
    );
    upstream.next(answer, answer);
    const anthropic = await client();
    const message = await anthropic.messages.create(asked);
    const stream = anthropic.messages.stream(asked);
    const texts: string[] = [];
    stream.on('text', (delta) => texts.push(delta));
    expect({ ...(await stream.finalMessage()), parsed_output: undefined }).toEqual(message);
    expect(texts.length).toBeGreaterThan(2);
    expect(message.content.map(({ type }) => type)).toEqual(['thinking', 'text', 'tool_use', 'tool_use']);
  });

  it('runs tools in several rounds, streamed and not', async () => {
    const body = {
      ...asked,
      tools: [
        betaZodTool({
          name: 'weather',
          description: 'weather of a city',
          inputSchema: z.object({ city: z.string() }),
          run: ({ city }) => {
            if (city === 'Ulm') throw new Error('no such city');
            return `${city}: 12 °C`;
          },
        }),
      ],
    };
    const rounds = [
      completion(
        {
          content: 'let me see',
          tool_calls: [call('c1', 'weather', { city: 'Bonn' }), call('c2', 'weather', { city: 'Ulm' })],
        },
        'tool_calls',
      ),
      completion({ content: '12 °C in Bonn' }),
    ];
    const anthropic = await client();
    upstream.next(...rounds, ...rounds);
    const plain = await anthropic.beta.messages.toolRunner(body).runUntilDone();
    expect(plain.content).toMatchObject([{ text: '12 °C in Bonn' }]);
    const streamed = await anthropic.beta.messages.toolRunner({ ...body, stream: true }).runUntilDone();
    expect(streamed.content).toMatchObject([{ text: '12 °C in Bonn' }]);
    const [first, second, , fourth] = upstream.requests;
    expect(first).toMatchObject({ tools: [{ type: 'function', function: { name: 'weather' } }] });
    expect(second?.['messages']).toEqual([
      ...hello,
      {
        role: 'assistant',
        content: 'let me see',
        tool_calls: [call('c1', 'weather', { city: 'Bonn' }), call('c2', 'weather', { city: 'Ulm' })],
      },
      { role: 'tool', tool_call_id: 'c1', content: 'Bonn: 12 °C' },
      { role: 'tool', tool_call_id: 'c2', content: 'Error: no such city' },
    ]);
    expect(fourth?.['messages']).toEqual(second?.['messages']);
  });

  it('parses a structured output', async () => {
    upstream.next(completion({ content: '{"n":7}' }));
    const format = zodOutputFormat(z.object({ n: z.number() }));
    const message = await (await client()).messages.parse({ ...asked, output_config: { format } });
    expect(message.parsed_output).toEqual({ n: 7 });
    expect(upstream.requests[0]).toMatchObject({
      response_format: { type: 'json_schema', json_schema: { strict: true } },
    });
  });

  it('asks for thinking, gets it, and may send it back', async () => {
    upstream.next(completion({ content: 'hi', reasoning_content: 'hm' }), completion({ content: 'bye' }));
    const anthropic = await client();
    const thinking = { type: 'enabled', budget_tokens: 2_048 } as const;
    const first = await anthropic.messages.create({ ...asked, max_tokens: 4_096, thinking });
    expect(first.content).toEqual([
      { type: 'thinking', thinking: 'hm', signature: '' },
      { type: 'text', text: 'hi' },
    ]);
    await anthropic.messages.create({
      ...asked,
      messages: [...hello, { role: 'assistant', content: first.content }, ...hello],
    });
    expect(upstream.requests[0]).toMatchObject({ reasoning_effort: 'medium', max_completion_tokens: 4_096 });
    expect(upstream.requests[1]?.['messages']).toEqual([...hello, { role: 'assistant', content: 'hi' }, ...hello]);
  });

  it('gets a refusal, streamed and not', async () => {
    const answer = completion({ refusal: 'I cannot help with that' });
    upstream.next(answer, answer);
    const anthropic = await client();
    const message = await anthropic.messages.create(asked);
    expect(message).toMatchObject({
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', explanation: 'I cannot help with that' },
    });
    const streamed = await anthropic.messages.stream(asked).finalMessage();
    expect({ ...streamed, parsed_output: undefined }).toEqual(message);
  });
});

describe("Anthropic's client gets errors of its own kind", () => {
  const openAiError = (message: string, code: unknown = null) => ({ error: { message, type: 'x', param: null, code } });

  it.each([
    [400, Anthropic.BadRequestError, 'invalid_request_error'],
    [401, Anthropic.AuthenticationError, 'authentication_error'],
    [403, Anthropic.PermissionDeniedError, 'permission_error'],
    [404, Anthropic.NotFoundError, 'not_found_error'],
    [429, Anthropic.RateLimitError, 'rate_limit_error'],
    [500, Anthropic.InternalServerError, 'api_error'],
  ])('for %i', async (status, kind, type) => {
    upstream.next({ kind: 'error', status, body: openAiError('why') });
    const failure = await (await client()).messages.create(asked).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(kind);
    expect(failure).toMatchObject({ status, type, apiMessage: 'why' });
  });

  it('for a field without a counterpart, which it names', async () => {
    const failure = await (
      await client()
    ).messages
      .create({ ...asked, container: 'c' })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Anthropic.BadRequestError);
    expect(String(failure)).toContain('container');
    expect(upstream.requests).toEqual([]);
  });

  const { body } = completion({ content: 'a longer answer' });

  it.each([
    ['breaks off', { kind: 'cut', body, events: 3 }, /ended before a finish reason/],
    [
      'has an error in it',
      { kind: 'error-within', body, events: 3, error: `data: ${JSON.stringify(openAiError('slow down', 429))}\n\n` },
      /slow down/,
    ],
  ] as const)('for a stream that %s', async (_what, answer, why) => {
    upstream.next(answer);
    await expect((await client()).messages.stream(asked).finalMessage()).rejects.toThrow(why);
  });
});
