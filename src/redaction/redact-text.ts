import { spellingsOf } from './spellings.ts';
import { blankSuspicious } from './suspicious.ts';

/** Takes secrets out of a text that leaves the process. */
export type Redact = (text: string) => string;

const BLANK = '[redacted]';

/**
 * Replaces every known secret, as it is, as JSON, a URL and base64 would write it, and whatever looks like one.
 *
 * @example
 * createRedactor(['hunter22'])('password hunter22 refused') // 'password [redacted] refused'
 */
export function createRedactor(secrets: Iterable<string>): Redact {
  const known = knownPattern(secrets);
  return (text) => {
    const cleaned = known === undefined ? text : text.replaceAll(known, BLANK);
    return blankSuspicious(cleaned, BLANK);
  };
}

function knownPattern(secrets: Iterable<string>): RegExp | undefined {
  const spellings = new Set([...secrets].flatMap(spellingsOf));
  if (spellings.size === 0) return undefined;
  // The longest first: a secret that begins like another one must not leave its tail behind.
  const longestFirst = [...spellings].toSorted((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map(escaped).join('|'), 'g');
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
