import type { FailureClass } from '../../health/index.ts';
import { gradeError } from './grade.ts';

/** What an upstream's error says about a request of a user, and about the upstream. */
export type RefusalMeaning =
  /** The request is at fault; it says nothing about the upstream. */
  | {
      readonly kind: 'caller-fault';
      readonly fault: 'context-window' | 'content-policy' | 'bad-request';
      readonly status: number;
    }
  | {
      readonly kind: 'failure';
      readonly class: FailureClass;
      readonly status: number;
      /** `Retry-After` of the answer, ms. */
      readonly retryAfterMs?: number;
    };

/**
 * Reads an answer with an error status. `headers` with lower-case names: `retry-after` and `retry-after-ms` are enough.
 * `wallMs` is now, for dates in headers.
 */
export function readRefusal({ status, headers, text }: RefusedAnswer, wallMs: number): RefusalMeaning {
  const callerFault = (fault: 'context-window' | 'content-policy' | 'bad-request'): RefusalMeaning => {
    return { kind: 'caller-fault', fault, status };
  };
  if (isClientError(status) && CONTEXT_WORDS.test(text)) return callerFault('context-window');
  const grade = gradeError({ status, headers, text, extent: 'whole' }, wallMs);
  // A content filter or a token limit: the model answered.
  if (grade.kind === 'ok') return callerFault(FILTER_WORDS.test(text) ? 'content-policy' : 'bad-request');
  const { class: name, retryAfterMs } = grade.failure;
  if (name === 'bad-probe' || (name === 'not-found' && isOtherThing(text))) return callerFault('bad-request');
  return { kind: 'failure', class: name, status, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** An error as it was sent. */
export interface RefusedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** As much of the body as was read. */
  readonly text: string;
}

/** Statuses with which vendors refuse a prompt that is too long. */
function isClientError(status: number): boolean {
  return status === 400 || status === 413 || status === 422;
}

/** Codes and words of OpenAI, Anthropic, Google, Mistral, Cohere, vLLM and others for a prompt that is too long. */
const CONTEXT_WORDS =
  /context_length_exceeded|string_above_max_length|maximum context length|prompt is too long|input is too long|too many (?:input )?tokens|context window|exceeds? the (?:maximum number of tokens|context|model's maximum)|input length and `max_tokens` exceed|input token count .{0,40}exceeds/i;

/** A 404 about something that the request names beside its model: no fault of the deployment. */
function isOtherThing(text: string): boolean {
  return OTHER_THINGS.test(text) && !MODEL_WORDS.test(text);
}

const OTHER_THINGS =
  /previous[_ ]response|\bfiles?\b|file_id|vector[_ ]?store|\bcontainer\b|\bprompt\b|\bconversation\b|\bitem\b/i;
const MODEL_WORDS = /\bmodels?\b|model_|deployment/i;

const FILTER_WORDS = /content_?filter|content_policy|moderation_blocked|responsible_?ai|flagged/i;
