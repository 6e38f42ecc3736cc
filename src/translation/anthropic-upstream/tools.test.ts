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

function messagesOf(messages: readonly unknown[], options: Partial<AnthropicRequestOptions> = {}): unknown {
  return bodyOf({ messages }, options)['messages'];
}

const weather = { type: 'function', function: { name: 'weather', parameters: { type: 'object', properties: {} } } };

describe('tools', () => {
  it('become client tools, whose input is an object', () => {
    const tools = [
      {
        type: 'function',
        function: { name: 'a', description: 'd', strict: true },
        cache_control: { type: 'ephemeral' },
      },
      { type: 'web_search_20250305', name: 'web_search', max_uses: 2 },
    ];
    expect(bodyOf({ tools })['tools']).toEqual([
      {
        name: 'a',
        description: 'd',
        strict: true,
        input_schema: { type: 'object', properties: {} },
        cache_control: { type: 'ephemeral' },
      },
      { type: 'web_search_20250305', name: 'web_search', max_uses: 2 },
    ]);
  });

  it.each([
    ['auto', { type: 'auto' }],
    ['none', { type: 'none' }],
    ['required', { type: 'any' }],
    [
      { type: 'function', function: { name: 'weather' } },
      { type: 'tool', name: 'weather' },
    ],
  ])('tool_choice %j', (choice, expected) => {
    expect(bodyOf({ tools: [weather], tool_choice: choice })['tool_choice']).toEqual(expected);
  });

  it('say in tool_choice whether calls may be parallel', () => {
    const one = { tools: [weather], parallel_tool_calls: false };
    expect(bodyOf(one)['tool_choice']).toEqual({ type: 'auto', disable_parallel_tool_use: true });
    expect(bodyOf({ ...one, tool_choice: 'none' })['tool_choice']).toEqual({ type: 'none' });
  });

  it('are not forced on a model that thinks', () => {
    const body = { tools: [weather], tool_choice: 'required', reasoning_effort: 'low' };
    expect(translate(body)).toMatchObject({ kind: 'unsupported', field: 'tool_choice' });
    expect(bodyOf(body, { unsupportedFields: 'drop' })['tool_choice']).toEqual({ type: 'auto' });
  });

  it('get names that Anthropic accepts, different ones for different tools', () => {
    const named = (name: string) => ({ type: 'function', function: { name } });
    const translation = translate({ tools: [named('a.b'), named('a/b'), named('a_b'), named('x'.repeat(200))] });
    if (translation.kind !== 'translated') throw new Error('not translated');
    const names = (translation.body['tools'] as { name: string }[]).map(({ name }) => name);
    expect(new Set(names).size).toBe(4);
    expect(names.every((name) => /^[a-zA-Z0-9_-]{1,128}$/.test(name))).toBe(true);
    expect(names.map((name) => translation.notes.toolNames.original(name))).toEqual([
      'a.b',
      'a/b',
      'a_b',
      'x'.repeat(200),
    ]);
  });

  const called = [
    ...hello,
    {
      role: 'assistant',
      content: null,
      tool_calls: [
        { id: 'call.1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bonn"}' } },
        { id: 'call_2', type: 'function', function: { name: 'weather', arguments: '' } },
      ],
    },
    { role: 'user', content: 'and?' },
    { role: 'tool', tool_call_id: 'call.1', content: '12 °C' },
    {
      role: 'tool',
      tool_call_id: 'call_2',
      is_error: true,
      content: [
        { type: 'text', text: 'no city' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
      ],
    },
  ];

  it('calls and results become blocks, and results come first in their turn', () => {
    expect(messagesOf(called)).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'hello' }] },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'call_1', name: 'weather', input: { city: 'Bonn' } },
          { type: 'tool_use', id: 'call_2', name: 'weather', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'call_1', content: '12 °C' },
          {
            type: 'tool_result',
            tool_use_id: 'call_2',
            is_error: true,
            content: [
              { type: 'text', text: 'no city' },
              { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
            ],
          },
          { type: 'text', text: 'and?' },
        ],
      },
    ]);
  });

  it('are named from the messages where the request has none, and must not be called', () => {
    expect(bodyOf({ messages: called })).toMatchObject({ tools: [{ name: 'weather' }], tool_choice: { type: 'none' } });
  });

  it('with arguments that are no JSON object are invalid', () => {
    const message = { role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'f', arguments: '{"a"' } }] };
    expect(translate({ messages: [...hello, message] })).toMatchObject({
      kind: 'invalid',
      path: 'messages[1].tool_calls[0].function.arguments',
    });
  });
});

describe('thinking', () => {
  it.each([
    ['claude-sonnet-4-5', 'high', { thinking: { type: 'enabled', budget_tokens: 4_096 } }],
    ['claude-sonnet-4-5', 'none', {}],
    [
      'claude-opus-4-6',
      'minimal',
      { thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: 'low' } },
    ],
    ['claude-sonnet-5', 'none', { thinking: { type: 'disabled' } }],
  ])('of %s with reasoning_effort %s', (model, effort, expected) => {
    const { thinking, output_config: config } = bodyOf({ reasoning_effort: effort }, { model });
    expect({ ...(thinking ? { thinking } : {}), ...(config ? { output_config: config } : {}) }).toEqual(expected);
  });

  it('stays below max_tokens, and is left out where there is no room', () => {
    expect(bodyOf({ reasoning_effort: 'high', max_tokens: 2_000 })['thinking']).toMatchObject({ budget_tokens: 1_999 });
    expect(bodyOf({ reasoning_effort: 'high', max_tokens: 1_000 })['thinking']).toBeUndefined();
  });

  it('in the form of Anthropic is fitted to the model', () => {
    const budget = { type: 'enabled', budget_tokens: 5_000 };
    expect(bodyOf({ thinking: budget })['thinking']).toEqual(budget);
    expect(bodyOf({ thinking: budget }, { model: 'claude-opus-4-7' })).toMatchObject({
      thinking: { type: 'adaptive' },
      output_config: { effort: 'high' },
    });
    expect(bodyOf({ thinking: { type: 'adaptive' } })['thinking']).toEqual({ type: 'enabled', budget_tokens: 2_048 });
    expect(bodyOf({ thinking: { type: 'disabled' } }, { model: 'claude-fable-5' })['thinking']).toBeUndefined();
  });

  it('of earlier answers keeps its signatures, from pieces of a stream too', () => {
    const thinking = [
      { type: 'thinking', thinking: 'a', index: 0 },
      { type: 'thinking', thinking: 'b', index: 0 },
      { type: 'thinking', thinking: '', signature: 's1', index: 0 },
      { type: 'redacted_thinking', data: 'x', index: 1 },
      { type: 'thinking', thinking: 'unsigned' },
    ];
    const messages = [...hello, { role: 'assistant', content: 'hi', thinking_blocks: thinking }, ...hello];
    expect(messagesOf(messages)).toMatchObject([
      { role: 'user' },
      {
        content: [
          { type: 'thinking', thinking: 'ab', signature: 's1' },
          { type: 'redacted_thinking', data: 'x' },
          { type: 'text', text: 'hi' },
        ],
      },
      { role: 'user' },
    ]);
  });
});
