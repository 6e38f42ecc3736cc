import type { z } from 'zod';
import { addNote, checkBlock, type Findings, withoutWrongValues } from '../problems/index.ts';
import { credentialFor, type Credentials } from './credentials.ts';
import { limitsOf } from './limits.ts';
import { modelIdsOf } from './model-id.ts';
import type { ModelIds } from './model-id.ts';
import {
  child,
  follow,
  isAbsent,
  type MapNode,
  type Node,
  type Path,
  type SourceLocation,
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
import { type OptOutRules, takingPart } from './taking-part.ts';
import type { DeploymentLimits, ShownParams } from '../types.ts';

/** The parameters of one call: of a request, or of a probe. */
export interface CallParams {
  readonly upstream: UpstreamParams;
  /** What is called, as the file names it. */
  readonly calledAs: string;
  /** `extra_body`, as it is written. */
  readonly extraBody: Readonly<Record<string, unknown>> | undefined;
  /** `headers`, which `extra_headers` goes before. */
  readonly moreHeaders: Readonly<Record<string, string>> | undefined;
}

/** One `model_list` entry, checked. */
export interface ModelEntry extends ReturnType<typeof takingPart>, ModelIds {
  readonly modelName: string;
  /** Place of the id; {@link modelPlace} if there is none. */
  readonly idLocation: SourceLocation;
  readonly path: Path;
  /** `litellm_params.model`, and its place. */
  readonly model: string;
  readonly modelLocation: SourceLocation;
  /** `litellm_params`, for the places in it. */
  readonly params: MapNode;
  /** `model_info`, likewise. */
  readonly infoNode: Node | undefined;
  readonly info: ModelInfo;
  readonly limits: DeploymentLimits;
  /** `litellm_params`: what a request is sent with. */
  readonly own: CallParams;
  /** The same with `health_check_model` and `health_check_params` laid over it. Without either it is {@link own} itself. */
  readonly probed: CallParams;
  /** The part of `health_check_params` that goes into the probe body. */
  readonly bodyParams: Readonly<Record<string, unknown>>;
  /** Parameters that may be seen: as they are written, and as the probe has them. */
  readonly shown: { readonly written: ShownParams; readonly probed: ShownParams };
  /** Receives the problems of the entry. */
  readonly findings: Findings;
}

export interface EntryInput {
  readonly credentials: Credentials;
  readonly rules: OptOutRules & {
    /** True if an entry with a wrong value of this key is read as without the key. */
    keepsEntryWithout(key: string): boolean;
  };
  readonly settings: Parameters<typeof takingPart>[1];
  /** Of this entry alone. */
  readonly findings: Findings;
}

/** One entry, or one for each of its organizations; none if it has problems, which are then in the findings. */
export function readEntry(node: Node, path: Path, input: EntryInput): readonly ModelEntry[] {
  const part = takingPart(node, input.settings, input.rules);
  const { findings } = input;
  const inParams = [...path, 'litellm_params'];
  const inInfo = [...path, 'model_info'];
  const names = checkBlock(modelName, node, { path, findings });
  const params = child(node, 'litellm_params');
  // A wrong value that has a default is in the findings, too, and the profile says what follows.
  const readKeys = <T>(schema: z.ZodType<T>, block: Node, of: Path): T | undefined =>
    checkBlock(schema, block, { path: of, findings }) ??
    withoutWrongValues(schema, block, (key) => input.rules.keepsEntryWithout(key));
  const upstream =
    params?.kind === 'map' ? readKeys(upstreamParams, withoutOrganizations(params), inParams) : undefined;
  const infoNode = child(node, 'model_info');
  const info = infoNode === undefined ? {} : readKeys(modelInfo, infoNode, inInfo);
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
  const modelLocation = follow(params, ['model']).node.location;
  const credential = credentialFor(params, input.credentials, { path: inParams, findings });
  const written = shownOf(params);
  const shown = { written, probed: { ...written, ...shownOf(child(infoNode, 'health_check_params')) } };
  const ownId = ownIdOf(infoNode);
  const common = {
    modelName: names.model_name,
    ...(ownId === undefined ? modelIdsOf(names.model_name, params) : { modelId: ownId }),
    idLocation: child(infoNode, 'id')?.location ?? modelLocation,
    path,
    model: names.litellm_params.model,
    modelLocation,
    params,
    infoNode,
    info,
    limits: limitsOf(node),
    bodyParams: extra.body,
    shown,
    findings,
    ...part,
  };
  return organizationsOf(params).map((organization) => {
    const own = {
      upstream: { ...credential, ...upstream, ...organization },
      calledAs: names.litellm_params.model,
      extraBody: mappingIn(params, 'extra_body'),
      moreHeaders: headersIn(params),
    };
    return { ...common, own, probed: probedBy({ own, extraNode, extra: extra.upstream, info }) };
  });
}

interface Overlay {
  readonly own: CallParams;
  readonly extraNode: Node | undefined;
  /** What `health_check_params` says of the upstream. */
  readonly extra: UpstreamParams;
  readonly info: ModelInfo;
}

function probedBy({ own, extraNode, extra, info }: Overlay): CallParams {
  if (extraNode === undefined && info.health_check_model === undefined) return own;
  const upstream = { ...own.upstream, ...extra };
  return {
    upstream,
    calledAs: info.health_check_model ?? upstream.model ?? own.calledAs,
    extraBody: mappingIn(extraNode, 'extra_body') ?? own.extraBody,
    moreHeaders: headersIn(extraNode) ?? own.moreHeaders,
  };
}

/** A mapping that is sent unchanged; other values are ignored, as by LiteLLM. */
function mappingIn(node: Node | undefined, key: string): Readonly<Record<string, unknown>> | undefined {
  const found = child(node, key);
  return found?.kind === 'map'
    ? Object.fromEntries(found.entries.map(({ key: name, value }) => [name, valueOf(value)]))
    : undefined;
}

function headersIn(node: Node | undefined): CallParams['moreHeaders'] {
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
export function ownIdOf(info: Node | undefined): string | undefined {
  const id = child(info, 'id');
  return id === undefined ? undefined : pythonText(id);
}

/** `health_check_params` may also redirect the probe: to another base, under another key. */
function readExtra(
  node: Node | undefined,
  path: Path,
  findings: Findings,
): { upstream: UpstreamParams; body: ModelEntry['bodyParams'] } | undefined {
  if (node === undefined) return { upstream: {}, body: {} };
  if (node.kind !== 'map') {
    addNote(findings, 'warn', { location: node.location, path, is: 'is not a mapping and is ignored' });
    return { upstream: {}, body: {} };
  }
  const upstream = checkBlock(upstreamParams, node, { path, findings });
  const rest = node.entries.filter(({ key, value }) => !upstreamKeys.includes(key) && !isAbsent(value));
  return upstream && { upstream, body: Object.fromEntries(rest.map(({ key, value }) => [key, valueOf(value)])) };
}
