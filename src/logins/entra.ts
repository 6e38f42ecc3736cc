import type { EntraLogin } from '../providers/index.ts';
import { askForToken, unusable, whyUnreadable } from './ask-login-host.ts';
import type { Fetched, LoginFailure, LoginParts } from './types.ts';

/** A token of Microsoft Entra ID for an application. */
export async function entraToken(
  login: EntraLogin,
  parts: LoginParts,
  signal: AbortSignal,
): Promise<Fetched<string> | LoginFailure> {
  const { authority, tenantId, clientId, scope } = login;
  const proof = proofOf(login, parts);
  if ('why' in proof) return unusable(proof.why);
  const url = new URL(`${authority}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`);
  return await askForToken({ url, form: { client_id: clientId, scope, ...proof.form } }, parts, signal);
}

type Proof = { readonly form: Readonly<Record<string, string>> } | { readonly why: string };

const ASSERTION = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

function proofOf({ proof }: EntraLogin, { readFile }: LoginParts): Proof {
  switch (proof.kind) {
    case 'secret':
      return { form: { grant_type: 'client_credentials', client_secret: proof.secret } };
    case 'password':
      return { form: { grant_type: 'password', username: proof.username, password: proof.password } };
    case 'token-file':
      try {
        // Read at each fetch: Kubernetes replaces it.
        const assertion = readFile(proof.path).trim();
        return {
          form: {
            grant_type: 'client_credentials',
            client_assertion_type: ASSERTION,
            client_assertion: assertion,
          },
        };
      } catch (error) {
        return { why: whyUnreadable(proof.path, error) };
      }
  }
}
