import { deepestLevel, possibleLevel, vendorOf } from '../../providers/index.ts';
import { addNote, addProblem, type Findings, nowhere } from '../problems/index.ts';
import type { LevelSettings } from '../schema/index.ts';
import { wantedBy, type Sharer } from './probe-level.ts';
import type { Settings } from '../settings/index.ts';
import { child, type Node, showPath, valueOf } from '../yaml/index.ts';
import type { Env, Purpose } from '../types.ts';
import type { Reading } from './upstream.ts';

/** An address for a deployment that LiteLLM calls without one. Under `litellm_params` it would change the id. */
const CONNECT =
  'if LiteLLM needs no address, model_info.health_check_params.api_base and the level connect for its group';
/** The remedy for a deployment that a bridge cannot check; LiteLLM honours the same setting. */
export const LEAVE_OUT = 'model_info.disable_background_health_check: true, which disables its probes';

/**
 * Results of a bridge replace LiteLLM's own. If a bridge cannot probe a deployment as LiteLLM does, it would publish a
 * working one as down. The configuration must therefore choose another level, or disable its checks.
 */
export function refuseStrangers(
  rows: readonly Sharer[],
  { bridge, levels, findings }: { bridge: Settings['bridge']; levels: LevelSettings; findings: Findings },
): void {
  if (bridge === 'off') return;
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
    const is = `belongs to ${upstream.provider}, whose API allswell does not support for this deployment: a bridge cannot check it in LiteLLM's place`;
    return { place, path: [...path, 'model'], is, expected: `${level('connect')}; or ${LEAVE_OUT}` };
  }
  if (!vendor.stated && wanted === undefined) {
    const is = `belongs to ${upstream.provider}, which allswell does not know: a bridge cannot check it in LiteLLM's place`;
    const choice = level("inference if it accepts OpenAI's format with a bearer key, else connect,");
    return { place, path: [...path, 'model'], is, expected: `${choice}; or ${LEAVE_OUT}` };
  }
  const { apiKey, headers } = upstream.credential;
  if (!vendor.stated || vendor.keyless === true || apiKey !== undefined || headers !== undefined) return undefined;
  const is = 'has no key: its probes would be rejected, and LiteLLM would see it as down';
  const keys = `api_key, or ${vendor.keys.join(' or ')} in the environment, as in LiteLLM's pods`;
  return { place, path, is, expected: `${keys}; ${level('or connect')}; or ${LEAVE_OUT}` };
}

/** LiteLLM's routers. LiteLLM does not probe them, and derives their health from the models behind them. */
const ROUTERS = 'auto_router/';

/** True if an entry is a LiteLLM router, which a bridge cannot check; it is then in the findings. */
export function isRefusedRouter({ model, modelPlace, path, findings }: Sharer['entry'], purpose: Purpose): boolean {
  if (purpose !== 'bridge' || !model.startsWith(ROUTERS)) return false;
  addProblem(findings, {
    place: modelPlace,
    path: [...path, 'litellm_params', 'model'],
    is: 'is a LiteLLM router, which has no upstream: LiteLLM derives its health from its models, and a bridge cannot',
    expected: 'model_info.disable_background_health_check: true; it still routes, and is in neither list',
  });
  return true;
}

/** LiteLLM probes one deployment per id; its result counts for all deployments with that id. */
export function noteSameIds(
  rows: readonly Sharer[],
  { bridge, findings }: { bridge: Settings['bridge']; findings: Findings },
): void {
  if (bridge === 'off') return;
  const firsts = new Map<string, Sharer['entry']>();
  for (const { entry } of rows.filter(({ inBackground }) => inBackground)) {
    const first = firsts.get(entry.modelId);
    if (first === undefined) firsts.set(entry.modelId, entry);
    else {
      const whose =
        first.path === entry.path ? 'another of its organizations' : `${showPath(first.path)} (${first.modelName})`;
      const both = `(${entry.modelName}) has the id of ${whose}`;
      const is = `${both}: LiteLLM probes only the first of them, so the bridge publishes only that one`;
      addNote(findings, 'warn', { place: entry.idPlace, path: entry.path, is });
    }
  }
}

/**
 * The inputs for reading an entry. A bridge offers more remedies for a missing address; a pod that also serves needs an
 * address to route to.
 */
export function readingOf(
  { findings }: Pick<Sharer['entry'], 'findings'>,
  { purpose, settings, env }: { purpose: Purpose; settings: Pick<Settings, 'bridge'>; env: Env },
): Reading {
  if (settings.bridge === 'off') return { env, findings };
  return { env, findings, or: purpose === 'bridge' ? `${CONNECT}; or ${LEAVE_OUT}` : CONNECT };
}

/** Models that are not in the file are not published. */
export function noteStoredModels(root: Node, { env, findings }: { env: Env; findings: Findings }): void {
  const path = ['general_settings', 'store_model_in_db'];
  const node = child(child(root, 'general_settings'), 'store_model_in_db');
  const is = "models in LiteLLM's database are not in this file: they are not probed while the bridge publishes";
  if (node !== undefined && valueOf(node) === true) {
    addNote(findings, 'warn', { place: node.place, path, is: `is true, and ${is}` });
  } else if (env['STORE_MODEL_IN_DB']?.toLowerCase() === 'true') {
    addNote(findings, 'warn', { place: nowhere, path: [], is: `STORE_MODEL_IN_DB is true, and ${is}` });
  }
}
