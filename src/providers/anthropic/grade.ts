import { gradeBy } from '../wire/index.ts';
import type { Grade, WireAnswer } from '../wire/index.ts';
import { checkMessage } from './good-answer.ts';

/** What an answer to a call for a message says about the model. `wallMs` is now, for dates in headers. */
export function gradeAnswer(answer: WireAnswer, wallMs: number): Grade {
  return gradeBy(checkMessage, answer, wallMs);
}
