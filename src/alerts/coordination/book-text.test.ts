import { describe, expect, it } from 'vitest';
import { emptyBook } from '../incidents/index.ts';
import { bookFrom, textOfBook } from './book-text.ts';

const incident = { id: 'i', place: 'p', openedAt: 1, receivers: ['ops'], updated: false };
const member = {
  key: 'target:a',
  kind: 'target-down',
  label: 'a',
  since: 1,
  why: 'x',
  endedAt: null,
  end: null,
  goneSince: null,
} as const;

describe('the shared document', () => {
  it('is read as it was written', () => {
    const book = { ...emptyBook, incidents: [{ ...incident, members: [member] }] };
    expect(bookFrom(textOfBook(book))).toEqual(book);
  });

  it.each([
    ['an incident without members', { incidents: [{ ...incident, members: [] }] }],
    ['a time that is no date', { incidents: [{ ...incident, members: [{ ...member, since: 1e300 }] }] }],
  ])('is not read with %s', (_, changes) => {
    expect(bookFrom(JSON.stringify({ format: 1, book: { ...emptyBook, ...changes } }))).toBe('unreadable');
  });

  it('of a newer format is told from one that cannot be read', () => {
    expect(bookFrom(JSON.stringify({ format: 2, book: {} }))).toBe('newer');
    for (const text of ['', 'null', '{', '{"format":"2"}', '{"format":1}', '{"format":0.5}']) {
      expect(bookFrom(text)).toBe('unreadable');
    }
  });
});
