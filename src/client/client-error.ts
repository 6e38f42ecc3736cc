/** Why a client cannot read the fleet. `wrong-url`: what answers is no pod. */
export type FleetClientErrorCode = 'wrong-key' | 'forbidden' | 'wrong-url' | 'unreachable' | 'closed';

/** Rejection of `ready`. */
export class FleetClientError extends Error {
  override readonly name = 'FleetClientError';
  readonly code: FleetClientErrorCode;

  constructor(code: FleetClientErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** The error of an answer that no retry would change; undefined for others. */
export function refusalOf(url: string, status: number): FleetClientError | undefined {
  if (status === 401) return new FleetClientError('wrong-key', `${url} does not accept the key (HTTP 401)`);
  if (status === 403) {
    return new FleetClientError(
      'forbidden',
      `the key may not read the fleet (HTTP 403 of ${url}): an admin key is needed`,
    );
  }
  if (status === 404 || status === 405) return notAPod(url, `HTTP ${status}`);
  return undefined;
}

/** What answers is not allswell. */
export function notAPod(url: string, what: string): FleetClientError {
  return new FleetClientError('wrong-url', `${url} is not an allswell pod: ${what}`);
}

/** No pod answered. */
export function unreachable(url: string, cause: unknown): FleetClientError {
  return new FleetClientError('unreachable', `cannot reach a pod at ${url}: ${whyOf(cause)}`, cause);
}

/** The reason of an error, in one line. */
export function whyOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  // The reason of a failed fetch is in its cause, where the runtime shows it.
  const inner = cause.cause instanceof Error ? cause.cause.message : '';
  return inner === '' ? cause.message : `${cause.message}: ${inner}`;
}
