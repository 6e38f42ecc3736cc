import type { RedactLine } from './redact.ts';

const shown = ['x-ratelimit-remaining-requests', 'x-ratelimit-remaining-tokens', 'x-ms-region'];
const LONGEST_VALUE = 64;

/** The headers about limits that are worth showing; undefined when there is none. */
export function limitsOf(
  headers: Readonly<Record<string, string>>,
  redact: RedactLine,
): Readonly<Record<string, string>> | undefined {
  const found = shown.flatMap((name) => {
    const value = headers[name];
    return value === undefined || value.length > LONGEST_VALUE ? [] : [[name, redact(value)] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
