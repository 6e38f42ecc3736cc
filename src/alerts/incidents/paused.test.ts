import { expect, it } from 'vitest';
import { emptyBook, step } from './index.ts';
import type { AlertBook, Condition, Inactive } from './index.ts';

const settings = { groupWindowMs: 15_000, forMs: 0, dampingMs: 0 };
const target: Condition = {
  key: 'target:a',
  kind: 'target-down',
  place: 'openai (api.openai.com)',
  label: 'a',
  since: null,
  why: '2 server errors (HTTP 500)',
};
const group: Condition = { ...target, key: 'group:chat', kind: 'group-down', label: 'chat' };

function after(
  book: AlertBook,
  seconds: number,
  active: readonly Condition[],
  more: { readonly inactive?: Inactive; readonly paused?: boolean } = {},
): AlertBook {
  const { inactive = 'clear', paused = true } = more;
  const observation = { now: seconds * 1_000_000, paused, active, inactive: () => inactive };
  return step(book, { observation, settings, receiversOf: () => ['ops'] });
}

const sent = (book: AlertBook): readonly string[] =>
  book.outbox.map(({ notice: { action, kind } }) => `${action} ${kind}`);

it('reports a group without a routable deployment while probing is paused, and its recovery', () => {
  let book = after(emptyBook, 1_000, [group, target]);
  book = after(book, 1_015, [group, target]);
  expect(sent(book)).toEqual(['trigger group-down']);
  expect(book.incidents.map(({ members }) => members.length)).toEqual([1]);
  book = after(book, 1_060, []);
  expect(sent(book)).toEqual(['trigger group-down', 'resolve group-down']);
});

it('opens no other incident while probing is paused, and opens it after the pause', () => {
  let book = after(emptyBook, 1_000, [target]);
  book = after(book, 1_100, [target]);
  expect(book).toBe(emptyBook);
  book = after(book, 1_200, [target], { paused: false });
  book = after(book, 1_215, [target], { paused: false });
  expect(sent(book)).toEqual(['trigger target-down']);
});

it('keeps an open incident while probing is paused until requests show that its targets are up', () => {
  let book = after(emptyBook, 1_000, [target], { paused: false });
  book = after(book, 1_015, [target], { paused: false });
  expect(after(book, 2_000, [target])).toBe(book);
  expect(after(book, 2_000, [], { inactive: 'unknown' })).toBe(book);
  expect(sent(after(book, 2_000, []))).toEqual(['trigger target-down', 'resolve target-down']);
});
