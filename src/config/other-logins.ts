import type { Entry } from './deployment.ts';
import { addNote, type Findings } from './findings.ts';
import { child, isAbsent } from './tree.ts';

/** Ways of LiteLLM to log in at an upstream that need more than a key. */
const logins = [
  'azure_ad_token',
  'client_secret',
  'azure_password',
  'aws_access_key_id',
  'aws_role_name',
  'aws_profile_name',
  'aws_web_identity_token',
  'vertex_credentials',
];

/**
 * Warns of a deployment whose only login is one that allswell does not have: its probes go without a key, are refused, and
 * would show an upstream as down that works for everybody else.
 */
export function noteOtherLogin({ params, path }: Entry, apiKey: string | undefined, findings: Findings): void {
  if (apiKey !== undefined) return;
  for (const key of logins) {
    const node = child(params, key);
    if (node === undefined || isAbsent(node)) continue;
    const is =
      'is a login that allswell does not have: without api_key the probe will be refused. ' +
      'Give it a key, or opt out by model_info.disable_background_health_check';
    addNote(findings, 'warn', { place: node.place, path: [...path, 'litellm_params', key], is });
    return;
  }
}
