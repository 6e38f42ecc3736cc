/** A wrong value in a dashboard. */
export interface Mistake {
  readonly what: string;
  /** Where: keys and positions, and panels by their titles. */
  readonly at: readonly (string | number)[];
  /** Without it what is there is removed. */
  readonly value?: unknown;
  /** What the check says, or a part of it. */
  readonly found: string;
}

/** A copy of a value with another one in its place. */
export function withMistake(whole: unknown, { at, value }: Pick<Mistake, 'at' | 'value'>): unknown {
  const [key, ...others] = at;
  if (key === undefined) return value;
  const inside = (part: unknown): unknown => withMistake(part, { at: others, value });
  if (Array.isArray(whole)) {
    const parts: readonly unknown[] = whole;
    const place =
      typeof key === 'number' ? key : parts.findIndex((part) => (part as { title?: unknown }).title === key);
    if (place < 0 || place > parts.length) throw new Error(`no ${key}`);
    return [...parts.slice(0, place), inside(parts[place]), ...parts.slice(place + 1)];
  }
  const copy = { ...(whole as Record<string, unknown>) };
  const changed = inside(copy[key]);
  if (changed === undefined) delete copy[key];
  else copy[key] = changed;
  return copy;
}
