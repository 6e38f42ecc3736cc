import type { ModelEntry } from './entry.ts';
import { addNote, type Findings } from '../problems/index.ts';
import type { Credential } from '../../providers/index.ts';
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
 * True if a deployment uses only an authentication method that allswell does not support; it is then in the findings.
 * Probes without a key would be rejected, and would show a working upstream as down.
 */
export function hasOtherLogin(
  { params, path }: ModelEntry,
  { apiKey, shortLived, login }: Credential,
  findings: Findings,
): boolean {
  if (apiKey !== undefined || shortLived !== undefined || login !== undefined) return false;
  for (const key of logins) {
    const node = child(params, key);
    if (node === undefined || isAbsent(node)) continue;
    const is =
      'uses an authentication method that allswell does not support: without api_key a probe only opens a connection. ' +
      'Set api_key, or model_info.disable_background_health_check: true';
    addNote(findings, 'warn', { location: node.location, path: [...path, 'litellm_params', key], is });
    return true;
  }
  return false;
}
