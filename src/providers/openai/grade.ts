import { gradeBy } from '../wire/index.ts';
import type { Grade, ProbeMode, WireAnswer } from '../wire/index.ts';
import { checkAnswer } from './good-answer.ts';

/** What an answer to a call says about the model. `wallMs` is now, for dates in headers. */
export function gradeAnswer(answer: WireAnswer, mode: ProbeMode, wallMs: number): Grade {
  return gradeBy((text) => checkAnswer(mode, text), answer, wallMs);
}
