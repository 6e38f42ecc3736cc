import type { RequestEnd } from './evidence.ts';

/** One request of a LiteLLM pod. Nothing else of the payload leaves {@link readEvent}. */
export interface LitellmEvent {
  readonly modelId: string;
  readonly end: RequestEnd;
  /** Epoch milliseconds on the clock of the LiteLLM pod. */
  readonly startMs: number;
  readonly endMs: number;
  /** Until the first token of the answer; of an answer without one, until its end. */
  readonly latencyMs: number;
}

/** Why an event counts for nothing. Fixed texts: they are in answers and metrics. */
export type IgnoredWhy = 'not an object' | 'no model_id' | 'no valid status' | 'no valid times' | 'too old';

/** An event, or why it is ignored. */
export type ReadEvent =
  | { readonly kind: 'event'; readonly event: LitellmEvent }
  | { readonly kind: 'ignored'; readonly why: Exclude<IgnoredWhy, 'too old'> };

/**
 * Reads one `StandardLoggingPayload`: id, status, times, error class, kind of call, and whether it was cached. All other fields (messages, answers, keys, users, tags) stay
 * unread.
 */
export function readEvent(payload: unknown): ReadEvent {
  if (!isObject(payload)) return { kind: 'ignored', why: 'not an object' };
  const { model_id: modelId, status, startTime, endTime, completionStartTime } = payload;
  // Requests that LiteLLM refused, and its own health checks, have no deployment.
  if (typeof modelId !== 'string' || modelId === '') return { kind: 'ignored', why: 'no model_id' };
  if (status !== 'success' && status !== 'failure') return { kind: 'ignored', why: 'no valid status' };
  if (!isTime(startTime) || !isTime(endTime) || endTime < startTime || endTime - startTime > LONGEST_S) {
    return { kind: 'ignored', why: 'no valid times' };
  }
  const first = isTime(completionStartTime) ? completionStartTime : endTime;
  const latencyMs = (Math.min(Math.max(first, startTime), endTime) - startTime) * 1_000;
  const end: RequestEnd = {
    status,
    ...errorOf(payload['error_information']),
    cached: payload['cache_hit'] === true,
    asksModel: asksModel(payload['call_type']),
  };
  return { kind: 'event', event: { modelId, end, startMs: startTime * 1_000, endMs: endTime * 1_000, latencyMs } };
}

/** Calls of LiteLLM that an upstream answers with a model, in its names for them. */
const MODEL_CALLS =
  /completion|embedding|image|moderation|transcription|speech|rerank|^a?(?:responses|ocr|video_generation)$|anthropic_messages|generate_content/;

function asksModel(callType: unknown): boolean {
  return typeof callType !== 'string' || MODEL_CALLS.test(callType);
}

/** No request takes longer; if one seems to, its times are invalid. */
const LONGEST_S = 86_400;

function errorOf(information: unknown): Pick<RequestEnd, 'code' | 'errorClass' | 'ownLimit'> {
  if (!isObject(information)) return { code: null, errorClass: '', ownLimit: false };
  const { error_code: code, error_class: errorClass, error_rate_limit_category: limit } = information;
  return {
    code: codeOf(code),
    errorClass: typeof errorClass === 'string' ? errorClass.slice(0, 100) : '',
    ownLimit: typeof limit === 'string' && limit.startsWith('litellm_'),
  };
}

/** LiteLLM sends the status as text, '' for none. */
function codeOf(code: unknown): number | null {
  if (typeof code !== 'string' && typeof code !== 'number') return null;
  return /^[1-5]\d\d$/.test(String(code)) ? Number(code) : null;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Seconds since the epoch, within what a number of microseconds can be exact for. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value < 4_000_000_000;
}
