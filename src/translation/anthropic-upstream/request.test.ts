import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../providers/wire/index.ts';
import { toAnthropicRequest } from './index.ts';
import type { AnthropicRequestOptions } from './index.ts';

const hello = [{ role: 'user', content: 'hello' }];

function translate(body: JsonObject, options: Partial<AnthropicRequestOptions> = {}) {
  return toAnthropicRequest(
    { model: 'group', messages: hello, ...body },
    { model: 'claude-sonnet-4-5', unsupportedFields: 'refuse', ...options },
  );
}

function bodyOf(body: JsonObject, options: Partial<AnthropicRequestOptions> = {}): JsonObject {
  const translation = translate(body, options);
  if (translation.kind !== 'translated') throw new Error(JSON.stringify(translation));
  return translation.body;
}

const weather = { type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: {} } } };

describe('response_format', () => {
  const schema = {
    type: 'object',
    properties: { n: { type: 'integer', minimum: 1, description: 'count' }, u: { oneOf: [{ type: 'null' }] } },
    required: ['n'],
  };
  const format = { type: 'json_schema', json_schema: { name: 'out', strict: true, schema } };

  it('is output_config where the model has it, with a schema that Anthropic accepts', () => {
    expect(bodyOf({ response_format: format })['output_config']).toEqual({
      format: {
        type: 'json_schema',
        schema: {
          type: 'object',
          properties: {
            n: { type: 'integer', description: 'count Note: minimum value: 1.' },
            u: { anyOf: [{ type: 'null' }] },
          },
          required: ['n'],
          additionalProperties: false,
        },
      },
    });
  });

  it('is a forced tool at older models', () => {
    expect(bodyOf({ response_format: format }, { model: 'claude-opus-4-1' })).toMatchObject({
      tools: [{ name: 'json_tool_call', input_schema: schema }],
      tool_choice: { type: 'tool', name: 'json_tool_call' },
    });
  });

  it('is a tool that the model may call where it must be free to call others, or thinks', () => {
    const old = { model: 'claude-opus-4-1' };
    expect(bodyOf({ response_format: format, tools: [weather] }, old)).not.toHaveProperty('tool_choice');
    expect(bodyOf({ response_format: format, reasoning_effort: 'low' }, old)).not.toHaveProperty('tool_choice');
  });

  it('asks for nothing as text and as json_object', () => {
    expect(bodyOf({ response_format: { type: 'json_object' } })).toEqual(bodyOf({}));
    expect(bodyOf({ response_format: { type: 'text' } })).toEqual(bodyOf({}));
  });

  it('without a schema is invalid', () => {
    expect(translate({ response_format: { type: 'json_schema' } })).toMatchObject({ kind: 'invalid' });
  });
});

describe('parameters', () => {
  it('have a counterpart', () => {
    const body = {
      max_completion_tokens: 100,
      temperature: 1.7,
      top_p: 0.5,
      top_k: 3,
      stop: 'END',
      user: 'u-1',
      service_tier: 'default',
      stream: true,
      stream_options: { include_usage: true },
      cache_control: { type: 'ephemeral' },
    };
    expect(bodyOf(body)).toMatchObject({
      max_tokens: 100,
      temperature: 1,
      top_p: 0.5,
      top_k: 3,
      stop_sequences: ['END'],
      metadata: { user_id: 'u-1' },
      service_tier: 'standard_only',
      stream: true,
      cache_control: { type: 'ephemeral' },
    });
    expect(bodyOf(body)).not.toHaveProperty('stream_options');
  });

  it('that identify a person are not sent', () => {
    expect(bodyOf({ user: 'a@example.com' })).not.toHaveProperty('metadata');
    expect(bodyOf({ user: '+49 228 123456' })).not.toHaveProperty('metadata');
  });

  it('with a value that asks for nothing are left out', () => {
    const nothing = {
      n: 1,
      frequency_penalty: 0,
      presence_penalty: 0,
      logit_bias: {},
      logprobs: false,
      store: false,
      seed: null,
      modalities: ['text'],
      stop: null,
      tools: null,
    };
    expect(bodyOf(nothing)).toEqual(bodyOf({}));
  });

  it.each(['n', 'frequency_penalty', 'logit_bias', 'logprobs', 'seed', 'audio', 'functions', 'prediction'])(
    '%s without a counterpart is named, or dropped',
    (field) => {
      const body = { [field]: { x: 2 } };
      expect(translate(body)).toMatchObject({ kind: 'unsupported', field });
      expect(translate(body, { unsupportedFields: 'drop' })).toMatchObject({ kind: 'translated', dropped: [field] });
      expect(bodyOf(body, { unsupportedFields: 'drop' })).toEqual(bodyOf({}));
    },
  );

  it('that OpenAI does not have go to the upstream', () => {
    expect(bodyOf({ mcp_servers: [{ name: 'm' }] })).toMatchObject({ mcp_servers: [{ name: 'm' }] });
  });

  it.each([
    ['claude-opus-4-7', { temperature: 0.5 }, 'temperature'],
    ['claude-opus-4-7', { top_p: 0.5 }, 'top_p'],
    ['claude-sonnet-4-5', { temperature: 0.5, reasoning_effort: 'low' }, 'temperature'],
    ['claude-sonnet-4-5', { stop: [' ', 'x'] }, 'stop'],
    ['claude-fable-5-1', { tools: [weather], tool_choice: 'required' }, 'tool_choice'],
  ])('that %s refuses are named: %j', (model, body, field) => {
    expect(translate(body, { model })).toMatchObject({ kind: 'unsupported', field });
  });

  it('leave the default top_p out beside a temperature', () => {
    expect(bodyOf({ temperature: 1, top_p: 1 })).toMatchObject({ temperature: 1 });
    expect(bodyOf({ temperature: 1, top_p: 1 })).not.toHaveProperty('top_p');
  });

  it.each([
    ['claude-3-haiku-20240307', 4_096],
    ['claude-3-5-sonnet-20241022', 8_192],
    ['claude-opus-4-20250514', 32_000],
    ['claude-sonnet-4-20250514', 64_000],
    ['claude-opus-4-10', 128_000],
    ['some-other-model', 4_096],
  ])('without a limit get that of %s: %i', (model, limit) => {
    expect(bodyOf({}, { model })['max_tokens']).toBe(limit);
    expect(bodyOf({}, { model, traits: { maxTokens: 77 } })['max_tokens']).toBe(77);
  });
});
