import type { Login } from '../providers/index.ts';
import { awsCredentials } from './aws-credentials.ts';
import { awsSignature } from './aws-signature.ts';
import { entraToken } from './entra.ts';
import { googleToken } from './google.ts';
import { TokenCache } from './token-cache.ts';
import type { AwsKeys, Fetched, LoginFailure, LoginParts, Logins } from './types.ts';

/** @example const logins = createLogins({ transport, clock, readFile }); */
export function createLogins(parts: LoginParts): Logins {
  const tokens = new TokenCache<string>(parts);
  const keys = new TokenCache<AwsKeys>(parts);
  return {
    signIn: async (login, request, signal) => {
      const key = keyOf(login);
      if (login.kind !== 'aws') {
        const fetch = async (stop: AbortSignal): Promise<Fetched<string> | LoginFailure> =>
          login.kind === 'entra' ? await entraToken(login, parts, stop) : await googleToken(login, parts, stop);
        const token = await tokens.get(key, fetch, signal);
        if (token.kind !== 'fetched') return token;
        const headers = { authorization: `Bearer ${token.value}` };
        return { kind: 'signed-in', headers, refused: () => tokens.refused(key, token) };
      }
      const found = await keys.get(key, async (stop) => await awsCredentials(login, parts, stop), signal);
      if (found.kind !== 'fetched') return found;
      const headers = await awsSignature(request, found.value, { ...login, clock: parts.clock });
      return { kind: 'signed-in', headers, refused: () => keys.refused(key, found) };
    },
  };
}

function keyOf(login: Login): string {
  return JSON.stringify(login);
}
