import { parseJson } from '../health/index.ts';
import type { StoreTime } from '../health/index.ts';
import type { OtherModel } from '../ports/index.ts';

/** Clocks may be wrong by hours. A later timestamp is invalid, and would be used until then. */
const MOST_AHEAD_MS = 86_400_000;

/** Parsed results of LiteLLM's key. */
export interface ReadResults {
  /** Deployments that have an id. */
  readonly models: readonly OtherModel[];
  /** True if a LiteLLM pod can use the results. Invalid results end the checks of every pod that reads them. */
  readonly sound: boolean;
}

/**
 * Parses what LiteLLM's pods would read as results.
 *
 * @example
 * readResults('{"healthy_endpoints": null, "unhealthy_endpoints": null, "timestamp": 1}', 2_000_000) // { models: [], sound: false }
 */
export function readResults(text: string, now: StoreTime): ReadResults {
  const { healthy_endpoints: good, unhealthy_endpoints: bad, timestamp } = documentIn(text);
  const inTime = typeof timestamp === 'number' && timestamp * 1_000 <= now / 1_000 + MOST_AHEAD_MS;
  const models = [good, bad].flatMap((list) => (Array.isArray(list) ? list.flatMap(modelOf) : []));
  return { models, sound: inTime && isRows(good) && isRows(bad) };
}

function isRows(list: unknown): boolean {
  return Array.isArray(list) && list.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row));
}

function modelOf(row: unknown): readonly OtherModel[] {
  if (typeof row !== 'object' || row === null) return [];
  const { model, model_id: id } = row as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string' || id === '') return [];
  return [{ id: id.slice(0, 100), model: typeof model === 'string' ? model.slice(0, 100) : '' }];
}

/** JSON, possibly inside a JSON string. */
function documentIn(text: string): Readonly<Record<string, unknown>> {
  const outer = parseJson(text);
  const inner = typeof outer === 'string' ? parseJson(outer) : outer;
  return typeof inner === 'object' && inner !== null ? (inner as Readonly<Record<string, unknown>>) : {};
}
