import type { AttemptOutcome, CallerFault } from '../../routing/index.ts';
import { gradeError } from '../../providers/wire/index.ts';
import type { AttemptEnd, Refusal } from './attempt-types.ts';

/** When the attempt began and ended, monotonic ms, and the wall clock for dates in headers. */
export interface AttemptTimes {
  readonly durationMs: number;
  readonly wallMs: number;
}

/** What an attempt says about its deployment. */
export function outcomeOf(end: AttemptEnd, { durationMs, wallMs }: AttemptTimes): AttemptOutcome {
  switch (end.kind) {
    case 'answered': {
      const { inputTokens: input = 0, outputTokens: output = 0 } = end.usage;
      const tokens = input + output > 0 ? { tokens: { input, output } } : {};
      return { kind: 'success', firstByteMs: end.firstByteMs, durationMs, ...tokens };
    }
    case 'refused':
      return refusalOutcome(end.refusal, { durationMs, wallMs });
    case 'failed':
    case 'broken-off': {
      const { class: name } = end.fault;
      // This pod's own fault says nothing about the deployment.
      if (name === 'local' || name === 'stopping') return { kind: 'neutral', durationMs };
      const phase = end.kind === 'failed' ? 'before-first-byte' : 'after-first-byte';
      return { kind: 'failure', class: name, phase, durationMs };
    }
    case 'client-left':
      return { kind: 'neutral', durationMs };
  }
}

function refusalOutcome({ status, headers, body }: Refusal, { durationMs, wallMs }: AttemptTimes): AttemptOutcome {
  const text = body.toString('utf8');
  const callerFault = (fault: CallerFault): AttemptOutcome => ({ kind: 'caller-fault', fault, status, durationMs });
  if (isClientError(status) && CONTEXT_WORDS.test(text)) return callerFault('context-window');
  const grade = gradeError({ status, headers: plain(headers), text, extent: 'whole' }, wallMs);
  // A content filter or a token limit: the model answered.
  if (grade.kind === 'ok') return callerFault(FILTER_WORDS.test(text) ? 'content-policy' : 'bad-request');
  const { class: name, retryAfterMs } = grade.failure;
  if (name === 'bad-probe' || (name === 'not-found' && isOtherThing(text))) return callerFault('bad-request');
  return {
    kind: 'failure',
    class: name,
    status,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    phase: 'before-first-byte',
    durationMs,
  };
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

function plain(headers: Refusal['headers']): Record<string, string> {
  const wanted = ['retry-after', 'retry-after-ms'];
  return Object.fromEntries(
    wanted.flatMap((name) => {
      const value = headers[name];
      return value === undefined ? [] : [[name, String(value)]];
    }),
  );
}
