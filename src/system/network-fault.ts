/** How far an exchange had come. */
export type Phase = 'connect' | 'first-byte' | 'body';

/**
 * Why an exchange brought no answer. `local` is this process' own fault and says nothing about the other side;
 * `not-http` is an answer that no client could read; `bad-request` one that could not even be written.
 */
export type FaultClass = 'network' | 'timeout' | 'local' | 'not-http' | 'bad-request';

export interface UpstreamFault {
  readonly kind: 'fault';
  readonly class: FaultClass;
  readonly phase: Phase;
  /** As the system words it: host and port may be in it. Not redacted. */
  readonly message: string;
  /** From the start of the exchange until it was given up. */
  readonly latencyMs: number;
}

/** Tells whose fault an error is. */
export function faultClassOf(error: unknown): FaultClass {
  // Not every one of them has a code.
  if (error instanceof Error && error.name === 'HTTPParserError') return 'not-http';
  const code = codeOf(error);
  if (code === undefined) return 'local';
  if (ownFaults.has(code)) return 'local';
  if (code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT') return 'timeout';
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'not-http';
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH') return 'bad-request';
  return 'network';
}

/** One line of what happened, from the first error that has something to say. */
export function faultMessageOf(error: unknown): string {
  // Several addresses tried and none reached: the text is in the parts.
  if (error instanceof AggregateError && error.errors.length > 0) return faultMessageOf(error.errors[0]);
  if (!(error instanceof Error)) return 'failed, no reason given';
  return error.message === '' ? (codeOf(error) ?? error.name) : error.message;
}

// Out of files, memory, buffers or ports, not allowed by our own machine, or stopped by us.
const ownFaults = new Set([
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
  'EADDRNOTAVAIL',
  'EACCES',
  'EPERM',
  'ABORT_ERR',
  'UND_ERR_ABORTED',
  'UND_ERR_DESTROYED',
  'UND_ERR_CLOSED',
]);

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
