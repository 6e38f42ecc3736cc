import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../providers/wire/index.ts';
import { toOpenAiRequest } from './index.ts';
import type { OpenAiRequestOptions } from './index.ts';

const hello = [{ role: 'user', content: 'hello' }];
const plain: OpenAiRequestOptions = {
  model: 'gpt-5',
  unsupportedFields: 'refuse',
  dialect: 'openai',
  limitName: 'max_completion_tokens',
  reasoning: 'accepted',
};

function translate(body: JsonObject, options: Partial<OpenAiRequestOptions> = {}) {
  return toOpenAiRequest({ model: 'group', max_tokens: 100, messages: hello, ...body }, { ...plain, ...options });
}

function bodyOf(body: JsonObject, options: Partial<OpenAiRequestOptions> = {}): JsonObject {
  const translation = translate(body, options);
  if (translation.kind !== 'translated') throw new Error(JSON.stringify(translation));
  return translation.body;
}

describe('parameters', () => {
  it('have a counterpart', () => {
    const body = {
      temperature: 0.5,
      top_p: 0.9,
      stop_sequences: ['END'],
      metadata: { user_id: 'u-1' },
      service_tier: 'standard_only',
      stream: true,
      cache_control: { type: 'ephemeral' },
    };
    expect(bodyOf(body)).toEqual({
      model: 'gpt-5',
      messages: hello,
      max_completion_tokens: 100,
      temperature: 0.5,
      top_p: 0.9,
      stop: ['END'],
      user: 'u-1',
      service_tier: 'default',
      stream: true,
      stream_options: { include_usage: true },
    });
  });

  it('name the limit as the upstream does', () => {
    expect(bodyOf({}, { limitName: 'max_tokens' })).toEqual({ model: 'gpt-5', messages: hello, max_tokens: 100 });
  });

  it.each(['container', 'context_management', 'mcp_servers', 'speed'])(
    '%s without a counterpart is named, or dropped',
    (field) => {
      expect(translate({ [field]: {} })).toMatchObject({ kind: 'unsupported', field });
      const dropped = translate({ [field]: {} }, { unsupportedFields: 'drop' });
      expect(dropped).toMatchObject({ kind: 'translated', dropped: [field] });
    },
  );

  it('thread is refused, also where fields may be dropped, in the way that makes clients send the conversation', () => {
    const details = { error_code: 'thread_unsupported_request' };
    const thread = { type: 'continue', previous_message_id: 'msg_0' };
    const expected = { kind: 'unsupported', field: 'thread', details };
    expect(translate({ thread }, { unsupportedFields: 'drop' })).toMatchObject(expected);
  });

  it('that neither format has go to the upstream', () => {
    expect(bodyOf({ top_k: 5, guided_regex: 'a' })).toMatchObject({ top_k: 5, guided_regex: 'a' });
  });

  it.each([
    [{ max_tokens: 'many' }, 'max_tokens'],
    [{ stop_sequences: 'END' }, 'stop_sequences'],
    [{ tools: {} }, 'tools'],
    [{ tools: [{}] }, 'tools[0]'],
    [{ tools: [{ name: 'a' }], tool_choice: { type: 'tool' } }, 'tool_choice'],
    [{ output_config: { format: { type: 'json_schema' } } }, 'output_config.format'],
  ])('%j are invalid', (body, path) => {
    expect(translate(body)).toMatchObject({ kind: 'invalid', path });
  });
});

describe('thinking', () => {
  it.each([
    [{ thinking: { type: 'enabled', budget_tokens: 10_000 } }, 'high'],
    [{ thinking: { type: 'enabled', budget_tokens: 1_024 } }, 'low'],
    [{ thinking: { type: 'adaptive' } }, 'medium'],
    [{ thinking: { type: 'adaptive' }, output_config: { effort: 'max' } }, 'max'],
    [{ output_config: { effort: 'low' } }, 'low'],
    [{ thinking: { type: 'disabled' } }, undefined],
    [{}, undefined],
  ])('%j is reasoning_effort %s', (body, effort) => {
    expect(bodyOf(body)['reasoning_effort']).toBe(effort);
  });

  it('of a model that does not reason is named, or dropped; an effort alone is a hint', () => {
    const body = { thinking: { type: 'adaptive' } };
    expect(translate(body, { reasoning: 'refused' })).toMatchObject({ kind: 'unsupported', field: 'thinking' });
    const drop = { reasoning: 'refused', unsupportedFields: 'drop' } as const;
    expect(bodyOf(body, drop)).not.toHaveProperty('reasoning_effort');
    expect(bodyOf({ output_config: { effort: 'low' } }, { reasoning: 'refused' })).toEqual(bodyOf({}));
    expect(bodyOf({ thinking: { type: 'disabled' } }, { reasoning: 'refused' })).toEqual(bodyOf({}));
  });
});

