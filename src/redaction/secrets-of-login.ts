import { parseJson } from '../health/index.ts';
import type { Login } from '../providers/index.ts';

/** What of a login must never be shown. */
export function secretsOfLogin(login: Login | undefined): readonly string[] {
  switch (login?.kind) {
    case undefined:
      return [];
    case 'entra':
      return entraSecrets(login.proof);
    case 'aws':
      return login.source.kind === 'keys' ? [login.source.secretAccessKey, login.source.sessionToken ?? ''] : [];
    case 'google':
      return login.source.kind === 'json' ? textsIn(parseJson(login.source.text)) : [];
  }
}

function entraSecrets(proof: Extract<Login, { kind: 'entra' }>['proof']): readonly string[] {
  switch (proof.kind) {
    case 'secret':
      return [proof.secret];
    case 'password':
      return [proof.password];
    case 'token-file':
      return [];
  }
}

const secretFields = /^(?:private_key|private_key_id|refresh_token|client_secret)$/;

function textsIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => {
    if (typeof inner === 'string') return secretFields.test(name) ? [inner] : [];
    return textsIn(inner);
  });
}
