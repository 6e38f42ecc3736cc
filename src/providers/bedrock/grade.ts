import { gradeBy, isObject, parseJson, textOf, usageFrom, wireErrorOf } from '../wire/index.ts';
import type { CheckedAnswer, Grade, ProbeMode, WireAnswer } from '../wire/index.ts';

/** What an answer of Bedrock's runtime says about the model. `wallMs` is now, for dates in headers. */
export function gradeAnswer(answer: WireAnswer, mode: ProbeMode, wallMs: number): Grade {
  return gradeBy((text) => checkAnswer(mode, text, answer.headers), answer, wallMs);
}

function checkAnswer(mode: ProbeMode, text: string, headers: WireAnswer['headers']): CheckedAnswer {
  const body = parseJson(text);
  if (!isObject(body)) {
    return { kind: 'malformed', why: text.trim() === '' ? 'empty body' : 'body is not a JSON object' };
  }
  if (mode === 'embedding') {
    const { embedding, embeddings } = body;
    const lists: readonly unknown[] = isObject(embeddings) ? Object.values(embeddings) : [embeddings];
    const first: unknown = Array.isArray(embedding) ? embedding : lists.find(Array.isArray);
    if (!Array.isArray(first) || first.length === 0) return { kind: 'malformed', why: 'answer without an embedding' };
    const counted = body['inputTextTokenCount'] ?? Number(headers['x-amzn-bedrock-input-token-count'] ?? NaN);
    return { kind: 'good', usage: usageFrom(counted, undefined) };
  }
  const output = isObject(body['output']) ? body['output'] : {};
  // Every reason to stop is an answer, the token limit and a guardrail among them.
  if (!isObject(output['message']) && textOf(body['stopReason']) === undefined) {
    return textOf(body['message']) === undefined
      ? { kind: 'malformed', why: 'answer without a message' }
      : { kind: 'error', error: wireErrorOf(body) };
  }
  const usage = isObject(body['usage']) ? body['usage'] : {};
  return { kind: 'good', usage: usageFrom(usage['inputTokens'], usage['outputTokens']) };
}
