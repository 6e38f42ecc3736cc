import type { CheckedAnswer, Grade, WireAnswer } from './answer.ts';
import { classOf, isAnswerAfterAll } from './failure-class.ts';
import { retryAfterMs } from './retry-after.ts';
import { readWireError } from './wire-error.ts';
import type { WireError } from './wire-error.ts';

/**
 * Outcome of a call by its answer; `check` recognises a valid body. `wallMs` is now, for dates
 * in headers.
 */
export function gradeBy(check: (text: string) => CheckedAnswer, answer: WireAnswer, wallMs: number): Grade {
  if (answer.status < 200 || answer.status > 299) return gradeError(answer, wallMs);
  if (answer.extent === 'cut') return server(answer.status, 'the answer is too large for a probe');
  const checked = check(answer.text);
  switch (checked.kind) {
    case 'good':
      return { kind: 'ok', usage: checked.usage };
    case 'malformed':
      return server(answer.status, `answered ${answer.status}, but: ${checked.why}`);
    case 'error':
      return gradeInner(checked.error, answer, wallMs);
  }
}

/** What an answer with an error status says. */
export function gradeError(answer: WireAnswer, wallMs: number): Grade {
  return judge(answer.status, readWireError(answer.text), retryAfterMs(answer.headers, wallMs));
}

// An error within a 200 counts as if it had come with the status that it names.
function gradeInner(error: WireError, answer: WireAnswer, wallMs: number): Grade {
  const named = error.status !== undefined && error.status >= 400 && error.status <= 599 ? error.status : 500;
  return judge(named, error, retryAfterMs(answer.headers, wallMs));
}

function judge(status: number, error: WireError, headerMs: number | undefined): Grade {
  if (isAnswerAfterAll(status, error)) return { kind: 'ok', usage: {} };
  const waitMs = headerMs ?? error.retryAfterMs;
  const name = classOf(status, error, waitMs);
  const message = error.message ?? `answered ${status} without a reason`;
  const wait = name === 'overloaded' && waitMs !== undefined ? { retryAfterMs: waitMs } : {};
  return { kind: 'failed', failure: { class: name, status, message, ...wait } };
}

function server(status: number, message: string): Grade {
  return { kind: 'failed', failure: { class: 'server', status, message } };
}
