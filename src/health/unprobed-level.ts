import type { Facts, Run } from './facts.ts';
import type { StoreTime } from './ids.ts';
import { reaches } from './level.ts';
import type { Level } from './level.ts';
import { healthEvidenceAt } from './health-evidence.ts';
import type { Judge } from './judge.ts';

/** What pods saw deeper than any looks now counts for so many intervals more. */
const UNSEEN_INTERVALS = 3;
/** The same where a pod is set to look as deep and cannot now: its interval may be longer, and it may back off. */
const UNABLE_INTERVALS = 24;
const UNABLE_MS = 7_200_000;

/** Something that only a look as deep as its level ends. */
interface Dated {
  readonly level: Level;
  readonly at: StoreTime;
}

/**
 * Facts without what no pod can end any more: trouble that was seen deeper than any live pod looks, as after a change of the
 * configured level during an outage. It counts until it is three intervals old, two hours where a live pod is set to look as
 * deep and cannot, and shallower good evidence is newer; then the judging pod goes by that evidence. A pod that looks as deep
 * again, and fails, brings it back.
 */
export function withoutUnprobedLevels(facts: Facts, judge: Judge): Facts {
  const { failureRun, overload, rejected, ...rest } = facts;
  const failing = facts.run.kind === 'failed' ? failureRun : undefined;
  const unseen = (one: Dated | undefined): boolean => one !== undefined && isUnseen(facts, one, judge);
  const [noTrouble, noOverload, noRejected] = [failing, overload, rejected].map(unseen);
  if (noTrouble !== true && noOverload !== true && noRejected !== true) return facts;
  return {
    ...rest,
    run: noTrouble === true ? goodRun(facts, judge) : facts.run,
    ...(failureRun !== undefined && noTrouble !== true && { failureRun }),
    ...(overload !== undefined && noOverload !== true && { overload }),
    ...(rejected !== undefined && noRejected !== true && { rejected }),
  };
}

/** One line on what {@link withoutUnprobedLevels} leaves out; empty where that is nothing. */
export function unprobedLevelNote(facts: Facts, seen: Facts): string {
  const { failureRun, overload, rejected } = facts;
  const [left] = [
    facts.run === seen.run ? undefined : failureRun,
    overload === seen.overload ? undefined : overload,
    rejected === seen.rejected ? undefined : rejected,
  ].flatMap((one) => one ?? []);
  return left === undefined
    ? ''
    : `; no pod probes at level ${left.level} now, where the last failure was: ${left.message}`;
}

function isUnseen(facts: Facts, { level, at }: Dated, judge: Judge): boolean {
  if (reaches(judge.level, level) || goodAt(facts, judge) <= at) return false;
  const unseenMs = (judge.now - Math.max(at, judge.waitingSince ?? 0)) / 1000;
  if (unseenMs <= UNSEEN_INTERVALS * judge.intervalMs + judge.waitMs) return false;
  const unableMs = Math.max(UNABLE_MS, UNABLE_INTERVALS * judge.intervalMs);
  if (judge.isSetTo?.(level) === true && unseenMs <= unableMs) return false;
  const able = judge.able();
  return able.length > 0 && !able.some((pod) => reaches(pod.level, level));
}

/** Start of the newest good look that counts for the judging pod; 0 for none. */
function goodAt({ lastSuccess }: Facts, { level }: Judge): StoreTime {
  return healthEvidenceAt({ lastSuccess }, level);
}

function goodRun(facts: Facts, judge: Judge): Run {
  return { kind: 'ok', length: 1, since: goodAt(facts, judge) };
}
