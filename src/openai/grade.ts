import type { Failure, FailureClass } from '../health/index.ts';
import type { Api } from './api.ts';
import { checkAnswer } from './good-answer.ts';
import type { Usage } from './good-answer.ts';
import { retryAfterMs } from './retry-after.ts';
import { readWireError } from './wire-error.ts';
import type { WireError } from './wire-error.ts';

/** An answer as it came over the wire. */
export interface WireAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly extent: 'whole' | 'cut';
}

export type Grade =
  | { readonly kind: 'ok'; readonly usage: Usage }
  /** The message is the upstream's own and not redacted. */
  | { readonly kind: 'failed'; readonly failure: Failure };

/** What an answer to a call says about the model. `wallMs` is now, for dates in headers. */
export function gradeAnswer(answer: WireAnswer, api: Api, wallMs: number): Grade {
  if (answer.status < 200 || answer.status > 299) return gradeError(answer, wallMs);
  if (answer.extent === 'cut') return server(answer.status, 'the answer is larger than any answer to a probe can be');
  const checked = checkAnswer(api, answer.text);
  switch (checked.kind) {
    case 'good':
      return { kind: 'ok', usage: checked.usage };
    case 'malformed':
      return server(answer.status, `answered ${answer.status}, but: ${checked.why}`);
    case 'error':
      return gradeInner(checked.error, answer, wallMs);
  }
}

/** What an answer with an error status says. */
export function gradeError(answer: WireAnswer, wallMs: number): Grade {
  return judge(answer.status, readWireError(answer.text), retryAfterMs(answer.headers, wallMs));
}

// An error within a 200 counts as if it had come with the status that it names.
function gradeInner(error: WireError, answer: WireAnswer, wallMs: number): Grade {
  const named = error.status !== undefined && error.status >= 400 && error.status <= 599 ? error.status : 500;
  return judge(named, error, retryAfterMs(answer.headers, wallMs));
}

function judge(status: number, error: WireError, waitMs: number | undefined): Grade {
  if (isAnswerAfterAll(status, error)) return { kind: 'ok', usage: {} };
  const name = classOf(status, error, waitMs);
  const message = error.message ?? `answered ${status} without a reason`;
  const wait = name === 'overloaded' && waitMs !== undefined ? { retryAfterMs: waitMs } : {};
  return { kind: 'failed', failure: { class: name, status, message, ...wait } };
}

/** A model that refuses, or that ran into the limit of a probe while it thought, is alive. */
function isAnswerAfterAll(status: number, { codes, message = '' }: WireError): boolean {
  if (status < 400 || status > 499) return false;
  if (codes.some((code) => filterCodes.has(code))) return true;
  return status === 400 && /could not finish the message|max_tokens or model output limit was reached/i.test(message);
}

function classOf(status: number, { codes }: WireError, waitMs: number | undefined): FailureClass {
  if (status === 402 || codes.some((code) => quotaCodes.has(code))) return 'quota';
  if (status === 401 || status === 403 || codes.includes('invalid_api_key')) return 'auth';
  if (status === 404 || status === 410 || codes.some((code) => missingCodes.has(code))) return 'not-found';
  if (status === 408) return 'timeout';
  if (status === 429 || status === 529 || (status === 503 && waitMs !== undefined)) return 'overloaded';
  return status >= 400 && status <= 499 ? 'bad-probe' : 'server';
}

const filterCodes = new Set([
  'content_filter',
  'content_policy_violation',
  'moderation_blocked',
  'responsibleaipolicyviolation',
]);
const quotaCodes = new Set(['insufficient_quota', 'billing_hard_limit_reached', 'billing_not_active']);
const missingCodes = new Set(['model_not_found', 'deploymentnotfound']);

function server(status: number, message: string): Grade {
  return { kind: 'failed', failure: { class: 'server', status, message } };
}
