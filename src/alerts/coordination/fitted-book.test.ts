import { expect, it } from 'vitest';
import { emptyBook, noticeOf } from '../incidents/index.ts';
import type { AlertBook, AlertIncident } from '../incidents/index.ts';
import { textOfBook } from './book-text.ts';
import { fittedBook, LONGEST_DOCUMENT } from './fitted-book.ts';

const incident = (id: string, members = 1): AlertIncident => ({
  id,
  place: 'p',
  openedAt: 1,
  members: Array.from({ length: members }, (_, at) => ({
    key: `${id} ${at}`,
    kind: 'target-down',
    label: 'é'.repeat(200),
    since: 1,
    why: 'x'.repeat(200),
    endedAt: null,
    end: null,
    goneSince: null,
  })),
  receivers: ['ops'],
  updated: false,
});
const bytes = (book: AlertBook): number => new TextEncoder().encode(textOfBook(book)).length;
const triggerOf = (one: AlertIncident): AlertBook['outbox'][number] => ({
  notice: noticeOf(one, 'trigger', 2),
  pending: ['ops'],
});

it('is the book itself while it fits', () => {
  const book = { ...emptyBook, incidents: [incident('a')] };
  expect(fittedBook(book, emptyBook)).toEqual({ book, isFull: false, dropped: [] });
});

it('drops the messages about incidents that are over, the oldest first', () => {
  const old = Array.from({ length: 60 }, (_, at) => triggerOf(incident(`old-${at}`, 20)));
  const open = Array.from({ length: 30 }, (_, at) => incident(`open-${at}`, 60));
  const made: AlertBook = { ...emptyBook, incidents: open, outbox: [...old, ...open.map(triggerOf)] };
  expect(bytes(made)).toBeGreaterThan(LONGEST_DOCUMENT);
  const { book, isFull } = fittedBook(made, emptyBook);
  expect(isFull).toBe(false);
  expect(bytes(book)).toBeLessThanOrEqual(LONGEST_DOCUMENT);
  expect(book.incidents).toBe(open);
  expect(book.outbox).toEqual(made.outbox.slice(-book.outbox.length));
  expect(book.outbox.length).toBeGreaterThanOrEqual(30);
});

it('refuses new incidents and their messages when the open ones fill it', () => {
  const open = Array.from({ length: 40 }, (_, at) => incident(`open-${at}`, 60));
  const before: AlertBook = { ...emptyBook, opened: 40, incidents: open };
  const fresh = Array.from({ length: 40 }, (_, at) => incident(`new-${at}`, 60));
  const made: AlertBook = { ...before, opened: 80, incidents: [...open, ...fresh], outbox: fresh.map(triggerOf) };
  const { book, isFull } = fittedBook(made, before);
  expect(isFull).toBe(true);
  expect(book).toEqual(before);
  expect(bytes(book)).toBeLessThanOrEqual(LONGEST_DOCUMENT);
});

it('keeps a hundred messages: it drops those about incidents that are over first, then the oldest', () => {
  const open = Array.from({ length: 104 }, (_, at) => incident(`open-${at}`));
  const over = [1, 2, 3].map((at) => triggerOf(incident(`over-${at}`)));
  const made: AlertBook = { ...emptyBook, incidents: open, outbox: [...open.map(triggerOf), ...over] };
  const { book, dropped, isFull } = fittedBook(made, emptyBook);
  expect(isFull).toBe(false);
  expect(book.outbox).toHaveLength(100);
  expect(dropped.map(({ notice }) => notice.id)).toEqual([
    'over-1',
    'over-2',
    'over-3',
    'open-0',
    'open-1',
    'open-2',
    'open-3',
  ]);
});
