import { deepestLevel, possibleLevel, vendorOf } from '../../providers/index.ts';
import { addNote, addProblem, type Findings } from '../problems/index.ts';
import type { LevelSettings } from '../schema/index.ts';
import { type Sharer, wantedBy } from '../models/index.ts';
import { entryOf, type Node, showPath } from '../yaml/index.ts';

/** An address for a deployment that LiteLLM calls without one. Under `litellm_params` it would change the id. */
export const CONNECT =
  'if LiteLLM needs no address, model_info.health_check_params.api_base and the level connect for its group';
/** The remedy for a deployment that a bridge cannot check; LiteLLM honours the same setting. */
export const LEAVE_OUT = 'model_info.disable_background_health_check: true, which disables its probes';

/**
 * Results of a bridge replace LiteLLM's own. If a bridge cannot probe a deployment as LiteLLM does, it would publish a
 * working one as down. The configuration must therefore choose another level, or disable its checks.
 */
export function checkStranger(row: Sharer, levels: LevelSettings): void {
  const stranger = strangenessOf(row, levels);
  if (stranger !== undefined) addProblem(row.entry.findings, stranger);
}

function strangenessOf(row: Sharer, levels: LevelSettings): Parameters<typeof addProblem>[1] | undefined {
  const { entry, upstream } = row;
  const vendor = vendorOf(upstream.provider);
  const wanted = wantedBy(row, levels);
  const location = entry.modelLocation;
  const path = [...entry.path, 'litellm_params'];
  const level = (text: string): string => `${text} in fleet_health.level.model.${entry.modelName}`;
  const mute = upstream.wire === 'none' && wanted === undefined;
  if (!mute && possibleLevel(wanted ?? deepestLevel(upstream), upstream) === 'connect') return undefined;
  if (mute) {
    const why =
      upstream.why ?? `belongs to ${upstream.provider}, whose API allswell does not support for this deployment`;
    const is = `${why}: a bridge cannot check it in LiteLLM's place`;
    return { location, path: [...path, 'model'], is, expected: `${level('connect')}; or ${LEAVE_OUT}` };
  }
  if (!vendor.stated && wanted === undefined) {
    const is = `belongs to ${upstream.provider}, which allswell does not know: a bridge cannot check it in LiteLLM's place`;
    const choice = level("inference if it accepts OpenAI's format with a bearer key, else connect,");
    return { location, path: [...path, 'model'], is, expected: `${choice}; or ${LEAVE_OUT}` };
  }
  const { apiKey, headers, login, shortLived } = upstream.credential;
  if (!vendor.stated || vendor.keyless === true || apiKey !== undefined || headers !== undefined) return undefined;
  if (login !== undefined || shortLived !== undefined) return undefined;
  const is = 'has no key: its probes would be rejected, and LiteLLM would see it as down';
  const keys = `api_key, or ${vendor.keys.join(' or ')} in the environment, as in LiteLLM's pods`;
  return { location, path, is, expected: `${keys}; ${level('or connect')}; or ${LEAVE_OUT}` };
}

/** LiteLLM's routers. LiteLLM does not probe them, and derives their health from the models behind them. */
const ROUTERS = 'auto_router/';

/** True if an entry is a LiteLLM router, which a bridge cannot check; it is then in the findings. */
export function isRefusedRouter({ model, modelLocation, path, findings }: Sharer['entry']): boolean {
  if (!model.startsWith(ROUTERS)) return false;
  addProblem(findings, {
    location: modelLocation,
    path: [...path, 'litellm_params', 'model'],
    is: 'is a LiteLLM router, which has no upstream: LiteLLM derives its health from its models, and a bridge cannot',
    expected: 'model_info.disable_background_health_check: true; it still routes, and is in neither list',
  });
  return true;
}

/** LiteLLM probes one deployment per id; its result counts for all deployments with that id. */
export function noteSameIds(rows: readonly Sharer[], findings: Findings): void {
  const firsts = new Map<string, Sharer['entry']>();
  for (const { entry } of rows.filter(({ inBackground }) => inBackground)) {
    const first = firsts.get(entry.modelId);
    if (first === undefined) firsts.set(entry.modelId, entry);
    else {
      const whose =
        first.path === entry.path ? 'another of its organizations' : `${showPath(first.path)} (${first.modelName})`;
      const both = `(${entry.modelName}) has the id of ${whose}`;
      const is = `${both}: LiteLLM probes only the first of them, so the bridge publishes only that one`;
      addNote(findings, 'warn', { location: entry.idLocation, path: entry.path, is });
    }
  }
}

/**
 * LiteLLM would not find results under an id that its own deployment does not have, and nothing else probes the
 * deployment.
 */
export function checkId({ entry }: Sharer): void {
  const written = entryOf(entry.infoNode, 'id');
  const is = written === undefined ? undefined : lossOf(written.value);
  if (written === undefined || is === undefined) return;
  const location = written.value.location;
  const expected = `a constant text, or no id; or ${LEAVE_OUT}`;
  addProblem(entry.findings, { location, path: [...entry.path, 'model_info', 'id'], is, expected });
}

function lossOf(id: Node): string | undefined {
  if (id.kind !== 'scalar') return undefined;
  if (id.value === null) return 'is empty: LiteLLM generates a new id at every start, and finds no results under it';
  return id.value === '' ? 'is an empty text: LiteLLM never checks such a deployment' : undefined;
}
