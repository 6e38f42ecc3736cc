import { gradeBy, isObject, parseJson, textOf, usageFrom, wireErrorOf } from '../wire/index.ts';
import type { Grade, ProbeMode, WireAnswer, CheckedAnswer, JsonObject, Usage } from '../wire/index.ts';

/** What an answer to a call says about the model. `wallMs` is now, for dates in headers. */
export function gradeAnswer(answer: WireAnswer, mode: ProbeMode, wallMs: number): Grade {
  return gradeBy((text) => checkAnswer(mode, text), answer, wallMs);
}

/**
 * Whether the body of a 200 is an answer. A stop at the token limit, a refusal and a content filter are answers: the
 * model is there. An empty list is none, however well-formed.
 */
function checkAnswer(mode: ProbeMode, text: string): CheckedAnswer {
  const body = parseJson(text);
  if (!isObject(body)) {
    return { kind: 'malformed', why: text.trim() === '' ? 'empty body' : 'body is not a JSON object' };
  }
  if (isObject(body['error']) || textOf(body['error']) !== undefined) {
    return { kind: 'error', error: wireErrorOf(body) };
  }
  switch (mode) {
    case 'chat':
    case 'completion':
      return checkChoices(body);
    case 'embedding':
      return checkEmbedding(body);
    case 'responses':
      return checkResponse(body);
  }
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
  const usage = isObject(body['usage']) ? body['usage'] : {};
  return { kind: 'good', usage: billedUsage(usage, 'prompt_tokens', 'completion_tokens') };
}

function checkEmbedding(body: JsonObject): CheckedAnswer {
  const first: unknown = Array.isArray(body['data']) ? body['data'][0] : undefined;
  const vector: unknown = isObject(first) ? first['embedding'] : undefined;
  const filled = Array.isArray(vector) ? vector.length > 0 : textOf(vector) !== undefined;
  if (!filled) return { kind: 'malformed', why: 'answer without an embedding' };
  const usage = isObject(body['usage']) ? body['usage'] : {};
  return { kind: 'good', usage: usageFrom(usage['prompt_tokens'], usage['completion_tokens']) };
}

/** `incomplete` is a stop at the limit or by a filter; whatever is still at work was not asked for. */
function checkResponse(body: JsonObject): CheckedAnswer {
  const { status } = body;
  const spoke = Array.isArray(body['output']) && body['output'].length > 0;
  if (status !== 'incomplete' && !(spoke && (status === 'completed' || status === undefined))) {
    return { kind: 'malformed', why: 'response without output' };
  }
  const usage = isObject(body['usage']) ? body['usage'] : {};
  return { kind: 'good', usage: billedUsage(usage, 'input_tokens', 'output_tokens') };
}

/**
 * Tokens as they are billed. Some vendors count thoughts in the total alone, and bill them as output:
 * `{prompt_tokens: 12, completion_tokens: 5, total_tokens: 60017}` are 60,005 tokens out.
 */
function billedUsage(usage: JsonObject, input: string, output: string): Usage {
  const told = usageFrom(usage[input], usage[output]);
  const { inputTokens, outputTokens } = told;
  const { outputTokens: total } = usageFrom(undefined, usage['total_tokens']);
  if (inputTokens === undefined || total === undefined || total < inputTokens) return told;
  return { inputTokens, outputTokens: Math.max(outputTokens ?? 0, total - inputTokens) };
}
