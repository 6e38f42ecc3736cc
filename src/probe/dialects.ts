import * as anthropic from '../providers/anthropic/index.ts';
import * as openai from '../providers/openai/index.ts';
import * as bedrock from '../providers/bedrock/index.ts';
import * as vertex from '../providers/vertex/index.ts';
import { claudeBodyOf } from '../providers/vertex/index.ts';
import type { Wire } from '../providers/index.ts';
import type { Grade, JsonBody, ProbeMode, Question, WireAnswer } from '../providers/wire/index.ts';

/** How a wire words a question, and reads the answer. */
export interface Dialect {
  readonly bodyOf: (question: Question) => JsonBody;
  readonly grade: (answer: WireAnswer, mode: ProbeMode, wallMs: number) => Grade;
}

const likeOpenAi: Dialect = { bodyOf: openai.bodyOf, grade: openai.gradeAnswer };

export const dialects: Readonly<Record<Exclude<Wire, 'none'>, Dialect>> = {
  openai: likeOpenAi,
  azure: likeOpenAi,
  anthropic: {
    bodyOf: anthropic.bodyOf,
    grade: (answer, _mode, wallMs) => anthropic.gradeAnswer(answer, wallMs),
  },
  bedrock: { bodyOf: bedrock.bodyOf, grade: bedrock.gradeAnswer },
  vertex: { bodyOf: vertex.bodyOf, grade: vertex.gradeAnswer },
  'vertex-claude': {
    bodyOf: (question) => claudeBodyOf(anthropic.bodyOf(question)),
    grade: (answer, _mode, wallMs) => anthropic.gradeAnswer(answer, wallMs),
  },
};
