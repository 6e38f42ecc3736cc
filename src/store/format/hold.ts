import { excerpt, parseJson } from '../../health/index.ts';
import type { StoreTime } from '../../health/index.ts';
import type { Hold, HoldKind, HoldRequest, StoredHold } from '../../ports/index.ts';
import { stampFrom, timeFrom, wholeStamp } from './stamps.ts';

/** Header of a hold. Author and reason are in the JSON after it, which no script reads. */
export interface HoldHeader {
  readonly version: number;
  /** A kind of this version, or an unknown one of a newer version. */
  readonly kind: string;
  /** 0: no expiry. */
  readonly until: number;
}

const shape = /^(\d{1,16}) ([a-z-]{1,32}) (\d{1,16}) (\{.*\})$/s;
/** Listed as keys, so that a new kind does not compile without its name here. */
const kinds: readonly string[] = Object.keys({
  drain: true,
  'hold-up': true,
  pause: true,
  'cooldowns-observe': true,
  'cooldowns-off': true,
  none: true,
} satisfies Record<HoldKind, true>);

/** Parses the header; `undefined` for garbage, by the same rule as the scripts. */
export function holdHeaderOf(text: string, now: StoreTime): HoldHeader | undefined {
  const [, versionText, kind = '', untilText] = shape.exec(text) ?? [];
  const version = timeFrom(versionText, now);
  const until = stampFrom(untilText);
  return version === undefined || version === 0 || until === undefined ? undefined : { version, kind, until };
}

/**
 * Parses `<version> <kind> <until us> <json>`. With a valid header the hold counts even if author and reason do not parse. A
 * kind that only a newer version knows has no effect in this one.
 */
export function holdFrom(text: string, now: StoreTime): StoredHold {
  const header = holdHeaderOf(text, now);
  if (header === undefined || !isKind(header.kind)) return { kind: 'garbage', shown: excerpt(text) };
  const { version, kind, until } = header;
  return { kind: 'hold', hold: { version, kind, until: until === 0 ? null : until, ...wordsOf(text) } };
}

/** Text of a hold without its version. */
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
