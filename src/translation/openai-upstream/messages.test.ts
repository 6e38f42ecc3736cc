import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../providers/wire/index.ts';
import { toOpenAiRequest } from './index.ts';
import type { OpenAiDialect } from './index.ts';

const hello = { role: 'user', content: 'hello' };

function translate(body: JsonObject, dialect: OpenAiDialect = 'openai') {
  return toOpenAiRequest(
    { max_tokens: 9, ...body },
    { model: 'gpt-5', unsupportedFields: 'drop', dialect, limitName: 'max_tokens', reasoning: 'accepted' },
  );
}

function messagesOf(body: JsonObject, dialect: OpenAiDialect = 'openai'): unknown {
  const translation = translate(body, dialect);
  if (translation.kind !== 'translated') throw new Error(JSON.stringify(translation));
  return translation.body['messages'];
}

const mark = { cache_control: { type: 'ephemeral' } };

describe('system', () => {
  it('is the first message, a text where it is one block', () => {
    expect(messagesOf({ system: 'be brief', messages: [hello] })).toEqual([
      { role: 'system', content: 'be brief' },
      hello,
    ]);
    const one = [{ type: 'text', text: 'be brief', ...mark }];
    expect(messagesOf({ system: one, messages: [hello] })).toEqual([{ role: 'system', content: 'be brief' }, hello]);
    expect(messagesOf({ system: one, messages: [hello] }, 'extended')).toEqual([
      { role: 'system', content: one },
      hello,
    ]);
  });

  it('of several blocks keeps them, and stays in its place within the messages', () => {
    const blocks = [
      { type: 'text', text: 'a' },
      { type: 'text', text: 'b' },
    ];
    expect(messagesOf({ messages: [hello, { role: 'system', content: blocks }] })).toEqual([
      hello,
      { role: 'system', content: blocks },
    ]);
  });
});

describe('content of a user', () => {
  it.each([
    [
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
    ],
    [
      { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' }, ...mark },
      { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
    ],
    [
      { type: 'document', title: 'a.pdf', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } },
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' } },
    ],
    [
      { type: 'document', title: 'T', source: { type: 'text', media_type: 'text/plain', data: 'x' } },
      { type: 'text', text: 'T\n\nx' },
    ],
    [
      { type: 'document', source: { type: 'content', content: [{ type: 'text', text: 'x' }] } },
      { type: 'text', text: 'x' },
    ],
  ])('%j', (block, part) => {
    const question = { type: 'text', text: 'what is it?' };
    expect(messagesOf({ messages: [{ role: 'user', content: [question, block] }] })).toEqual([
      { role: 'user', content: [question, part] },
    ]);
  });

  it.each([
    ['an image by id', { type: 'image', source: { type: 'file', file_id: 'f' } }, 'messages[0].content[0].source'],
    ['a document by URL', { type: 'document', source: { type: 'url', url: 'u' } }, 'messages[0].content[0].source'],
    ['an unknown block', { type: 'search_result' }, 'messages[0].content[0]'],
  ])('that is %s is refused, also where fields may be dropped', (_what, block, field) => {
    expect(translate({ messages: [{ role: 'user', content: [block] }] })).toMatchObject({ kind: 'unsupported', field });
  });
});

describe('tool results', () => {
  const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };
  const content = [
    { type: 'text', text: 'and?' },
    { type: 'tool_result', tool_use_id: 't1', content: '12 °C' },
    { type: 'tool_result', tool_use_id: 't2', is_error: true, content: [{ type: 'text', text: 'no city' }, image] },
    { type: 'tool_result', tool_use_id: 't3', is_error: true },
  ];

  it('are messages of their own, first in their turn, and their images follow in a user message', () => {
    expect(messagesOf({ messages: [{ role: 'user', content }] })).toEqual([
      { role: 'tool', tool_call_id: 't1', content: '12 °C' },
      { role: 'tool', tool_call_id: 't2', content: 'Error: no city' },
      { role: 'tool', tool_call_id: 't3', content: 'Error' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'and?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        ],
      },
    ]);
  });

  it('stay whole for an upstream that takes the fields of LiteLLM', () => {
    expect(messagesOf({ messages: [{ role: 'user', content }] }, 'extended')).toMatchObject([
      { role: 'tool', tool_call_id: 't1' },
      { role: 'tool', is_error: true, content: [{ text: 'no city' }, { type: 'image_url' }] },
      { role: 'tool', is_error: true },
      { role: 'user', content: 'and?' },
    ]);
  });
});

describe('an earlier answer', () => {
  const content = [
    { type: 'thinking', thinking: 'hm', signature: 's' },
    { type: 'redacted_thinking', data: 'x' },
    { type: 'text', text: 'a' },
    { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} },
    { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] },
    { type: 'text', text: 'b' },
    { type: 'tool_use', id: 't1', name: 'weather', input: { city: 'Bonn' } },
  ];
  const call = { id: 't1', type: 'function', function: { name: 'weather', arguments: '{"city":"Bonn"}' } };

  it('has its texts and calls; thinking of Claude means nothing to another model', () => {
    expect(messagesOf({ messages: [{ role: 'assistant', content }] })).toEqual([
      { role: 'assistant', content: 'ab', tool_calls: [call] },
    ]);
  });

  it('has its thinking for an upstream that takes the fields of LiteLLM', () => {
    expect(messagesOf({ messages: [{ role: 'assistant', content }] }, 'extended')).toEqual([
      {
        role: 'assistant',
        content: 'ab',
        thinking_blocks: content.slice(0, 2),
        reasoning_content: 'hm',
        tool_calls: [call],
      },
    ]);
  });
});

it.each([
  [{ messages: 'x' }, 'messages'],
  [{ messages: ['x'] }, 'messages[0]'],
  [{ messages: [{ role: 'user' }] }, 'messages[0].content'],
  [{ messages: [{ role: 'robot', content: 'x' }] }, 'messages[0].role'],
  [{ messages: [{ role: 'user', content: [{ type: 'text' }] }] }, 'messages[0].content[0].text'],
  [{ messages: [{ role: 'user', content: [{ type: 'tool_result' }] }] }, 'messages[0].content[0].tool_use_id'],
  [{ messages: [{ role: 'assistant', content: [{ type: 'tool_use' }] }] }, 'messages[0].content[0]'],
  [{ messages: [], system: 7 }, 'system'],
])('%j is invalid', (body, path) => {
  expect(translate(body)).toMatchObject({ kind: 'invalid', path });
});
