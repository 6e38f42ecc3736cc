import { gradeBy, isObject, parseJson, textOf, usageFrom, wireErrorOf } from '../wire/index.ts';
import type { Grade, WireAnswer, CheckedAnswer, JsonObject } from '../wire/index.ts';

/** What an answer to a call for a message says about the model. `wallMs` is now, for dates in headers. */
export function gradeAnswer(answer: WireAnswer, wallMs: number): Grade {
  return gradeBy(checkMessage, answer, wallMs);
}

/**
 * Whether the body of a 200 is a message. Every reason to stop is an answer, refusal and token limit too, and so is a
 * message without content that says why it ended: the model may have nothing to say.
 */
function checkMessage(text: string): CheckedAnswer {
  const body = parseJson(text);
  if (!isObject(body)) {
    return { kind: 'malformed', why: text.trim() === '' ? 'empty body' : 'body is not a JSON object' };
  }
  if (body['type'] === 'error' || isObject(body['error'])) return { kind: 'error', error: wireErrorOf(body) };
  const spoke = Array.isArray(body['content']) && body['content'].length > 0;
  if (!spoke && textOf(body['stop_reason']) === undefined) {
    return { kind: 'malformed', why: 'message without content' };
  }
  const usage = isObject(body['usage']) ? body['usage'] : {};
  return { kind: 'good', usage: usageFrom(inputOf(usage), usage['output_tokens']) };
}

/** Tokens from and for the cache are counted beside the others, and billed. */
function inputOf(usage: JsonObject): unknown {
  const { input_tokens: fresh, cache_creation_input_tokens: written, cache_read_input_tokens: read } = usage;
  if (typeof fresh !== 'number') return fresh;
  return [written, read].reduce<number>((sum, more) => sum + (typeof more === 'number' ? more : 0), fresh);
}
