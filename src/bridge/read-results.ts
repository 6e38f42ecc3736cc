import { parseJson } from '../health/index.ts';
import type { StoreTime } from '../health/index.ts';
import type { OtherModel } from '../ports/index.ts';

/** Clocks may be wrong by hours. What comes from beyond was made up, and would be believed until then. */
const MOST_AHEAD_MS = 86_400_000;

/** A text in the place of results, read. */
export interface ReadResults {
  /** Deployments with an id, as far as there are any. */
  readonly models: readonly OtherModel[];
  /** Whether a LiteLLM pod can live with it: what it cannot ends the checks of every pod that reads it. */
  readonly sound: boolean;
}

/**
 * Reads what LiteLLM's pods would take for results, whatever it is.
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

/** JSON, in a JSON string or not. */
function documentIn(text: string): Readonly<Record<string, unknown>> {
  const outer = parseJson(text);
  const inner = typeof outer === 'string' ? parseJson(outer) : outer;
  return typeof inner === 'object' && inner !== null ? (inner as Readonly<Record<string, unknown>>) : {};
}
