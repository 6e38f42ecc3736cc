import type { AlertBook } from '../incidents/index.ts';
import { textOfBook } from './book-text.ts';

/** Most bytes of the document: the store takes no more than 2 MiB. */
export const LONGEST_DOCUMENT: number = 2 * 1024 * 1024 - 4_096;

/** A book that can be written. `isFull`: incidents that are not in the book before were refused. */
export interface FittedBook {
  readonly book: AlertBook;
  readonly isFull: boolean;
}

/**
 * A book that the store takes: without the oldest messages about incidents that are over, and if that is not enough, without
 * what is new since `before`.
 */
export function fittedBook(book: AlertBook, before: AlertBook): FittedBook {
  let excess = bytesOf(textOfBook(book)) - LONGEST_DOCUMENT;
  if (excess <= 0) return { book, isFull: false };
  const open = new Set(book.incidents.map(({ id }) => id));
  const outbox = book.outbox.filter((one) => {
    if (excess <= 0 || open.has(one.notice.id)) return true;
    excess -= bytesOf(JSON.stringify(one));
    return false;
  });
  if (excess <= 0) return { book: { ...book, outbox }, isFull: false };
  const known = new Set(before.incidents.map(({ id }) => id));
  const incidents = book.incidents.filter(({ id }) => known.has(id));
  const kept = outbox.filter(({ notice }) => known.has(notice.id));
  return { book: { ...book, opened: before.opened, incidents, outbox: kept, pending: [] }, isFull: true };
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}
