import { isObject } from '../providers/wire/index.ts';
import type { JsonBody, JsonObject } from '../providers/wire/index.ts';

/** A text, the empty one too. */
export function stringOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

export function objectsOf(value: unknown): readonly JsonObject[] {
  return listOf(value).filter(isObject);
}

/** No answer has more tokens than that: a larger number is no count. */
const MOST_TOKENS = 1_000_000_000;

/** A count of tokens; undefined for anything else. */
export function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_TOKENS ? value : undefined;
}

/** The fields that have a value: neither undefined nor null. */
export function present(fields: JsonObject): JsonBody {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== null));
}

/** `cache_control` of the first that has one, as an object to spread. */
export function cacheControl(...sources: readonly unknown[]): JsonBody {
  const found = sources.filter(isObject).find((source) => isObject(source['cache_control']));
  return found === undefined ? {} : { cache_control: found['cache_control'] };
}

/** Without fields that are undefined. Null stays: both formats write it. */
export function defined(fields: JsonObject): JsonBody {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
