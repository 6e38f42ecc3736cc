import { excerpt, parseJson } from '../../health/index.ts';
import type { StoreTime } from '../../health/index.ts';
import type { Hold, HoldKind, HoldRequest, StoredHold } from '../../ports/index.ts';
import { stampFrom, timeFrom, wholeStamp } from './stamps.ts';

/** The part of a hold's text that counts. Who and why stand in the JSON behind it, which no script reads. */
export interface HoldHeader {
  readonly version: number;
  /** Of this version's kinds, or of a newer one's. */
  readonly kind: string;
  /** 0 is never. */
  readonly until: number;
}

const shape = /^(\d{1,16}) ([a-z-]{1,32}) (\d{1,16}) (\{.*\})$/s;
const kinds: readonly string[] = ['drain', 'hold-up', 'pause', 'none'] satisfies HoldKind[];

/** Reads a header; `undefined` where the scripts, too, take the text for garbage. */
export function holdHeaderOf(text: string, now: StoreTime): HoldHeader | undefined {
  const [, versionText, kind = '', untilText] = shape.exec(text) ?? [];
  const version = timeFrom(versionText, now);
  const until = stampFrom(untilText);
  return version === undefined || version === 0 || until === undefined ? undefined : { version, kind, until };
}

/**
 * Reads `<version> <kind> <until us> <json>`. A header that is sound is somebody's decision, even where nobody can read
 * who made it and why. A kind that only a newer version knows cannot be obeyed by this one.
 */
export function holdFrom(text: string, now: StoreTime): StoredHold {
  const header = holdHeaderOf(text, now);
  if (header === undefined || !isKind(header.kind)) return { kind: 'garbage', shown: excerpt(text) };
  const { version, kind, until } = header;
  return { kind: 'hold', hold: { version, kind, until: until === 0 ? null : until, ...wordsOf(text) } };
}

/** A hold's text without its version. */
export function holdTail({ kind, until, by, reason }: Omit<HoldRequest, 'key'>): {
  readonly kind: string;
  readonly until: string;
  readonly json: string;
} {
  return { kind, until: String(until === null ? 0 : wholeStamp(until)), json: JSON.stringify({ by, reason }) };
}

function isKind(text: string): text is HoldKind {
  return kinds.includes(text);
}

function wordsOf(text: string): Pick<Hold, 'by' | 'reason'> {
  const words = (parseJson(text.slice(text.indexOf('{'))) ?? {}) as Readonly<Record<string, unknown>>;
  const wordOf = (word: unknown): string => (typeof word === 'string' ? word : 'unknown');
  return { by: wordOf(words['by']), reason: wordOf(words['reason']) };
}
