import type { ProbeTarget } from '../config/index.ts';
import { secretsOfTarget, withoutScheme } from './secrets-of-target.ts';
import { spellingsOf } from './spellings.ts';
import { blankSuspicious } from './suspicious.ts';

/** Makes one safe line of a text that came from outside. */
export type RedactLine = (text: string) => string;

const LONGEST_LINE = 300;
/** Input beyond this is dropped unread, so it cannot be shown. */
const LONGEST_INPUT = 4_000;
/** Upstreams quote keys in parts: this many characters in a row of a secret are one, too. */
const PART = 12;
const BLANK = '***';

/**
 * A redactor for one target: one line of at most 300 characters, without the target's own secrets, whole, in parts or
 * encoded, and without anything that looks like a secret of another target.
 */
export function redactorFor(target: ProbeTarget): RedactLine {
  const parts = new Map<number, Set<string>>();
  const secrets = new Set(secretsToBlank(target).flatMap((secret) => [secret, oneLine(secret)]));
  for (const spelling of [...secrets].flatMap(spellingsOf)) addParts(parts, spelling);
  const blank = (text: string): string => blankKnown(blankSuspicious(blankKnown(text, parts), BLANK), parts);
  return (text) => {
    const line = oneLine(blank(text.slice(0, LONGEST_INPUT)));
    // A secret with a line break in it has become findable only now.
    const safe = blank(line);
    return safe.length > LONGEST_LINE ? `${safe.slice(0, LONGEST_LINE - 1)}…` : safe;
  };
}

/** Secrets of a target, and the values of all its headers: an upstream may repeat any of them. */
function secretsToBlank(target: ProbeTarget): string[] {
  return [...secretsOfTarget(target), ...Object.values(target.headers ?? {}).flatMap(withoutScheme)];
}

function addParts(parts: Map<number, Set<string>>, secret: string): void {
  const size = Math.min(PART, secret.length);
  const known = parts.get(size) ?? new Set();
  for (let at = 0; at + size <= secret.length; at += 1) known.add(secret.slice(at, at + size));
  parts.set(size, known);
}

/** Until nothing is left to find: what was taken out may have kept two halves apart. Each turn shortens the text. */
function blankKnown(text: string, parts: ReadonlyMap<number, ReadonlySet<string>>): string {
  let rest = text;
  for (;;) {
    const marked = markKnown(rest, parts);
    if (!marked.includes(true)) return rest;
    rest = [...rest.split('').entries()]
      .map(([at, char]) => (marked[at] === true ? (marked[at - 1] === true ? '' : BLANK) : char))
      .join('');
  }
}

function markKnown(text: string, parts: ReadonlyMap<number, ReadonlySet<string>>): boolean[] {
  const marked: boolean[] = Array.from({ length: text.length }, () => false);
  for (const [size, known] of parts) {
    for (let at = 0; at + size <= text.length; at += 1) {
      if (known.has(text.slice(at, at + size))) marked.fill(true, at, at + size);
    }
  }
  return marked;
}

function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what it is about
  return text.replaceAll(/[\s\u0000-\u001F\u007F-\u009F\u2028\u2029]+/g, ' ').trim();
}
