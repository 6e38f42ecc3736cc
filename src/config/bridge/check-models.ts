import { deepestLevel, possibleLevel, vendorOf } from '../../providers/index.ts';
import { addNote, addProblem, type Findings } from '../problems/index.ts';
import type { LevelSettings } from '../schema/index.ts';
import { type Sharer, wantedBy } from '../models/index.ts';
import { entryOf, type Node, showPath } from '../yaml/index.ts';

/** What LiteLLM calls without an address is at least reached somewhere. Under `litellm_params` it would change the id. */
export const CONNECT =
  'where LiteLLM needs none, model_info.health_check_params.api_base and the level connect for its group';
/** What to do about a deployment that a bridge cannot ask; LiteLLM obeys the same setting. */
export const LEAVE_OUT = 'model_info.disable_background_health_check: true, and nobody probes it';

/**
 * What a bridge says takes the place of what LiteLLM would have found out itself. Where it cannot ask as LiteLLM does it
 * would call down what works, so somebody has to say how to look instead, or that nobody looks.
 */
export function refuseStrangers(
  rows: readonly Sharer[],
  { levels, findings }: { levels: LevelSettings; findings: Findings },
): void {
  for (const row of rows) {
    const stranger = row.inBackground ? strangenessOf(row, levels) : undefined;
    if (stranger !== undefined) addProblem(findings, stranger);
  }
}

function strangenessOf(row: Sharer, levels: LevelSettings): Parameters<typeof addProblem>[1] | undefined {
  const { entry, upstream } = row;
  const vendor = vendorOf(upstream.provider);
  const wanted = wantedBy(row, levels);
  const place = entry.modelPlace;
  const path = [...entry.path, 'litellm_params'];
  const level = (text: string): string => `${text} in fleet_health.level.model.${entry.modelName}`;
  const mute = upstream.wire === 'none' && wanted === undefined;
  if (!mute && possibleLevel(wanted ?? deepestLevel(upstream), upstream) === 'connect') return undefined;
  if (mute) {
    const is = `belongs to ${upstream.provider}, whose API allswell does not speak there, and a bridge answers for LiteLLM`;
    return { place, path: [...path, 'model'], is, expected: `${level('connect')}; or ${LEAVE_OUT}` };
  }
  if (!vendor.stated && wanted === undefined) {
    const is = `belongs to ${upstream.provider}, which has no rules of its own here, and a bridge answers for LiteLLM`;
    const choice = level("inference, if it speaks OpenAI's format with a bearer key, else connect,");
    return { place, path: [...path, 'model'], is, expected: `${choice}; or ${LEAVE_OUT}` };
  }
  const { apiKey, headers } = upstream.credential;
  if (!vendor.stated || vendor.keyless === true || apiKey !== undefined || headers !== undefined) return undefined;
  const is = 'has no key: its probes would be refused, and LiteLLM told that it is down';
  const keys = `api_key, or ${vendor.keys.join(' or ')} in the environment, as LiteLLM's pods have it`;
  return { place, path, is, expected: `${keys}; ${level('or connect')}; or ${LEAVE_OUT}` };
}

/** What LiteLLM sends through a strategy of its own. It probes none of these, and grades them by the models behind them. */
const ROUTERS = 'auto_router/';

/** Whether an entry is a router of LiteLLM's, which a bridge can neither ask nor judge; it is then in the findings. */
export function isRefusedRouter({ model, modelPlace, path, findings }: Sharer['entry']): boolean {
  if (!model.startsWith(ROUTERS)) return false;
  addProblem(findings, {
    place: modelPlace,
    path: [...path, 'litellm_params', 'model'],
    is: "is a router of LiteLLM's, which asks no upstream: LiteLLM judges it by its models, and a bridge cannot",
    expected: 'model_info.disable_background_health_check: true; it goes on routing, and is in neither list',
  });
  return true;
}

/** LiteLLM probes one deployment per id, and what it finds counts for all that have it. */
export function noteSameIds(rows: readonly Sharer[], { findings }: { findings: Findings }): void {
  const firsts = new Map<string, Sharer['entry']>();
  for (const { entry } of rows.filter(({ inBackground }) => inBackground)) {
    const first = firsts.get(entry.modelId);
    if (first === undefined) firsts.set(entry.modelId, entry);
    else {
      const whose =
        first.path === entry.path ? 'another of its organizations' : `${showPath(first.path)} (${first.modelName})`;
      const both = `(${entry.modelName}) has the id of ${whose}`;
      const is = `${both}: LiteLLM probes only the first of them, and so only that one is published`;
      addNote(findings, 'warn', { place: entry.idPlace, path: entry.path, is });
    }
  }
}

/**
 * Under an id that LiteLLM's own deployment does not have, a bridge would publish what nobody finds, and nobody else probes
 * the deployment.
 */
export function refuseLostIds(rows: readonly Sharer[], { findings }: { findings: Findings }): void {
  for (const { entry } of rows.filter(({ inBackground }) => inBackground)) {
    const written = entryOf(entry.infoNode, 'id');
    const is = written === undefined ? undefined : lossOf(written.value);
    if (written === undefined || is === undefined) continue;
    const place = written.value.place;
    const expected = `a text that stays the same, or no id at all; or ${LEAVE_OUT}`;
    addProblem(findings, { place, path: [...entry.path, 'model_info', 'id'], is, expected });
  }
}

function lossOf(id: Node): string | undefined {
  if (id.kind !== 'scalar') return undefined;
  if (id.value === null) return 'is empty: LiteLLM makes up another id whenever it starts, and finds nothing under it';
  return id.value === '' ? 'is a text with nothing in it: LiteLLM never looks at such a deployment' : undefined;
}
