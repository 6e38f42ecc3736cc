import type { StoreTime } from '../../health/index.ts';
import type { AlertDelivery } from '../../ports/index.ts';
import type { Condition } from './condition.ts';
import type { AlertIncident } from './incident.ts';
import type { Notice } from './notice.ts';

/** A condition that is active and not part of an incident yet. */
export interface Pending extends Condition {
  readonly firstSeen: StoreTime;
  /** True if it returned within the damping time of its end. */
  readonly flaps: boolean;
}

/** A message and the receivers that do not have it yet. */
export interface Outgoing {
  readonly notice: Notice;
  readonly pending: readonly string[];
}

/** All that the fleet knows of its alerts. Plain data: it is the shared document. */
export interface AlertBook {
  /** Number of incidents so far; part of their ids. */
  readonly opened: number;
  readonly pending: readonly Pending[];
  readonly incidents: readonly AlertIncident[];
  /** When conditions ended, within the damping time. */
  readonly ended: readonly { readonly key: string; readonly at: StoreTime }[];
  /** In the order in which each receiver gets them. */
  readonly outbox: readonly Outgoing[];
  /** The last delivery to each receiver. */
  readonly deliveries: readonly AlertDelivery[];
}

export const emptyBook: AlertBook = { opened: 0, pending: [], incidents: [], ended: [], outbox: [], deliveries: [] };

/** Most members and pending conditions together: more are not observed. */
export const MOST_CONDITIONS = 500;
/** Most receivers whose last delivery is kept. */
const MOST_DELIVERIES = 50;
/** Most messages that wait; `fittedBook` drops the oldest. */
export const MOST_OUTGOING = 100;

/** What some pods do not have in their configuration counts as removed after this time: a deploy may last as long. */
export const GONE_MS: number = 15 * 60_000;

/** Without old messages for receivers other than these. The same object if there are none. */
export function forReceivers(book: AlertBook, names: readonly string[], now: StoreTime): AlertBook {
  const isOrphan = ({ notice, pending }: Outgoing): boolean =>
    now >= notice.at + GONE_MS * 1_000 && pending.some((name) => !names.includes(name));
  if (!book.outbox.some(isOrphan)) return book;
  const outbox = book.outbox
    .map((one) => (isOrphan(one) ? { ...one, pending: one.pending.filter((name) => names.includes(name)) } : one))
    .filter(({ pending }) => pending.length > 0);
  return { ...book, outbox };
}

/** A message that a receiver got, or that was given up for it. */
export interface Settled {
  readonly notice: Notice;
  readonly delivery: AlertDelivery;
}

/** The id of an incident may return, as that of a lost store does: the time is part of a message's identity. */
export function sameMessage(a: Notice, b: Notice): boolean {
  return a.id === b.id && a.action === b.action && a.at === b.at;
}

/** True if a receiver never got a trigger. */
export function isUntold({ action }: Notice, { result }: AlertDelivery): boolean {
  return action === 'trigger' && result === 'failed';
}

/**
 * Removes a message for one receiver from the outbox, and keeps the result. A receiver for which a trigger was given up gets no
 * other message about that incident.
 */
export function settled(book: AlertBook, { notice, delivery }: Settled): AlertBook {
  const { receiver } = delivery;
  const untold = isUntold(notice, delivery);
  const without = (names: readonly string[]): readonly string[] => names.filter((name) => name !== receiver);
  const outbox = book.outbox
    .map((one) =>
      sameMessage(one.notice, notice) || (untold && one.notice.id === notice.id && one.notice.at >= notice.at)
        ? { ...one, pending: without(one.pending) }
        : one,
    )
    .filter(({ pending }) => pending.length > 0);
  const incidents = untold
    ? book.incidents.map((one) => (one.id === notice.id ? { ...one, receivers: without(one.receivers) } : one))
    : book.incidents;
  const others = book.deliveries.filter((one) => one.receiver !== receiver);
  return { ...book, incidents, outbox, deliveries: [...others, delivery].slice(-MOST_DELIVERIES) };
}

/** The list before, if it has the same items. */
export function sameItems<T>(before: readonly T[], after: readonly T[]): readonly T[] {
  return before.length === after.length && before.every((one, at) => one === after[at]) ? before : after;
}

/** The last attempts at receivers, in place of older ones. The same object without newer attempts. */
export function noted(book: AlertBook, attempts: readonly AlertDelivery[]): AlertBook {
  const known = new Map(book.deliveries.map((one) => [one.receiver, one]));
  // Another pod may have sent since.
  const newer = attempts.filter(({ receiver, at }) => at >= (known.get(receiver)?.at ?? 0));
  if (newer.length === 0) return book;
  const names = new Set(newer.map(({ receiver }) => receiver));
  const others = book.deliveries.filter(({ receiver }) => !names.has(receiver));
  return { ...book, deliveries: [...others, ...newer].slice(-MOST_DELIVERIES) };
}
