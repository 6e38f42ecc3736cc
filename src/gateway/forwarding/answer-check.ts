import type { RequestApi } from '../../providers/index.ts';
import { isObject, parseJson, usageFrom, wireErrorOf } from '../../providers/wire/index.ts';
import type { JsonObject, Usage } from '../../providers/wire/index.ts';

/** Reads a whole body of a 200. `error`: it holds an error in place of an answer. */
export type AnswerCheck = (body: Buffer) =>
  /** `body`: what the client gets in its place. */
  | { readonly kind: 'good'; readonly usage: Usage; readonly body?: Buffer }
  | {
      readonly kind: 'error';
      readonly why: string;
      /** HTTP status that the error names. */
      readonly status?: number;
    }
  | { readonly kind: 'malformed'; readonly why: string };

/** Above this a body is not parsed: embeddings are megabytes of numbers. Its first and last byte are looked at. */
const MAX_PARSED_BYTES = 64 * 1024;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;

/** What the body of a 200 must be to count as an answer of this endpoint. */
export function answerCheckFor(api: RequestApi): AnswerCheck {
  const required = requiredFields[api];
  return (bytes) => {
    if (bytes.length === 0) return { kind: 'malformed', why: 'empty body' };
    if (bytes.length > MAX_PARSED_BYTES) return checkEnds(bytes);
    const body = parseJson(bytes.toString('utf8'));
    if (!isObject(body)) {
      return Array.isArray(body)
        ? { kind: 'good', usage: {} }
        : { kind: 'malformed', why: 'body is not a JSON object' };
    }
    if (isError(body)) {
      const { message = 'an error without a reason', status } = wireErrorOf(body);
      return { kind: 'error', why: message, ...(status !== undefined && { status }) };
    }
    if (required.length > 0 && !required.some((name) => Array.isArray(body[name]))) {
      return { kind: 'malformed', why: `answer without ${required.join(' or ')}` };
    }
    return { kind: 'good', usage: usageIn(body) };
  };
}

/** True for a status of HTTP errors: such an error within a 200 counts as if it had come with its status. */
export function isErrorStatus(status: number | undefined): status is number {
  return status !== undefined && status >= 400 && status <= 599;
}

/** A list with one of these names is the answer. None: any object is. */
const requiredFields: Readonly<Record<RequestApi, readonly string[]>> = {
  chat: ['choices'],
  completion: ['choices'],
  embedding: ['data'],
  responses: ['output'],
  moderation: ['results'],
  image_generation: ['data'],
  image_edit: ['data'],
  audio_speech: [],
  audio_transcription: [],
  audio_translation: [],
  rerank: ['results', 'data'],
  messages: ['content'],
  count_tokens: [],
};

function isError(body: JsonObject): boolean {
  const { error } = body;
  return body['type'] === 'error' || isObject(error) || (typeof error === 'string' && error !== '');
}

function usageIn({ usage }: JsonObject): Usage {
  if (!isObject(usage)) return {};
  return usageFrom(
    usage['prompt_tokens'] ?? usage['input_tokens'],
    usage['completion_tokens'] ?? usage['output_tokens'],
  );
}

function checkEnds(bytes: Buffer): ReturnType<AnswerCheck> {
  const first = bytes.find((byte) => byte > 0x20);
  const last = bytes.findLast((byte) => byte > 0x20);
  const isWhole =
    (first === OPEN_BRACE && last === OPEN_BRACE + 2) || (first === OPEN_BRACKET && last === OPEN_BRACKET + 2);
  return isWhole ? { kind: 'good', usage: usageAtEnd(bytes) } : { kind: 'malformed', why: 'body is not complete JSON' };
}

const USAGE = Buffer.from('"usage"');

/** `usage` stands last in large answers. */
function usageAtEnd(bytes: Buffer): Usage {
  const at = bytes.lastIndexOf(USAGE);
  if (at < bytes.length - 2_000) return {};
  const text = /^"usage"\s*:\s*(\{[^{}]*\})/.exec(bytes.toString('utf8', at))?.[1];
  return text === undefined ? {} : usageIn({ usage: parseJson(text) });
}
