import { Violation } from './violation.ts';
import type { Checked } from './violation.ts';

/** A command times out after 250 ms; a pod's estimate of the store's clock can be off by half of that. */
export const LATE_MS = 400;

/** Invariant 2, last part: a command that runs long after its timeout changes nothing. */
export function runLate<T>(run: () => T, texts: () => readonly ReadonlyMap<string, string>[], checked: Checked): T {
  const before = texts();
  const answer = run();
  checked('2: a late script changes nothing');
  texts().forEach((after, i) => {
    for (const [field, text] of after) {
      if (before[i]?.get(field) !== text) throw new Violation(`invariant 2: a late script wrote ${field}: ${text}`);
    }
    if (after.size !== before[i]?.size) throw new Violation('invariant 2: a late script removed something');
  });
  return answer;
}
