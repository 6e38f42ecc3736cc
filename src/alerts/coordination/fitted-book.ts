import { MOST_OUTGOING } from '../incidents/index.ts';
import type { AlertBook, Outgoing } from '../incidents/index.ts';
import { textOfBook } from './book-text.ts';

/** Most bytes of the document: the store takes no more than 2 MiB. */
export const LONGEST_DOCUMENT: number = 2 * 1024 * 1024 - 4_096;

/** A book that can be written. */
export interface FittedBook {
  readonly book: AlertBook;
  /** Incidents that are not in the book before were refused. */
  readonly isFull: boolean;
  /** Messages that are not sent. */
  readonly dropped: readonly Outgoing[];
}

/**
 * A book that the store takes, with at most {@link MOST_OUTGOING} messages: without the oldest ones, first those about incidents
 * that are over; and if that is not enough, without what is new since `before`.
 */
export function fittedBook(book: AlertBook, before: AlertBook): FittedBook {
  let excess = bytesOf(textOfBook(book)) - LONGEST_DOCUMENT;
  let surplus = book.outbox.length - MOST_OUTGOING;
  if (excess <= 0 && surplus <= 0) return { book, isFull: false, dropped: [] };
  const open = new Set(book.incidents.map(({ id }) => id));
  const drop = (one: Outgoing): boolean => {
    if (excess <= 0 && surplus <= 0) return false;
    excess -= bytesOf(JSON.stringify(one));
    surplus -= 1;
    return true;
  };
  const over = new Set(book.outbox.filter((one) => !open.has(one.notice.id) && drop(one)));
  const oldest = new Set(book.outbox.filter((one) => !over.has(one) && surplus > 0 && drop(one)));
  const outbox = book.outbox.filter((one) => !over.has(one) && !oldest.has(one));
  const fitted = { ...book, outbox };
  const dropped = [...over, ...oldest];
  if (excess <= 0) return { book: fitted, isFull: false, dropped };
  const known = new Set(before.incidents.map(({ id }) => id));
  const incidents = book.incidents.filter(({ id }) => known.has(id));
  const kept = outbox.filter(({ notice }) => known.has(notice.id));
  // An incident that is refused is opened again at a later step: its messages are not lost.
  return { book: { ...fitted, opened: before.opened, incidents, outbox: kept, pending: [] }, isFull: true, dropped };
}

function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}
