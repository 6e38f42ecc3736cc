import type { Api } from './api.ts';
import { isObject, parseJson, textOf } from './json.ts';
import type { JsonObject } from './json.ts';
import { wireErrorOf } from './wire-error.ts';
import type { WireError } from './wire-error.ts';

/** Tokens as the upstream counted them. */
export interface Usage {
  readonly inputTokens?: number;
  readonly outputTokens?: number;
}

export type CheckedAnswer =
  | { readonly kind: 'good'; readonly usage: Usage }
  /** A 200 that holds an error, as gateways send it. */
  | { readonly kind: 'error'; readonly error: WireError }
  | { readonly kind: 'malformed'; readonly why: string };

/**
 * Whether the body of a 200 is an answer. A stop at the token limit, a refusal and a content filter are answers: the
 * model is there. An empty list is none, however well-formed.
 */
export function checkAnswer(api: Api, text: string): CheckedAnswer {
  const body = parseJson(text);
  if (!isObject(body)) {
    return { kind: 'malformed', why: text.trim() === '' ? 'empty body' : 'body is not a JSON object' };
  }
  if (isObject(body['error']) || textOf(body['error']) !== undefined) {
    return { kind: 'error', error: wireErrorOf(body) };
  }
  return api === 'embeddings' ? checkEmbedding(body) : checkChoices(body);
}

function checkChoices(body: JsonObject): CheckedAnswer {
  const first: unknown = Array.isArray(body['choices']) ? body['choices'][0] : undefined;
  if (!isObject(first)) return { kind: 'malformed', why: 'answer without choices' };
  if (isObject(first['error'])) return { kind: 'error', error: wireErrorOf(first) };
  const reason = textOf(first['finish_reason']);
  if (reason === 'error') return { kind: 'malformed', why: 'the answer ended with an error' };
  if (reason === undefined && !isObject(first['message']) && typeof first['text'] !== 'string') {
    return { kind: 'malformed', why: 'answer with an empty choice' };
  }
  return { kind: 'good', usage: usageOf(body) };
}

function checkEmbedding(body: JsonObject): CheckedAnswer {
  const first: unknown = Array.isArray(body['data']) ? body['data'][0] : undefined;
  const vector: unknown = isObject(first) ? first['embedding'] : undefined;
  const filled = Array.isArray(vector) ? vector.length > 0 : textOf(vector) !== undefined;
  return filled ? { kind: 'good', usage: usageOf(body) } : { kind: 'malformed', why: 'answer without an embedding' };
}

function usageOf(body: JsonObject): Usage {
  const usage = isObject(body['usage']) ? body['usage'] : {};
  const input = countOf(usage['prompt_tokens']);
  const output = countOf(usage['completion_tokens']);
  return {
    ...(input === undefined ? {} : { inputTokens: input }),
    ...(output === undefined ? {} : { outputTokens: output }),
  };
}

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
