import type { Login } from '../providers/index.ts';
import { awsCredentials } from './aws-credentials.ts';
import { awsSignature } from './aws-signature.ts';
import { entraToken } from './entra.ts';
import { googleToken } from './google.ts';
import { TokenCache } from './token-cache.ts';
import type { AwsKeys, Fetched, LoginFailure, LoginParts, Logins, SignedIn } from './types.ts';

/** @example const logins = createLogins({ transport, clock, readFile }); */
export function createLogins(parts: LoginParts): Logins {
  const tokens = new TokenCache<string>(parts);
  const keys = new TokenCache<AwsKeys>(parts);
  return {
    signIn: async (login, request, signal) => {
      if (login.kind !== 'aws') {
        const fetch = async (stop: AbortSignal): Promise<Fetched<string> | LoginFailure> =>
          login.kind === 'entra' ? await entraToken(login, parts, stop) : await googleToken(login, parts, stop);
        const token = await tokens.get(keyOf(login), fetch, signal);
        return token.kind === 'fetched' ? bearer(token.value) : token;
      }
      const found = await keys.get(keyOf(login), async (stop) => await awsCredentials(login, parts, stop), signal);
      if (found.kind !== 'fetched') return found;
      return { kind: 'signed-in', headers: await awsSignature(request, found.value, { ...login, clock: parts.clock }) };
    },
    forget: (login) => {
      tokens.forget(keyOf(login));
      keys.forget(keyOf(login));
    },
  };
}

function bearer(token: string): SignedIn {
  return { kind: 'signed-in', headers: { authorization: `Bearer ${token}` } };
}

function keyOf(login: Login): string {
  return JSON.stringify(login);
}
