import type { EntraLogin } from '../../../providers/index.ts';
import { setting, tokenFileOf, type CloudCall, type CloudInput } from './cloud.ts';

const AUTHORITY = 'https://login.microsoftonline.com';
const SCOPE = 'https://cognitiveservices.azure.com/.default';

/** Azure OpenAI without a key: a token of Entra ID. A token in the file itself takes part elsewhere. */
export function azureCall({ params, apiKey, env }: CloudInput): CloudCall {
  const given = setting(params.azure_ad_token, env, 'AZURE_AD_TOKEN');
  if (apiKey !== undefined || (given !== undefined && !given.startsWith('oidc/'))) return {};
  const tenantId = setting(params.tenant_id, env, 'AZURE_TENANT_ID');
  const clientId = setting(params.client_id, env, 'AZURE_CLIENT_ID');
  const proof = proofOf({ params, env }, given);
  if (clientId === undefined || proof === undefined) return given === undefined ? {} : { why: unknownToken };
  if (tenantId === undefined && proof.kind !== 'password') return { why: 'has no tenant_id to log in at' };
  const authority = setting(undefined, env, 'AZURE_AUTHORITY_HOST') ?? AUTHORITY;
  return {
    login: {
      kind: 'entra',
      authority: (authority.includes('://') ? authority : `https://${authority}`).replace(/\/+$/, ''),
      tenantId: tenantId ?? 'organizations',
      clientId,
      scope: setting(params.azure_scope, env, 'AZURE_SCOPE') ?? SCOPE,
      proof,
    },
  };
}

const unknownToken = 'has an azure_ad_token from a source that allswell does not support';

function proofOf(
  { params, env }: Pick<CloudInput, 'params' | 'env'>,
  given: string | undefined,
): EntraLogin['proof'] | undefined {
  const secret = setting(params.client_secret, env, 'AZURE_CLIENT_SECRET');
  if (secret !== undefined) return { kind: 'secret', secret };
  const username = setting(params.azure_username, env, 'AZURE_USERNAME');
  const password = setting(params.azure_password, env, 'AZURE_PASSWORD');
  if (username !== undefined && password !== undefined) return { kind: 'password', username, password };
  const path = given === undefined ? env['AZURE_FEDERATED_TOKEN_FILE'] : tokenFileOf(given, env);
  return path === undefined || path === '' ? undefined : { kind: 'token-file', path };
}
