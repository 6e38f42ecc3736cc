import { addNote, addProblem, checkBlock, describe, type Findings } from '../problems/index.ts';
import { upstreamParams, type UpstreamParams } from '../schema/index.ts';
import { child, isAbsent, type MapNode, type Node, type Path } from '../yaml/index.ts';

/** Credentials by name. */
export type Credentials = ReadonlyMap<string, UpstreamParams>;

/** `credential_list`: keys and addresses under a name, which `litellm_params.litellm_credential_name` refers to. */
export function readCredentials(root: Node, findings: Findings): Credentials {
  const list = child(root, 'credential_list');
  const credentials = new Map<string, UpstreamParams>();
  if (list === undefined || isAbsent(list)) return credentials;
  if (list.kind !== 'list') {
    const is = `is ${describe(list)}`;
    addProblem(findings, { location: list.location, path: ['credential_list'], is, expected: 'a list of credentials' });
    return credentials;
  }
  for (const [at, item] of list.items.entries()) {
    const path = ['credential_list', at];
    const name = child(item, 'credential_name');
    const values = child(item, 'credential_values');
    if (name?.kind !== 'scalar' || typeof name.value !== 'string' || values?.kind !== 'map') {
      addProblem(findings, { location: item.location, path, is: 'is incomplete', expected: wanted });
      continue;
    }
    const read = checkBlock(upstreamParams, values, { path: [...path, 'credential_values'], findings });
    // Of two entries with the same name the first counts.
    if (read !== undefined && !credentials.has(name.value)) credentials.set(name.value, read);
  }
  return credentials;
}

const wanted = 'a mapping with credential_name (a text) and credential_values (a mapping)';

/** The credentials that a deployment's `litellm_credential_name` refers to. */
export function credentialFor(
  params: MapNode,
  credentials: Credentials,
  { path, findings }: { path: Path; findings: Findings },
): UpstreamParams {
  const node = child(params, 'litellm_credential_name');
  if (node?.kind !== 'scalar' || isAbsent(node)) return {};
  const found = credentials.get(String(node.value));
  if (found !== undefined) return found;
  // LiteLLM also goes on without it. The upstream then rejects every request, and this note gives the reason.
  const is = 'is not in credential_list: the deployment is called without it';
  addNote(findings, 'warn', { location: node.location, path: [...path, 'litellm_credential_name'], is });
  return {};
}
