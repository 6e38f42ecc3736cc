import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { anthropicWire } from '../support/translation/anthropic-wire.ts';
import { openAiWire } from '../support/translation/openai-wire.ts';
import { scriptedUpstream } from '../support/translation/scripted-upstream.ts';
import type { ScriptedAnswer, ScriptedUpstream } from '../support/translation/scripted-upstream.ts';
import { closingAfterEach } from './support/closing.ts';
import { deployment, KEY } from './support/gateway-pod.ts';

// Clients of one format, a pod, and an upstream of the other that refuses what its documentation says it refuses.

const opened = closingAfterEach();
const messages = [{ role: 'user' as const, content: 'hello' }];

const message: ScriptedAnswer = {
  kind: 'answer',
  body: {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-4-5',
    content: [{ type: 'text', text: 'hi there' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: { input_tokens: 9, output_tokens: 3 },
  },
};

const completion: ScriptedAnswer = {
  kind: 'answer',
  body: {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: 'gpt-4o',
    choices: [{ index: 0, message: { role: 'assistant', content: 'hi there' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
  },
};

describe("OpenAI's client at an Anthropic upstream", () => {
  async function stand(params = ''): Promise<{ upstream: ScriptedUpstream; openai: OpenAI }> {
    const upstream = await scriptedUpstream(anthropicWire);
    opened.add(upstream.close);
    const entry = deployment('group', `${upstream.url}/v1`, { model: 'anthropic/claude-sonnet-4-5', params });
    const { url } = await opened.pod(`model_list:\n${entry}`);
    return { upstream, openai: new OpenAI({ baseURL: `${url}/v1`, apiKey: KEY, maxRetries: 0 }) };
  }

  it('chats', async () => {
    const { upstream, openai } = await stand();
    upstream.next(message);
    const answer = await openai.chat.completions.create({ model: 'group', messages, max_tokens: 50 });
    expect(answer).toMatchObject({
      object: 'chat.completion',
      model: 'group',
      choices: [{ message: { content: 'hi there' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
    });
    expect(upstream.requests[0]).toMatchObject({ model: 'claude-sonnet-4-5', max_tokens: 50 });
  });

  it('streams', async () => {
    const { upstream, openai } = await stand();
    upstream.next(message);
    const stream = openai.chat.completions.stream({
      model: 'group',
      messages,
      stream_options: { include_usage: true },
    });
    expect(await stream.finalContent()).toBe('hi there');
    expect(await stream.totalUsage()).toMatchObject({ prompt_tokens: 9, completion_tokens: 3 });
  });

  it('gets an answer with a tool call as an answer of one', async () => {
    const { upstream, openai } = await stand();
    const use = { type: 'tool_use', id: 'toolu_1', name: 'weather', input: { city: 'Ulm' } };
    upstream.next({ kind: 'answer', body: { ...message.body, content: [use], stop_reason: 'tool_use' } });
    const tools = [{ type: 'function' as const, function: { name: 'weather', parameters: { type: 'object' } } }];
    const answer = await openai.chat.completions.create({ model: 'group', messages, tools });
    expect(answer.choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { tool_calls: [{ id: 'toolu_1', function: { name: 'weather', arguments: '{"city":"Ulm"}' } }] },
    });
  });

  it('gets 400 with the name of a field that Anthropic does not have', async () => {
    const { upstream, openai } = await stand();
    const asked = openai.chat.completions.create({ model: 'group', messages, seed: 7 });
    const failure: unknown = await asked.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OpenAI.BadRequestError);
    expect(failure).toMatchObject({ param: 'seed' });
    expect(upstream.requests).toEqual([]);
  });

  it('has that field left out with drop_params', async () => {
    const { upstream, openai } = await stand('drop_params: true');
    upstream.next(message);
    await openai.chat.completions.create({ model: 'group', messages, seed: 7 });
    expect(upstream.requests[0]).not.toHaveProperty('seed');
  });

  it('raises errors as its own, and a stream that breaks off', async () => {
    const { upstream, openai } = await stand();
    const body = { type: 'error', error: { type: 'invalid_request_error', message: 'why' } };
    upstream.next({ kind: 'error', status: 400, body }, { ...message, kind: 'cut', events: 4 });
    const failure: unknown = await openai.chat.completions
      .create({ model: 'group', messages })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OpenAI.BadRequestError);
    expect(failure).toMatchObject({ status: 400, error: { message: 'why' } });
    const stream = openai.chat.completions.stream({ model: 'group', messages });
    await expect(stream.finalChatCompletion()).rejects.toThrow(/not complete/);
  });

  it('gets 400 for an endpoint that Anthropic does not have', async () => {
    const { openai } = await stand();
    const failure: unknown = await openai.embeddings
      .create({ model: 'group', input: 'hi' })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(OpenAI.BadRequestError);
    expect(String(failure)).toContain('no endpoint for embedding');
  });
});

describe("Anthropic's client at an OpenAI upstream", () => {
  const asked = { model: 'group', max_tokens: 100, messages };

  async function stand(): Promise<{ upstream: ScriptedUpstream; anthropic: Anthropic }> {
    const upstream = await scriptedUpstream(openAiWire);
    opened.add(upstream.close);
    const entry = deployment('group', `${upstream.url}/v1`, { model: 'openai/gpt-4o' });
    const { url } = await opened.pod(`model_list:\n${entry}`);
    return { upstream, anthropic: new Anthropic({ baseURL: url, apiKey: KEY, maxRetries: 0 }) };
  }

  it('sends a message', async () => {
    const { upstream, anthropic } = await stand();
    upstream.next(completion);
    expect(await anthropic.messages.create({ ...asked, system: 'be brief' })).toMatchObject({
      type: 'message',
      model: 'group',
      content: [{ type: 'text', text: 'hi there' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 9, output_tokens: 3 },
    });
    expect(upstream.requests[0]).toMatchObject({ model: 'gpt-4o', messages: [{ role: 'system' }, { role: 'user' }] });
  });

  it('streams one', async () => {
    const { upstream, anthropic } = await stand();
    upstream.next(completion);
    expect(await anthropic.messages.stream(asked).finalText()).toBe('hi there');
  });

  it('raises errors as its own, and a stream that breaks off', async () => {
    const { upstream, anthropic } = await stand();
    const body = { error: { message: 'why', type: 'invalid_request_error', param: null, code: null } };
    upstream.next({ kind: 'error', status: 400, body }, { ...completion, kind: 'cut', events: 2 });
    const failure: unknown = await anthropic.messages.create(asked).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Anthropic.BadRequestError);
    expect(failure).toMatchObject({ error: { type: 'error', error: { message: 'why' } } });
    await expect(anthropic.messages.stream(asked).finalMessage()).rejects.toThrow(/not complete/);
  });

  it('gets 400 for counting tokens', async () => {
    const { anthropic } = await stand();
    const failure: unknown = await anthropic.messages
      .countTokens({ model: 'group', messages })
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Anthropic.BadRequestError);
    expect(String(failure)).toContain('no endpoint for count_tokens');
  });
});
