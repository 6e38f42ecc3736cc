import type { StoreTime } from '../health/index.ts';

/** Clocks of LiteLLM's pods may be wrong by minutes; results from beyond would be believed for as long as they lie there. */
const MOST_AHEAD_MS = 600_000;

/** A document as LiteLLM writes it, as far as it is one. */
interface TheirResults {
  readonly healthy: unknown;
  readonly unhealthy: unknown;
  readonly timestamp: unknown;
}

/** The rows of both lists, as far as there are any. */
export function rowsOf(text: string): readonly unknown[] {
  const { healthy, unhealthy } = resultsIn(text);
  return [healthy, unhealthy].flatMap((list): readonly unknown[] => (Array.isArray(list) ? list : []));
}

/**
 * Whether a LiteLLM pod can live with it. A text that is not can end the checks of every pod that reads it, or be
 * believed for ever.
 *
 * @example
 * isSound('{"healthy_endpoints": null, "unhealthy_endpoints": null, "timestamp": 1}', 2_000_000) // false
 */
export function isSound(text: string, now: StoreTime): boolean {
  const { healthy, unhealthy, timestamp } = resultsIn(text);
  const inTime = typeof timestamp === 'number' && timestamp * 1_000 <= now / 1_000 + MOST_AHEAD_MS;
  return inTime && isRows(healthy) && isRows(unhealthy);
}

function isRows(list: unknown): boolean {
  return Array.isArray(list) && list.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row));
}

/** JSON, in a JSON string or not. */
function resultsIn(text: string): TheirResults {
  const document = parsed(text);
  const inner = typeof document === 'string' ? parsed(document) : document;
  const fields = (typeof inner === 'object' && inner !== null ? inner : {}) as Readonly<Record<string, unknown>>;
  const { healthy_endpoints: healthy, unhealthy_endpoints: unhealthy, timestamp } = fields;
  return { healthy, unhealthy, timestamp };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
