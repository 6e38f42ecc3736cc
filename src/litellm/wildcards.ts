/**
 * The texts that the wildcards of a model group's name stand for in a requested name; undefined if it is not one of the
 * group's. As in LiteLLM's `PatternMatchRouter`: from the left, each `*` takes as much as it can, and the end of the name
 * needs no match. In one pass from the right, because the name is a client's.
 *
 * @example
 * wildcardSegments('openai/*', 'openai/gpt-4o') // ['gpt-4o']
 */
export function wildcardSegments(pattern: string, requested: string): readonly string[] | undefined {
  const [start = '', ...parts] = pattern.split('*');
  // A wildcard of LiteLLM's ends at a line break.
  const [name = ''] = requested.split('\n', 1);
  if (!name.startsWith(start)) return undefined;
  let end = name.length;
  const places: { readonly start: number; readonly end: number }[] = [];
  for (const part of parts.toReversed()) {
    const at = name.lastIndexOf(part, end - part.length);
    if (at < start.length || at + part.length > end) return undefined;
    places.unshift({ start: at, end: at + part.length });
    end = at;
  }
  return places.map((place, i) => name.slice(places[i - 1]?.end ?? start.length, place.start));
}