describe('tools', () => {
  const weather = { name: 'weather', description: 'd', input_schema: { type: 'object', properties: {} } };

  it('become functions', () => {
    expect(bodyOf({ tools: [{ ...weather, cache_control: { type: 'ephemeral' } }] })['tools']).toEqual([
      {
        type: 'function',
        function: { name: 'weather', description: 'd', parameters: { type: 'object', properties: {} } },
      },
    ]);
    expect(
      bodyOf({ tools: [{ ...weather, cache_control: { type: 'ephemeral' } }] }, { dialect: 'extended' }),
    ).toMatchObject({ tools: [{ cache_control: { type: 'ephemeral' } }] });
  });

  it.each([
    [{ type: 'auto' }, { tool_choice: 'auto' }],
    [{ type: 'none' }, { tool_choice: 'none' }],
    [
      { type: 'any', disable_parallel_tool_use: true },
      { tool_choice: 'required', parallel_tool_calls: false },
    ],
    [{ type: 'tool', name: 'weather' }, { tool_choice: { type: 'function', function: { name: 'weather' } } }],
  ])('tool_choice %j', (choice, expected) => {
    const { tool_choice: chosen, parallel_tool_calls: parallel } = bodyOf({ tools: [weather], tool_choice: choice });
    expect({ tool_choice: chosen, ...(parallel === undefined ? {} : { parallel_tool_calls: parallel }) }).toEqual(
      expected,
    );
  });

  it('get names that OpenAI accepts, different ones for different tools, in earlier calls too', () => {
    const long = 'x'.repeat(70);
    const translation = translate({
      tools: [{ name: `${long}a` }, { name: `${long}b` }],
      messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 't', name: `${long}b`, input: {} }] }],
    });
    if (translation.kind !== 'translated') throw new Error('not translated');
    const names = (translation.body['tools'] as { function: { name: string } }[]).map((tool) => tool.function.name);
    expect(new Set(names).size).toBe(2);
    expect(names.every((name) => /^[a-zA-Z0-9_-]{1,64}$/.test(name))).toBe(true);
    expect(names.map((name) => translation.notes.toolNames.original(name))).toEqual([`${long}a`, `${long}b`]);
    expect(translation.body['messages']).toMatchObject([{ tool_calls: [{ function: { name: names[1] } }] }]);
  });

  it('of Anthropic are named, except web search', () => {
    expect(translate({ tools: [{ type: 'bash_20250124', name: 'bash' }] })).toMatchObject({
      kind: 'unsupported',
      field: 'tools[0]',
    });
    const search = {
      type: 'web_search_20250305',
      name: 'web_search',
      user_location: { type: 'approximate', city: 'Bonn' },
    };
    expect(bodyOf({ tools: [search], tool_choice: { type: 'auto' } })).toEqual({
      ...bodyOf({}),
      web_search_options: { user_location: { type: 'approximate', approximate: { city: 'Bonn' } } },
    });
  });
});

it('a JSON schema is strict, with all properties required', () => {
  const schema = {
    type: 'object',
    properties: { a: { type: 'array', items: { type: 'object', properties: { b: { type: 'string' } } } } },
  };
  const expected = {
    type: 'json_schema',
    json_schema: {
      name: 'structured_output',
      strict: true,
      schema: {
        type: 'object',
        additionalProperties: false,
        required: ['a'],
        properties: {
          a: {
            type: 'array',
            items: {
              type: 'object',
              properties: { b: { type: 'string' } },
              required: ['b'],
              additionalProperties: false,
            },
          },
        },
      },
    },
  };
  const format = { type: 'json_schema', schema };
  expect(bodyOf({ output_config: { format } })['response_format']).toEqual(expected);
  expect(bodyOf({ output_format: format })['response_format']).toEqual(expected);
});
