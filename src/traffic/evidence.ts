import { effectOfFailure } from '../health/index.ts';
import type { Failure, FailureClass, FailureEffect } from '../health/index.ts';

/** End of one request, as LiteLLM reports it. */
export interface RequestEnd {
  readonly status: 'success' | 'failure';
  /** HTTP status; null where there was none. */
  readonly code: number | null;
  /** Name of LiteLLM's exception; '' where there was none. */
  readonly errorClass: string;
  /** LiteLLM's own limit refused the request, not the upstream's. */
  readonly ownLimit: boolean;
  /** The answer came from LiteLLM's cache. */
  readonly cached: boolean;
  /** A call that a model answers, not one that manages files, batches or stored answers. */
  readonly asksModel: boolean;
}

/** What one request proved about its target. `neutral`: nothing. */
export type RequestEvidence =
  | { readonly kind: 'success' }
  | { readonly kind: 'neutral' }
  | { readonly kind: 'failure'; readonly effect: FailureEffect; readonly failure: Failure };

/**
 * Reads the end of a request as evidence. The effects of statuses are those of the table at `POST /litellm/events` in
 * docs/reference/endpoints.md; refusals of LiteLLM itself, of the caller's input and of the caller's key prove nothing.
 *
 * @example
 * evidenceOf({ status: 'failure', code: 403, errorClass: 'APIError', ownLimit: false, cached: false, asksModel: true }).kind // 'neutral'
 */
export function evidenceOf(end: RequestEnd): RequestEvidence {
  const { status, code, errorClass } = end;
  if (end.cached || end.ownLimit || !end.asksModel) return { kind: 'neutral' };
  // LiteLLM reports a stream whose reader left as a success with an error.
  if (status === 'success') return code === null && errorClass === '' ? { kind: 'success' } : { kind: 'neutral' };
  const found = classOf(code, errorClass);
  return found === undefined ? { kind: 'neutral' } : { kind: 'failure', ...failed(found, end) };
}

/** Exceptions that LiteLLM raises for the answer of an upstream, or for the lack of one. */
const UPSTREAM_ERRORS: ReadonlySet<string> = new Set([
  'APIConnectionError',
  'APIError',
  'APIResponseValidationError',
  'AuthenticationError',
  'BadGatewayError',
  'InternalServerError',
  'MidStreamFallbackError',
  'NotFoundError',
  'PaymentRequiredError',
  'RateLimitError',
  'ServiceUnavailableError',
  'Timeout',
]);

/** Errors before a status: no connection, or one that broke. */
const CONNECTION_ERRORS: ReadonlySet<string> = new Set(['APIConnectionError', 'ConnectError', 'RemoteProtocolError']);
const TIMEOUT_ERRORS: ReadonlySet<string> = new Set(['Timeout', 'ConnectTimeout', 'ReadTimeout', 'TimeoutException']);

/** Exceptions of LiteLLM's own code: no upstream was asked, or its answer was not the reason. */
const LITELLM_REFUSALS =
  /^(?:Proxy\w*|HTTPException|Router\w*|Caller\w*|Budget\w*|Guardrail\w*|Blocked\w*|Rejected\w*|ContentPolicy\w*|ContextWindow\w*|JSONSchema\w*|Modify\w*|Client\w*|CancelledError)$/;

function classOf(code: number | null, errorClass: string): FailureClass | undefined {
  if (LITELLM_REFUSALS.test(errorClass)) return undefined;
  if (code === null) return withoutStatus(errorClass);
  if (code === 408 || TIMEOUT_ERRORS.has(errorClass)) return 'timeout';
  if (code === 429 || code === 529) return 'overloaded';
  if (code >= 500 && code <= 599) return CONNECTION_ERRORS.has(errorClass) ? 'network' : 'server';
  // One of these is enough for a confirmation. A gateway in front of an upstream can answer so, too, and so can LiteLLM
  // to its own callers, under the names of other exceptions.
  return UPSTREAM_ERRORS.has(errorClass) ? AT_ONCE.get(code) : undefined;
}

const AT_ONCE: ReadonlyMap<number, FailureClass> = new Map([
  [401, 'auth'],
  [402, 'quota'],
  [404, 'not-found'],
]);

function withoutStatus(errorClass: string): FailureClass | undefined {
  if (TIMEOUT_ERRORS.has(errorClass)) return 'timeout';
  return CONNECTION_ERRORS.has(errorClass) ? 'network' : undefined;
}

function failed(found: FailureClass, { code, errorClass }: RequestEnd): { effect: FailureEffect; failure: Failure } {
  // Only names that this table knows are repeated: any other text may be the upstream's or a user's.
  const known = UPSTREAM_ERRORS.has(errorClass) || CONNECTION_ERRORS.has(errorClass) || TIMEOUT_ERRORS.has(errorClass);
  const message = known ? `LiteLLM reported ${errorClass}` : 'LiteLLM reported a failed request';
  const status = code ?? (found === 'timeout' ? 408 : undefined);
  return {
    effect: effectOfFailure(found),
    failure: { class: found, message, ...(status !== undefined && { status }) },
  };
}
