import type { Facts } from './facts.ts';
import type { StoreTime } from './ids.ts';
import { LEVELS, reaches } from './level.ts';
import type { Level } from './level.ts';

/**
 * Start of the newest evidence about the target's health at `level`; 0 for none. A rejected probe does not count: it
 * shows only that the upstream answers.
 */
export function healthEvidenceAt(
  { lastSuccess, failureRun, overload }: Pick<Facts, 'lastSuccess' | 'failureRun' | 'overload'>,
  level: Level,
): StoreTime {
  const successes = LEVELS.filter((one) => reaches(one, level)).map((one) => lastSuccess[one] ?? 0);
  const overloadAt = overload !== undefined && reaches(overload.level, level) ? overload.at : 0;
  // A failure counts for all levels: what fails at a shallow level also fails at the deeper ones.
  return Math.max(0, ...successes, failureRun?.at ?? 0, overloadAt);
}

/** The newest evidence in one word. A rejected probe counts as failed, because it did not succeed. */
export function evidenceKind({ run, overload, last }: Facts): 'ok' | 'overloaded' | 'failed' {
  if (run.kind === 'failed' || last.failure?.class === 'bad-probe') return 'failed';
  return overload === undefined && run.kind === 'ok' ? 'ok' : 'overloaded';
}
