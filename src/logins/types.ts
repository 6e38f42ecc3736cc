import type { Failure } from '../health/index.ts';
import type { Clock } from '../ports/index.ts';
import type { Login } from '../providers/index.ts';
import type { Transport, UpstreamFault } from '../upstream/index.ts';

/** A request before its login is added. */
export interface UnsignedRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly contentType: string | undefined;
  readonly body: string | undefined;
}

/** Headers that log a request in; or why there are none: no answer from the login host, or a refusal. */
export type SignedIn =
  | { readonly kind: 'signed-in'; readonly headers: Readonly<Record<string, string>> }
  | LoginFailure;

export type LoginFailure =
  | UpstreamFault
  /** The message is the login host's own and not redacted. */
  | { readonly kind: 'refused'; readonly failure: Failure; readonly latencyMs: number };

/** A credential that ends by itself, or does not. */
export interface Fetched<T> {
  readonly kind: 'fetched';
  readonly value: T;
  /** Absent: it does not expire. */
  readonly lifeMs?: number;
}

/** What fetching a credential takes. */
export interface LoginParts {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Reads a text file or throws. */
  readonly readFile: (path: string) => string;
}

/** Logs requests in. Tokens are fetched once for all requests and kept until shortly before they expire. */
export interface Logins {
  /** Never rejects. Waits for the login host at most 10 s, and no longer than `signal`. */
  signIn(login: Login, request: UnsignedRequest, signal: AbortSignal): Promise<SignedIn>;
  /** The upstream refused what it was sent: the next request fetches anew. */
  forget(login: Login): void;
}

/** AWS' three parts of a credential. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}
