/** What a failed probe says about its target. Names and effects: the table in `docs/explanation/protocol.md`. */
export type FailureClass =
  | 'network'
  | 'timeout'
  | 'server'
  | 'overloaded'
  | 'quota'
  | 'auth'
  | 'not-found'
  | 'bad-probe';

/** A failure as the fleet keeps it: one redacted line, never a secret, a header or a stack. */
export interface Failure {
  readonly class: FailureClass;
  /** HTTP status of the answer; 408 for a timeout; absent where nothing answered. */
  readonly status?: number;
  readonly message: string;
  /** It failed before a connection was open; absent where one was, or may have been. */
  readonly phase?: 'connect';
  /** How long the upstream asked to be left alone, ms; only with `overloaded`, at most ten minutes. */
  readonly retryAfterMs?: number;
}

/**
 * What one probe proved. `no-evidence` is a fault of this pod (aborted, out of sockets, stalled event loop): it says
 * nothing about the target and never becomes an observation.
 */
export type Outcome =
  | { readonly kind: 'ok' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'no-evidence'; readonly why: string };

/** Classes that an upstream proves with one answer: they do not wait for `fall`. */
export function isDefinite(failure: FailureClass): boolean {
  return failure === 'network' || needsOperator(failure);
}

/** Classes after which a target is looked at ever more rarely: waiting does not heal them. */
export function isProbedRarely(failure: FailureClass): boolean {
  return needsOperator(failure) || failure === 'bad-probe';
}

/** Classes that only a person can end. */
export function needsOperator(failure: FailureClass): boolean {
  return failure === 'auth' || failure === 'quota' || failure === 'not-found';
}
