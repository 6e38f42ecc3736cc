import type { Facts } from './facts.ts';
import type { StoreTime } from './ids.ts';
import { LEVELS, reaches } from './level.ts';
import type { Level } from './level.ts';

/**
 * Start of the newest evidence that says something of the target's health at `level`; 0 for none. A probe that the
 * upstream rejected is a look, and no evidence.
 */
export function healthEvidenceAt(
  { lastSuccess, failureRun, overload }: Pick<Facts, 'lastSuccess' | 'failureRun' | 'overload'>,
  level: Level,
): StoreTime {
  const goods = LEVELS.filter((one) => reaches(one, level)).map((one) => lastSuccess[one] ?? 0);
  // What fails at a shallow level fails at the deeper ones, too.
  const asked = overload !== undefined && reaches(overload.level, level) ? overload.at : 0;
  return Math.max(0, ...goods, failureRun?.at ?? 0, asked);
}

/** The newest evidence in one word. A probe that the upstream rejected proves nothing: it counts as failed. */
export function evidenceKind({ run, overload, last }: Facts): 'ok' | 'overloaded' | 'failed' {
  if (run.kind === 'failed' || last.failure?.class === 'bad-probe') return 'failed';
  return overload === undefined && run.kind === 'ok' ? 'ok' : 'overloaded';
}
