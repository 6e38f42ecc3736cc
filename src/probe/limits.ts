import type { RedactLine } from './redact.ts';

/** LiteLLM's name for a header, and the names under which vendors send it. */
const shown: readonly (readonly [name: string, ...sent: string[]])[] = [
  ['x-ratelimit-remaining-requests', 'x-ratelimit-remaining-requests', 'anthropic-ratelimit-requests-remaining'],
  ['x-ratelimit-remaining-tokens', 'x-ratelimit-remaining-tokens', 'anthropic-ratelimit-tokens-remaining'],
  ['x-ms-region', 'x-ms-region'],
];
const LONGEST_VALUE = 64;

/** The headers about limits that are worth showing; undefined when there is none. */
export function limitsOf(
  headers: Readonly<Record<string, string>>,
  redact: RedactLine,
): Readonly<Record<string, string>> | undefined {
  const found = shown.flatMap(([name, ...sent]) => {
    const value = sent.map((header) => headers[header]).find((text) => text !== undefined);
    return value === undefined || value.length > LONGEST_VALUE ? [] : [[name, redact(value)] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
