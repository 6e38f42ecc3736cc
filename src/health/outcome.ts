/** Class of a failure. The table in `docs/explanation/protocol.md` lists causes and effects. */
export type FailureClass =
  | 'network'
  | 'timeout'
  | 'server'
  | 'overloaded'
  | 'quota'
  | 'auth'
  | 'not-found'
  | 'bad-probe';

/** A failure as stored. The message is one redacted line without secrets, headers or stack. */
export interface Failure {
  readonly class: FailureClass;
  /** HTTP status of the answer; 408 for a timeout; absent without an answer. */
  readonly status?: number;
  readonly message: string;
  /** Present if it failed before a connection was open. */
  readonly phase?: 'connect';
  /** Retry-After of the answer, ms; only with `overloaded`, at most ten minutes. */
  readonly retryAfterMs?: number;
}

/**
 * Outcome of one probe. `no-evidence` is a fault of this pod (aborted, out of sockets, stalled event loop). It says nothing
 * about the target, so it never becomes an observation.
 */
export type Outcome =
  | { readonly kind: 'ok' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'no-evidence'; readonly why: string };

/** Classes for which two witnesses are enough, whatever `fall` says. */
export function isDefinite(failure: FailureClass): boolean {
  return failure === 'network' || needsOperator(failure);
}

/** Classes after which the interval grows, because only an operator can end them. */
export function isProbedRarely(failure: FailureClass): boolean {
  return needsOperator(failure) || failure === 'bad-probe';
}

/** Failures of a target that only an operator can end. */
export function needsOperator(failure: FailureClass): boolean {
  return failure === 'auth' || failure === 'quota' || failure === 'not-found';
}
