/** Longest name that is compared with patterns. */
const MAX_NAME_LENGTH = 512;

/**
 * True if the name matches the pattern, in which each `*` stands for any text, also none. Its time grows with the length
 * of the name times that of the pattern at most, unlike that of a regular expression.
 *
 * @example
 * matchesWildcard('openai/*', 'openai/gpt-4o') // true
 */
export function matchesWildcard(pattern: string, name: string): boolean {
  if (name.length > MAX_NAME_LENGTH) return false;
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (parts.length === 1) return pattern === name;
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  const end = name.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = name.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return at <= end;
}

/** Most specific first, as LiteLLM: by length, then by the number of `*`. */
export function bySpecificity(one: string, other: string): number {
  return other.length - one.length || other.split('*').length - one.split('*').length;
}
