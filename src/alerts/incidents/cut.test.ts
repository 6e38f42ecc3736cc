import { expect, it } from 'vitest';
import { emptyBook, step } from './index.ts';
import type { AlertBook, Condition } from './index.ts';

const place = 'openai (api.openai.com)';
const target = (at: number): Condition => ({
  key: `target:${at}`,
  kind: 'target-down',
  place,
  label: `m${at}`,
  since: null,
  why: 'HTTP 500',
});
const group: Condition = { ...target(0), key: 'group:gpt-4o', kind: 'group-down', label: 'gpt-4o' };

function stepped(book: AlertBook, active: readonly Condition[], seconds: number): AlertBook {
  return step(book, {
    observation: { now: seconds * 1_000_000, paused: false, active, inactive: () => 'unknown' },
    settings: { groupWindowMs: 15_000, forMs: 0, dampingMs: 0 },
    receiversOf: () => ['ops'],
  });
}

it.each([0, 16])('opens the incident of a group that is down after 600 targets, after %i s', (after) => {
  const many = Array.from({ length: 600 }, (_, at) => target(at));
  let book = stepped(emptyBook, many, 1_000);
  book = stepped(book, [...many, group], 1_000 + after);
  book = stepped(book, [...many, group], 1_000 + after + 16);
  expect(book.outbox.map(({ notice }) => notice.kind)).toContain('group-down');
});
