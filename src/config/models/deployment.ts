import { addNote, checkBlock, type Findings, openFindings } from '../problems/index.ts';
import { credentialFor, type Credentials } from './credentials.ts';
import { modelIdOf } from './model-id.ts';
import {
  child,
  follow,
  isAbsent,
  type MapNode,
  type Node,
  type Path,
  type Place,
  pythonText,
  settingsOf,
  valueOf,
} from '../yaml/index.ts';
import {
  modelInfo,
  type ModelInfo,
  modelName,
  upstreamKeys,
  upstreamParams,
  type UpstreamParams,
} from '../schema/index.ts';
import { shownOf } from './shown-params.ts';
import { noteOffByText, takingPart } from './taking-part.ts';
import type { Purpose, ShownParams } from '../types.ts';

/** One `model_list` entry, checked and with `health_check_params` laid over its parameters, as for its probe. */
export interface Entry extends ReturnType<typeof takingPart> {
  readonly modelName: string;
  readonly modelId: string;
  /** Place of the id; {@link modelPlace} if there is none. */
  readonly idPlace: Place;
  readonly path: Path;
  /** `litellm_params.model`, and its place. */
  readonly model: string;
  readonly modelPlace: Place;
  /** `litellm_params`, for the places in it. */
  readonly params: MapNode;
  /** `model_info`, likewise. */
  readonly infoNode: Node | undefined;
  readonly upstream: UpstreamParams;
  readonly info: ModelInfo;
  /** The part of `health_check_params` that goes into the probe body. */
  readonly bodyParams: Readonly<Record<string, unknown>>;
  /** `extra_body`, as it is written. */
  readonly extraBody: Readonly<Record<string, unknown>> | undefined;
  /** `headers`, which `extra_headers` goes before. */
  readonly moreHeaders: Readonly<Record<string, string>> | undefined;
  /** Parameters that may be seen: as they are written, and as the probe has them. */
  readonly shown: { readonly written: ShownParams; readonly probed: ShownParams };
  /** Receives the problems of the entry. */
  readonly findings: Findings;
}

export interface EntriesInput {
  readonly credentials: Credentials;
  readonly purpose: Purpose;
  readonly settings: Parameters<typeof takingPart>[1];
  readonly findings: Findings;
}

/** Reads all entries; one that has problems is left out, and its problems are in the findings. */
export function readEntries(list: Node | undefined, input: EntriesInput): readonly Entry[] {
  if (list?.kind !== 'list') return [];
  return list.items.flatMap((node, at) => readEntry(node, ['model_list', at], input));
}

/** One entry, or one for each of its organizations. */
function readEntry(node: Node, path: Path, input: EntriesInput): readonly Entry[] {
  const part = takingPart(node, input.settings);
  noteOffByText(node, path, { ...input.settings, findings: input.findings });
  // A bridge does not report problems of a deployment without background checks: it does not probe it.
  const unreported = input.purpose === 'bridge' && !part.inBackground;
  const findings = unreported ? openFindings(input.findings.file) : input.findings;
  const inParams = [...path, 'litellm_params'];
  const inInfo = [...path, 'model_info'];
  const names = checkBlock(modelName, node, { path, findings });
  const params = child(node, 'litellm_params');
  const upstream =
    params?.kind === 'map'
      ? checkBlock(upstreamParams, withoutOrganizations(params), { path: inParams, findings })
      : undefined;
  const infoNode = child(node, 'model_info');
  const info = infoNode === undefined ? {} : checkBlock(modelInfo, infoNode, { path: inInfo, findings });
  const extraNode = child(infoNode, 'health_check_params');
  const extra = readExtra(extraNode, [...inInfo, 'health_check_params'], findings);
  if (
    names === undefined ||
    params?.kind !== 'map' ||
    upstream === undefined ||
    info === undefined ||
    extra === undefined
  ) {
    return [];
  }
  const modelPlace = follow(params, ['model']).node.place;
  const credential = credentialFor(params, input.credentials, { path: inParams, findings });
  const written = shownOf(params);
  const shown = { written, probed: { ...written, ...shownOf(child(infoNode, 'health_check_params')) } };
  return organizationsOf(params).map((organization) => ({
    modelName: names.model_name,
    modelId: ownIdOf(infoNode) ?? modelIdOf(names.model_name, params),
    idPlace: child(infoNode, 'id')?.place ?? modelPlace,
    path,
    model: names.litellm_params.model,
    modelPlace,
    params,
    infoNode,
    upstream: { ...credential, ...upstream, ...organization, ...extra.upstream },
    info,
    bodyParams: extra.body,
    extraBody: mappingIn(extraNode, 'extra_body') ?? mappingIn(params, 'extra_body'),
    moreHeaders: headersIn(extraNode) ?? headersIn(params),
    shown,
    findings,
    ...part,
  }));
}

/** A mapping that is sent unchanged; other values are ignored, as by LiteLLM. */
function mappingIn(node: Node | undefined, key: string): Readonly<Record<string, unknown>> | undefined {
  const found = child(node, key);
  return found?.kind === 'map'
    ? Object.fromEntries(found.entries.map(({ key: name, value }) => [name, valueOf(value)]))
    : undefined;
}

function headersIn(node: Node | undefined): Entry['moreHeaders'] {
  const found = mappingIn(node, 'headers');
  return found && Object.fromEntries(Object.entries(found).map(([name, value]) => [name, String(value)]));
}

/** LiteLLM makes a deployment of each organization in a list; all have the id of the whole list. */
function organizationsOf(params: MapNode): readonly Pick<UpstreamParams, 'organization'>[] {
  const found = child(params, 'organization');
  return found?.kind === 'list' ? found.items.map((item) => ({ organization: String(settingsOf(item)) })) : [{}];
}

function withoutOrganizations(params: MapNode): MapNode {
  return {
    ...params,
    entries: params.entries.filter(({ key, value }) => key !== 'organization' || value.kind !== 'list'),
  };
}

/** `model_info.id`, as LiteLLM prints it: `0777` is `511`. */
function ownIdOf(info: Node | undefined): string | undefined {
  const id = child(info, 'id');
  return id === undefined ? undefined : pythonText(id);
}

/** `health_check_params` may also redirect the probe: to another base, under another key. */
function readExtra(
  node: Node | undefined,
  path: Path,
  findings: Findings,
): { upstream: UpstreamParams; body: Entry['bodyParams'] } | undefined {
  if (node === undefined) return { upstream: {}, body: {} };
  if (node.kind !== 'map') {
    addNote(findings, 'warn', { place: node.place, path, is: 'is not a mapping and is ignored' });
    return { upstream: {}, body: {} };
  }
  const upstream = checkBlock(upstreamParams, node, { path, findings });
  const rest = node.entries.filter(({ key, value }) => !upstreamKeys.includes(key) && !isAbsent(value));
  return upstream && { upstream, body: Object.fromEntries(rest.map(({ key, value }) => [key, valueOf(value)])) };
}
