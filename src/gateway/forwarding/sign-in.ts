import type { ServerResponse } from 'node:http';
import type { Logins } from '../../logins/index.ts';
import type { AttemptEnd } from './attempt-types.ts';
import type { PreparedCall } from './upstream-calls.ts';

/** Headers of a login, names and values in turn. */
export interface LoginHeaders {
  readonly kind: 'signed-in';
  readonly headers: readonly string[];
}

export const NO_LOGIN: LoginHeaders = { kind: 'signed-in', headers: [] };

interface SignInContext {
  readonly body: Buffer;
  readonly parts: { readonly logins: Pick<Logins, 'signIn'> };
  readonly outgoing: ServerResponse;
}

/** Logs one request in, or tells why it cannot. */
export async function signIn(
  { login, origin, path }: PreparedCall,
  { body, parts, outgoing }: SignInContext,
): Promise<LoginHeaders | AttemptEnd> {
  if (login === undefined) return NO_LOGIN;
  const closed = new AbortController();
  const onClose = (): void => closed.abort();
  outgoing.once('close', onClose);
  const unsigned = {
    method: 'POST',
    url: new URL(path, origin),
    contentType: 'application/json',
    body: body.toString('utf8'),
  } as const;
  const signed = await parts.logins.signIn(login, unsigned, closed.signal);
  outgoing.off('close', onClose);
  if (outgoing.destroyed) return { kind: 'client-left' };
  if (signed.kind === 'signed-in') return { kind: 'signed-in', headers: Object.entries(signed.headers).flat() };
  const message = signed.kind === 'refused' ? signed.failure.message : signed.message;
  return { kind: 'failed', fault: { class: 'local', message: `the login of the deployment failed: ${message}` } };
}
