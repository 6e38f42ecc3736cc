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

describe('messages', () => {
  it('become content blocks, under the name that the upstream has for the model', () => {
    expect(bodyOf({})).toEqual({
      model: 'claude-sonnet-4-5',
      max_tokens: 64_000,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'hello' }] }],
    });
  });

  it('put leading system and developer messages into system, with their cache marks', () => {
    const body = bodyOf({
      messages: [
        { role: 'system', content: 'one', cache_control: { type: 'ephemeral' } },
        {
          role: 'developer',
          content: [{ type: 'text', text: 'two', cache_control: { type: 'ephemeral', ttl: '1h' } }],
        },
        ...hello,
      ],
    });
    expect(body['system']).toEqual([
      { type: 'text', text: 'one', cache_control: { type: 'ephemeral' } },
      { type: 'text', text: 'two', cache_control: { type: 'ephemeral', ttl: '1h' } },
    ]);
  });

  const later = [...hello, { role: 'system', content: 'be brief' }, { role: 'assistant', content: 'hi' }, ...hello];

  it('keep a later system message in its place where the model accepts it', () => {
    expect(messagesOf(later, { model: 'claude-opus-4-8' })).toMatchObject([
      { role: 'user' },
      { role: 'system', content: [{ text: 'be brief' }] },
      { role: 'assistant' },
      { role: 'user' },
    ]);
  });

  it('make a later system message a text of the user where the model does not', () => {
    expect(messagesOf(later)).toMatchObject([
      { role: 'user', content: [{ text: 'hello' }, { text: 'be brief' }] },
      { role: 'assistant' },
      { role: 'user' },
    ]);
  });

  it('merge messages of one role, and leave empty ones out', () => {
    const messages = [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: '' },
      { role: 'user', content: [{ type: 'text', text: '' }] },
      { role: 'user', content: 'b' },
    ];
    expect(messagesOf(messages)).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
    ]);
  });

  it('lose white space at the end of an answer that the model is to continue', () => {
    expect(messagesOf([...hello, { role: 'assistant', content: 'The answer is \n' }])).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: [{ text: 'The answer is' }] },
    ]);
  });

  it.each([
    ['nothing but a system message', [{ role: 'system', content: 'x' }], 'messages'],
    ['an unknown role', [{ role: 'robot', content: 'x' }], 'messages[0].role'],
    ['content of a wrong type', [{ role: 'user', content: 7 }], 'messages[0].content'],
    ['a part of a wrong type', [{ role: 'user', content: ['x'] }], 'messages[0].content[0]'],
    ['a tool message without an id', [{ role: 'tool', content: 'x' }], 'messages[0].tool_call_id'],
    ['no list', 'hello', 'messages'],
  ])('with %s are invalid', (_what, messages, path) => {
    expect(translate({ messages })).toMatchObject({ kind: 'invalid', path });
  });

  it.each([
    ['audio', [{ role: 'user', content: [{ type: 'input_audio', input_audio: {} }] }], 'messages[0].content[0]'],
    ['a function message', [...hello, { role: 'function', name: 'f', content: 'x' }], 'messages[1]'],
  ])('with %s are refused, also where fields may be dropped', (_what, messages, field) => {
    expect(translate({ messages }, { unsupportedFields: 'drop' })).toMatchObject({ kind: 'unsupported', field });
  });
});

describe('images and files', () => {
  function blockOf(part: JsonObject): unknown {
    const [message] = messagesOf([{ role: 'user', content: [part] }]) as [{ content: unknown[] }];
    return message.content[0];
  }

  it.each([
    [
      'an image by URL',
      { type: 'image_url', image_url: { url: 'https://example.com/a.png', detail: 'high' } },
      { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
    ],
    [
      'an image in base64, with a cache mark',
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' }, cache_control: { type: 'ephemeral' } },
      {
        type: 'image',
        source: { type: 'base64', media_type: 'image/png', data: 'AAAA' },
        cache_control: { type: 'ephemeral' },
      },
    ],
    [
      'a PDF where an image is expected',
      { type: 'image_url', image_url: 'data:application/pdf;base64,AAAA' },
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } },
    ],
    [
      'a PDF with a name',
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' } },
      { type: 'document', title: 'a.pdf', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } },
    ],
    [
      'a text file',
      { type: 'file', file: { file_data: `data:text/plain;base64,${Buffer.from('süß').toString('base64')}` } },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'süß' } },
    ],
    [
      'a file by URL',
      { type: 'file', file: { file_id: 'https://example.com/a.pdf' } },
      { type: 'document', source: { type: 'url', url: 'https://example.com/a.pdf' } },
    ],
    [
      'a file at the upstream',
      { type: 'file', file: { file_id: 'file_1', format: 'application/pdf' } },
      { type: 'document', source: { type: 'file', file_id: 'file_1' } },
    ],
  ])('%s', (_what, part, block) => {
    expect(blockOf(part)).toEqual(block);
  });

  it.each([
    ['without data', { type: 'image_url', image_url: { url: 'data:image/png;base64,' } }, 'invalid'],
    [
      'of a type that Claude does not read',
      { type: 'file', file: { file_data: 'data:video/mp4;base64,AA' } },
      'unsupported',
    ],
  ])('%s are refused', (_what, part, kind) => {
    expect(translate({ messages: [{ role: 'user', content: [part] }] })).toMatchObject({ kind });
  });
});
