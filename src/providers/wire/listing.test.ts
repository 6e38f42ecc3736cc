import { expect, it } from 'vitest';
import { readListing } from './index.ts';

it('reads a whole list', () => {
  const text = JSON.stringify({ object: 'list', data: [{ id: 'a' }, { id: 'b' }] });
  expect(readListing(text)).toEqual({ kind: 'models', ids: ['a', 'b'], extent: 'whole' });
});

it.each([
  ['says there is more', { data: [{ id: 'a' }], has_more: true }],
  ['names a next page', { data: [{ id: 'a' }], next_page_token: 'x' }],
  ['is empty', { data: [] }],
  ['has a row without an id', { data: [{ id: 'a' }, { title: 'b' }] }],
])('takes a list that %s for a part', (_what, body) => {
  expect(readListing(JSON.stringify(body))).toMatchObject({ kind: 'models', extent: 'part' });
});

it.each([
  ["Together's, which is bare", [{ id: 'a' }, { id: 'b' }]],
  [
    "Anthropic's",
    {
      data: [
        { type: 'model', id: 'a' },
        { type: 'model', id: 'b' },
      ],
      has_more: false,
    },
  ],
  ["Cohere's, which has names", { models: [{ name: 'a' }, { name: 'b' }] }],
])('reads %s', (_whose, body) => {
  expect(readListing(JSON.stringify(body))).toEqual({ kind: 'models', ids: ['a', 'b'], extent: 'whole' });
});

it('takes aliases for names, and nothing else for an alias', () => {
  const rows = [
    { id: 'a', aliases: ['a-latest', 7, ''] },
    { id: 'b', aliases: 'b-latest' },
  ];
  expect(readListing(JSON.stringify(rows))).toEqual({ kind: 'models', ids: ['a', 'a-latest', 'b'], extent: 'whole' });
});

it.each(['', '<html>', '"models"', '{"models":"a"}', '{"data":{}}'])('takes %j for no list', (text) => {
  expect(readListing(text).kind).toBe('malformed');
});
