import type { ModelEntry } from './entry.ts';
import { addNote, type Findings } from '../problems/index.ts';
import type { Credential } from './identity.ts';
import { child, isAbsent } from '../yaml/index.ts';

/** Ways of LiteLLM to log in at an upstream that need more than a key. */
const logins = [
  'client_secret',
  'client_id',
  'tenant_id',
  'azure_password',
  'aws_access_key_id',
  'aws_role_name',
  'aws_profile_name',
  'aws_web_identity_token',
  'vertex_credentials',
];

/**
 * Whether the only login of a deployment is one that allswell does not have: probes without a key would be refused, and
 * show an upstream as down that works for its users. It is then in the findings.
 */
export function hasOtherLogin(
  { params, path }: ModelEntry,
  { apiKey, shortLived }: Credential,
  findings: Findings,
): boolean {
  if (apiKey !== undefined || shortLived !== undefined) return false;
  for (const key of logins) {
    const node = child(params, key);
    if (node === undefined || isAbsent(node)) continue;
    const is =
      'is a login that allswell does not have: without api_key a probe only opens a connection. ' +
      'Give it a key, or opt out by model_info.disable_background_health_check';
    addNote(findings, 'warn', { place: node.place, path: [...path, 'litellm_params', key], is });
    return true;
  }
  return false;
}
