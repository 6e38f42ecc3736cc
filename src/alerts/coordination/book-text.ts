import { z } from 'zod';
import { parseJson } from '../../health/index.ts';
import { alertKinds } from '../../ports/index.ts';
import type { AlertBook } from '../incidents/index.ts';

// Other clients can write to Redis, so nothing is taken from there unchecked.

/** Format of the text. */
const FORMAT = 1;

const text = z.string().max(2_000);
const time = z.number().int().nonnegative();
const kind = z.enum(alertKinds);
const named = z.object({ kind, label: text, why: text });

const notice = z.object({
  id: text,
  action: z.enum(['trigger', 'update', 'resolve', 'test']),
  kind,
  severity: z.enum(['critical', 'error', 'warning']),
  place: text,
  title: text,
  at: time,
  startedAt: time,
  durationMs: z.number().nullable(),
  down: z.array(named).max(100),
  downCount: time,
  ended: z.array(named).max(100),
  endedCount: time,
});

const member = z.object({
  key: text,
  kind,
  label: text,
  since: time,
  why: text,
  endedAt: time.nullable(),
  end: z.enum(['up', 'held', 'removed']).nullable(),
  goneSince: time.nullable(),
  // Older versions have none of these.
  toldUp: z.literal(true).optional(),
  againSince: time.optional(),
  critical: z.literal(true).optional(),
});

const book = z.object({
  opened: time,
  pending: z.array(
    z.object({
      key: text,
      kind,
      place: text,
      label: text,
      since: time.nullable(),
      why: text,
      firstSeen: time,
      flaps: z.boolean(),
    }),
  ),
  incidents: z.array(
    z.object({
      id: text,
      place: text,
      openedAt: time,
      members: z.array(member).min(1),
      receivers: z.array(text),
      updated: z.boolean(),
      updatedAt: time.optional(),
    }),
  ),
  ended: z.array(z.object({ key: text, at: time })),
  outbox: z.array(z.object({ notice, pending: z.array(text) })),
  deliveries: z.array(
    z.object({
      receiver: text,
      // Older versions have none.
      address: text.optional(),
      at: time,
      result: z.enum(['delivered', 'failed']),
      answer: text,
    }),
  ),
});

const document: z.ZodType<{ readonly format: number; readonly book: AlertBook }> = z.object({
  format: z.literal(FORMAT),
  book,
});

/** The shared document. */
export function textOfBook(of: AlertBook): string {
  return JSON.stringify({ format: FORMAT, book: of });
}

const newer = z.object({ format: z.number().gt(FORMAT) });

/** Parses {@link textOfBook}. `newer`: a pod of a later version wrote it. */
export function bookFrom(stored: string): AlertBook | 'newer' | 'unreadable' {
  const parsed = parseJson(stored);
  const read = document.safeParse(parsed);
  if (read.success) return read.data.book;
  return newer.safeParse(parsed).success ? 'newer' : 'unreadable';
}
