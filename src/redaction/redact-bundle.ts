import { createRedactor } from './redact-text.ts';

/** Removes from any value what outsiders must not see. */
export type Clean = (value: unknown) => unknown;

export interface Unwanted {
  /** Texts known to be secret. */
  readonly secrets: readonly string[];
  /** Texts of upstreams. They may contain anything, so they are removed whole. */
  readonly sayings: readonly string[];
}

const WORDS = '[upstream message]';

export function createCleaner({ secrets, sayings }: Unwanted): Clean {
  const redact = createRedactor(secrets);
  // The longest first: one may begin like another.
  const said = [...new Set(sayings)].filter((text) => text.length > 3).toSorted((a, b) => b.length - a.length);
  const text = (given: string): string => {
    const quiet = said.reduce((rest, saying) => rest.replaceAll(saying, WORDS), given);
    return redact(withoutSayings(withoutUrls(quiet)));
  };
  const clean: Clean = (value) => {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return value.map(clean);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [text(name), clean(inner)]));
  };
  return clean;
}

/** Every text under the key `message`, wherever it is: in records these are what upstreams answered. */
export function sayingsIn(value: unknown, key = ''): readonly string[] {
  if (typeof value === 'string') return key === 'message' ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => sayingsIn(inner, Array.isArray(value) ? key : name));
}

/** Reasons end with what the upstream said. */
function withoutSayings(text: string): string {
  return text.replaceAll(/((?:seen|confirmed) by (?:one pod|\d+ pods): ).+/g, `$1${WORDS}`);
}

/** Addresses without user, password and query. */
function withoutUrls(text: string): string {
  return text.replaceAll(/\b([a-z][a-z0-9+.-]*:\/\/)[^\s"'`<>]+/gi, (url: string, scheme: string) => {
    const rest = url.slice(scheme.length).split(/[?#]/, 1)[0] ?? '';
    return scheme + rest.slice(rest.lastIndexOf('@') + 1);
  });
}
