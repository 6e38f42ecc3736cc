import type { AttemptOutcome, RoutedDeployment, Step } from '../../routing/index.ts';
import { blankSuspicious } from '../../redaction/index.ts';
import type { Redact } from '../../redaction/index.ts';
import { isObject, parseJson, wireErrorOf } from '../../providers/wire/index.ts';
import type { RequestApi, RequestEndpoint } from '../../providers/index.ts';
import { toAnthropicError, toOpenAiError } from '../../translation/index.ts';
import { isErrorStatus } from './answer-check.ts';
import type { ClientError, ClientWire } from './errors.ts';
import type { AttemptEnd } from './attempt-types.ts';

type GiveUp = Extract<Step, { kind: 'give-up' }>;

/** The newest attempt that did not end with an answer. */
export interface LastAttempt {
  readonly end: Extract<AttemptEnd, { kind: 'refused' | 'untranslatable' | 'failed' }>;
  readonly outcome: AttemptOutcome;
  readonly deployment: RoutedDeployment;
  readonly number: number;
}

/** What a request asked for. */
export interface AskedEndpoint {
  readonly group: string;
  readonly api: RequestApi;
}

/**
 * Where no deployment was asked at all. LiteLLM answers 429, too, but for an endpoint that no deployment has, and for a caller's
 * deadline.
 */
export function giveUpError({ why, retryAfterMs }: GiveUp, { group, api }: AskedEndpoint): ClientError {
  if (why === 'not-served') {
    const message = `The deployments of ${group} have no endpoint for ${api}`;
    return { status: 400, type: 'invalid_request_error', message };
  }
  if (why === 'deadline') {
    const message = `The timeout of the request passed before a deployment of ${group} could be asked`;
    return { status: 408, type: 'timeout_error', message };
  }
  const message =
    why === 'over-limit'
      ? `All deployments of ${group} are at their limits (rpm, tpm or max_parallel_requests)`
      : `No deployments available for selected model, ${group}`;
  return { status: 429, type: 'throttling_error', message, retryAfterS: secondsOf(retryAfterMs ?? 1_000) };
}

/** The error of the last attempt: the upstream's own status and body, or what kept it from answering. */
export function failureError(
  { end, outcome, deployment }: LastAttempt,
  { step, redact, wire }: { step: GiveUp; redact: Redact; wire: ClientWire },
): ClientError {
  const waitMs = step.retryAfterMs ?? (outcome.kind === 'failure' ? outcome.retryAfterMs : undefined);
  const retryAfter = waitMs === undefined ? {} : { retryAfterS: secondsOf(waitMs) };
  if (end.kind !== 'failed') {
    const { status: given, format } = end.refusal;
    // Clients would follow a redirect, or read 304 as no news.
    const status = isErrorStatus(given) ? given : 502;
    const whole = redact(inFormatOf(wire, { status, format, text: end.refusal.body.toString('utf8') }));
    // Vendors quote the key that they refuse in part, and it is the pod's own.
    const text = status === 401 || status === 403 ? blankSuspicious(whole, '[redacted]') : whole;
    const { body, reason } = envelopeIn(text);
    const message = reason ?? `The upstream answered ${given} without a reason that can be read`;
    return { status, type: typeOf(status), message, ...(body !== undefined && { body }), ...retryAfter };
  }
  const { class: name, message } = end.fault;
  if (name === 'stopping') {
    return { status: 503, type: 'api_connection_error', message: 'The gateway pod stops', retryAfterS: 1 };
  }
  const status = name === 'timeout' ? 408 : name === 'server' ? 502 : 500;
  const shown = redact(`${deployment.group}: ${message}`);
  return { status, type: name === 'timeout' ? 'timeout_error' : 'api_connection_error', message: shown, ...retryAfter };
}

/**
 * An upstream's body with `error`, as clients read it. Google sends a list around it; Bedrock and Cohere send a message without it,
 * which becomes the reason in an envelope of this pod.
 */
function envelopeIn(text: string): { readonly body?: string; readonly reason?: string | undefined } {
  const parsed = parseJson(text);
  const body: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  if (!isObject(body)) return {};
  if ('error' in body) return { body: body === parsed ? text : JSON.stringify(body) };
  return { reason: wireErrorOf(body).message };
}

interface UpstreamError {
  readonly status: number;
  readonly format: RequestEndpoint['format'];
  readonly text: string;
}

/** An error of an upstream in the client's format. */
function inFormatOf(wire: ClientWire, { status, format, text }: UpstreamError): string {
  const client = wire === 'anthropic' ? 'anthropic' : 'openai';
  if (client === format) return text;
  return JSON.stringify((client === 'openai' ? toOpenAiError : toAnthropicError)(status, text).body);
}

function secondsOf(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}

function typeOf(status: number): string {
  if (status === 429) return 'throttling_error';
  if (status === 401) return 'auth_error';
  return status < 500 ? 'invalid_request_error' : 'internal_server_error';
}
