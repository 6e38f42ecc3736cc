import type { StoreMeta } from '../../../ports/index.ts';
import { stampFrom } from '../../format/index.ts';

/** A script's answer: its kind, the part of every answer, and the rest as texts. */
export interface Reply {
  readonly kind: 'ok' | 'late';
  readonly meta: StoreMeta;
  readonly body: readonly string[];
}

/** Parses `kind, epoch, seq, now, …`; anything else is a bug or a foreign server. */
export function replyFrom(raw: unknown): Reply {
  if (!Array.isArray(raw) || !raw.every((text) => typeof text === 'string')) throw unexpected();
  const [kind, epoch, seqText, nowText, ...body] = raw;
  const seq = stampFrom(seqText);
  const now = stampFrom(nowText);
  if ((kind !== 'ok' && kind !== 'late') || epoch === undefined || seq === undefined || now === undefined) {
    throw unexpected();
  }
  return { kind, meta: { epoch, seq, now }, body };
}

/** Cuts a body into rows of equal width. */
export function rowsOf(body: readonly string[], width: number): readonly (readonly string[])[] {
  if (body.length % width !== 0) throw unexpected();
  return Array.from({ length: body.length / width }, (_, row) => body.slice(row * width, (row + 1) * width));
}

/** Parses a stamp in a script's answer. */
export function stampOf(text: string | undefined): number {
  const stamp = stampFrom(text);
  if (stamp === undefined) throw unexpected();
  return stamp;
}

export function unexpected(): Error {
  return new Error('the server answered a script in an unexpected form');
}
