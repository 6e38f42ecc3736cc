import { expect, it } from 'vitest';
import { emptyBook, forReceivers, noticeOf, settled } from './index.ts';
import type { AlertBook, AlertIncident } from './index.ts';

const member = { key: 'k', kind: 'target-down', label: 'a', since: 1, why: 'x', goneSince: null } as const;
const incident: AlertIncident = {
  id: 'i',
  place: 'p',
  openedAt: 1,
  members: [{ ...member, endedAt: null, end: null }],
  receivers: ['ops', 'other'],
  updated: false,
};
const delivery = { receiver: 'ops', at: 5, result: 'delivered', answer: 'HTTP 200' } as const;

it('a message is settled by its time too: the id of a lost store returns', () => {
  const [first, second] = [2, 3].map((at) => ({ notice: noticeOf(incident, 'trigger', at), pending: ['ops'] }));
  if (first === undefined || second === undefined) throw new Error('two messages');
  const book: AlertBook = { ...emptyBook, outbox: [first, second] };
  expect(settled(book, { notice: first.notice, delivery }).outbox).toEqual([second]);
});

it('a receiver that never got the trigger of an incident gets none of its other messages', () => {
  const [trigger, resolve] = (['trigger', 'resolve'] as const).map((action) => noticeOf(incident, action, 2));
  if (trigger === undefined || resolve === undefined) throw new Error('two messages');
  const pending = ['ops', 'other'];
  const book: AlertBook = {
    ...emptyBook,
    incidents: [incident],
    outbox: [trigger, resolve].map((notice) => ({ notice, pending })),
  };
  const failed = settled(book, { notice: trigger, delivery: { ...delivery, result: 'failed' } });
  expect(failed.outbox.map((one) => one.pending)).toEqual([['other'], ['other']]);
  expect(failed.incidents[0]?.receivers).toEqual(['other']);
  expect(settled(book, { notice: trigger, delivery }).incidents).toBe(book.incidents);
});

it('a message for a receiver that is not configured is dropped after the time that a deploy may last', () => {
  const outbox = [{ notice: noticeOf(incident, 'trigger', 1_000_000), pending: ['ops', 'other'] }];
  const book: AlertBook = { ...emptyBook, outbox };
  const at = (seconds: number, names: readonly string[]): AlertBook => forReceivers(book, names, seconds * 1_000_000);
  expect(at(900, ['ops'])).toBe(book);
  expect(at(2_000, ['ops', 'other'])).toBe(book);
  expect(at(2_000, ['ops']).outbox.map(({ pending }) => pending)).toEqual([['ops']]);
  expect(at(2_000, []).outbox).toEqual([]);
});
