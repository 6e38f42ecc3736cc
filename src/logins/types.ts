import type { Failure } from '../health/index.ts';
import type { Clock } from '../ports/index.ts';
import type { Login } from '../providers/index.ts';
import type { Transport, UpstreamFault } from '../upstream/index.ts';

/** A request before its login is added. */
export interface UnsignedRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly contentType: string | undefined;
  readonly body: string | Uint8Array | undefined;
}

/** Headers that log a request in. */
export interface SignedIn {
  readonly kind: 'signed-in';
  readonly headers: Readonly<Record<string, string>>;
  /**
   * To be called where the upstream refused them. True if the next request will be logged in with another credential: it may
   * have been revoked before its time. A new one is not to blame, so it is kept for 5 s.
   */
  readonly refused: () => boolean;
}

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
  signIn(login: Login, request: UnsignedRequest, signal: AbortSignal): Promise<SignedIn | LoginFailure>;
}

/** AWS' three parts of a credential. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}
