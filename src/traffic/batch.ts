import { parseJson } from '../health/index.ts';

/** Most events of one batch. LiteLLM sends at most 512 by default. */
export const MAX_EVENTS = 5_000;

/** What a body holds; or, in one line, why it is refused as a whole. */
export type Batch =
  | { readonly kind: 'events'; readonly payloads: readonly unknown[] }
  | { readonly kind: 'malformed' | 'too-many'; readonly why: string };

/**
 * Parses a body in any of the three forms of LiteLLM's `log_format`: a JSON array, one JSON object, or one object per
 * line. A line that is not JSON is an event that cannot be read.
 *
 * @example
 * batchOf('[1,2]') // { kind: 'events', payloads: [1, 2] }
 */
export function batchOf(body: string): Batch {
  const text = body.trim();
  if (text === '') return malformed('The request body is empty.');
  if (text.startsWith('[')) {
    const list = parseJson(text);
    return Array.isArray(list) ? bounded(list) : malformed('The request body begins with [ and is not a JSON array.');
  }
  const one = parseJson(text);
  if (one !== undefined) return isEvent(one) ? bounded([one]) : malformed(EXPECTED);
  if (hasTooManyLines(text)) return { kind: 'too-many', why: `The batch has more than ${MAX_EVENTS} lines.` };
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const payloads = lines.map((line) => parseJson(line));
  return payloads.some(isEvent) ? bounded(payloads) : malformed(EXPECTED);
}

const EXPECTED = 'The request body is not a JSON array, a JSON object, or one JSON object per line.';

function bounded(payloads: readonly unknown[]): Batch {
  if (payloads.length <= MAX_EVENTS) return { kind: 'events', payloads };
  return { kind: 'too-many', why: `The batch has ${payloads.length} events, more than ${MAX_EVENTS}.` };
}

/** Counts before anything is split: millions of short lines would take half a second. */
function hasTooManyLines(text: string): boolean {
  let at = -1;
  for (let lines = 1; lines <= MAX_EVENTS; lines++) {
    at = text.indexOf('\n', at + 1);
    if (at === -1) return false;
  }
  return true;
}

function malformed(why: string): Batch {
  return { kind: 'malformed', why };
}

function isEvent(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
