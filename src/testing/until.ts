import { setTimeout as sleep } from 'node:timers/promises';

/** How long to wait, and what for. */
export interface UntilOptions {
  /** Bound of the whole wait, ms. */
  readonly withinMs: number;
  /** What is awaited, as a noun phrase: the failure shows it. */
  readonly what: string;
  /** Distance between two looks, ms. */
  readonly everyMs?: number;
}

/**
 * Waits for a condition to become truthy and answers its value. A failure says what was awaited and what was last
 * seen, be it a value or an error.
 *
 * @example
 * await until(() => upstream.probes('gpt-4') === 2, { withinMs: 5_000, what: 'second probe of gpt-4' });
 */
export async function until<T>(look: () => T | Promise<T>, options: UntilOptions): Promise<Truthy<T>> {
  const endsAt = performance.now() + options.withinMs;
  for (;;) {
    const seen = await attempt(look);
    if (seen.kind === 'value' && Boolean(seen.value)) return seen.value as Truthy<T>;
    if (performance.now() >= endsAt) {
      const cause = seen.kind === 'error' ? { cause: seen.error } : undefined;
      throw new Error(`waited ${options.withinMs} ms for ${options.what}; last seen: ${show(seen)}`, cause);
    }
    await sleep(options.everyMs ?? 10);
  }
}

type Truthy<T> = Exclude<T, false | 0 | '' | null | undefined>;

type Seen<T> = { readonly kind: 'value'; readonly value: T } | { readonly kind: 'error'; readonly error: unknown };

// A condition may fail while things start, such as a fetch from a server that does not listen yet.
async function attempt<T>(look: () => T | Promise<T>): Promise<Seen<T>> {
  try {
    return { kind: 'value', value: await look() };
  } catch (error) {
    return { kind: 'error', error };
  }
}

function show(seen: Seen<unknown>): string {
  if (seen.kind === 'error') return seen.error instanceof Error ? seen.error.message : 'an error without a message';
  const text = seen.value === undefined ? 'undefined' : JSON.stringify(seen.value);
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}
