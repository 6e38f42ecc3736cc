import { gradeBy, isObject, parseJson, textOf, usageFrom, wireErrorOf } from '../wire/index.ts';
import type { CheckedAnswer, Grade, JsonObject, ProbeMode, Usage, WireAnswer } from '../wire/index.ts';

/** What an answer of Vertex AI says about the model. `wallMs` is now, for dates in headers. */
export function gradeAnswer(answer: WireAnswer, mode: ProbeMode, wallMs: number): Grade {
  return gradeBy((text) => checkAnswer(mode, text), answer, wallMs);
}

function checkAnswer(mode: ProbeMode, text: string): CheckedAnswer {
  const body = parseJson(text);
  if (!isObject(body)) {
    return { kind: 'malformed', why: text.trim() === '' ? 'empty body' : 'body is not a JSON object' };
  }
  if (isObject(body['error'])) return { kind: 'error', error: wireErrorOf(body) };
  return mode === 'embedding' ? checkPrediction(body) : checkCandidates(body);
}

/** A model that thinks until the limit answers with a reason and nothing else; a blocked prompt has no candidate. */
function checkCandidates(body: JsonObject): CheckedAnswer {
  const first: unknown = Array.isArray(body['candidates']) ? body['candidates'][0] : undefined;
  const candidate = isObject(first) ? first : {};
  const spoke = isObject(candidate['content']) || textOf(candidate['finishReason']) !== undefined;
  if (!spoke && !isObject(body['promptFeedback'])) return { kind: 'malformed', why: 'answer without candidates' };
  return { kind: 'good', usage: usageOf(isObject(body['usageMetadata']) ? body['usageMetadata'] : {}) };
}

/** Thoughts are counted beside the answer, and billed. */
function usageOf({ promptTokenCount, candidatesTokenCount = 0, thoughtsTokenCount = 0 }: JsonObject): Usage {
  return usageFrom(promptTokenCount, Number(candidatesTokenCount) + Number(thoughtsTokenCount));
}

function checkPrediction(body: JsonObject): CheckedAnswer {
  const first: unknown = Array.isArray(body['predictions']) ? body['predictions'][0] : undefined;
  const embeddings = isObject(first) && isObject(first['embeddings']) ? first['embeddings'] : {};
  const { values, statistics } = embeddings;
  if (!Array.isArray(values) || values.length === 0) return { kind: 'malformed', why: 'answer without an embedding' };
  return { kind: 'good', usage: usageFrom(isObject(statistics) ? statistics['token_count'] : undefined, undefined) };
}
