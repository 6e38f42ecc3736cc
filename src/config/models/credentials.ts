import { addNote, addProblem, checkBlock, describe, type Findings } from '../problems/index.ts';
import { upstreamParams, type UpstreamParams } from '../schema/index.ts';
import { child, isAbsent, type MapNode, type Node, type Path } from '../yaml/index.ts';

/** By name: what a deployment need not say itself. */
export type Credentials = ReadonlyMap<string, UpstreamParams>;

/** `credential_list`: keys and addresses under a name, which `litellm_params.litellm_credential_name` refers to. */
export function readCredentials(root: Node, findings: Findings): Credentials {
  const list = child(root, 'credential_list');
  const credentials = new Map<string, UpstreamParams>();
  if (list === undefined || isAbsent(list)) return credentials;
  if (list.kind !== 'list') {
    const is = `is ${describe(list)}`;
    addProblem(findings, { place: list.place, path: ['credential_list'], is, expected: 'a list of credentials' });
    return credentials;
  }
  for (const [at, item] of list.items.entries()) {
    const path = ['credential_list', at];
    const name = child(item, 'credential_name');
    const values = child(item, 'credential_values');
    if (name?.kind !== 'scalar' || typeof name.value !== 'string' || values?.kind !== 'map') {
      addProblem(findings, { place: item.place, path, is: 'lacks something', expected: wanted });
      continue;
    }
    const read = checkBlock(upstreamParams, values, { path: [...path, 'credential_values'], findings });
    // Of two with one name the first counts.
    if (read !== undefined && !credentials.has(name.value)) credentials.set(name.value, read);
  }
  return credentials;
}

const wanted = 'a mapping with credential_name, a text, and credential_values, a mapping';

/** What a deployment's `litellm_credential_name` stands for. */
export function credentialFor(
  params: MapNode,
  credentials: Credentials,
  { path, findings }: { path: Path; findings: Findings },
): UpstreamParams {
  const node = child(params, 'litellm_credential_name');
  if (node?.kind !== 'scalar' || isAbsent(node)) return {};
  const found = credentials.get(String(node.value));
  if (found !== undefined) return found;
  // LiteLLM goes on without it, too, and the upstream then refuses every request: that must not look like its fault.
  const is = 'names no entry of credential_list: the deployment is called without it';
  addNote(findings, 'warn', { place: node.place, path: [...path, 'litellm_credential_name'], is });
  return {};
}
