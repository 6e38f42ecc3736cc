import type { Step } from '../../routing/index.ts';
import type { Redact } from '../../redaction/index.ts';
import { isObject, parseJson } from '../../providers/wire/index.ts';
import type { ClientError } from './errors.ts';
import type { LastAttempt } from './forward.ts';

type GiveUp = Extract<Step, { kind: 'give-up' }>;

/** Where no deployment was asked at all. LiteLLM answers 429, too. */
export function giveUpError({ why, retryAfterMs }: GiveUp, group: string): ClientError {
  const message =
    why === 'over-limit'
      ? `All deployments of ${group} are at their limits (rpm, tpm or max_parallel_requests)`
      : `No deployments available for selected model, ${group}`;
  return { status: 429, type: 'throttling_error', message, retryAfterS: secondsOf(retryAfterMs ?? 1_000) };
}

/** The error of the last attempt: the upstream's own status and body, or what kept it from answering. */
export function failureError(
  { end, outcome, deployment }: LastAttempt,
  { step, redact }: { step: GiveUp; redact: Redact },
): ClientError {
  const waitMs = step.retryAfterMs ?? (outcome.kind === 'failure' ? outcome.retryAfterMs : undefined);
  const retryAfter = waitMs === undefined ? {} : { retryAfterS: secondsOf(waitMs) };
  if (end.kind === 'refused') {
    const text = redact(end.refusal.body.toString('utf8'));
    const { status } = end.refusal;
    const isEnvelope = isObject(parseJson(text));
    const message = `The upstream answered ${status} without a reason that can be read`;
    return { status, type: typeOf(status), message, ...(isEnvelope && { body: text }), ...retryAfter };
  }
  const { class: name, message } = end.fault;
  const status = name === 'timeout' ? 408 : name === 'server' ? 502 : 500;
  const shown = redact(`${deployment.group}: ${message}`);
  return { status, type: name === 'timeout' ? 'timeout_error' : 'api_connection_error', message: shown, ...retryAfter };
}

function secondsOf(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}

function typeOf(status: number): string {
  if (status === 429) return 'throttling_error';
  if (status === 401) return 'auth_error';
  return status < 500 ? 'invalid_request_error' : 'internal_server_error';
}
