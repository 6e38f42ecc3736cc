import type { Facts, Run } from './facts.ts';
import { healthEvidenceAt } from './health-evidence.ts';
import type { StoreTime } from './ids.ts';
import type { VerdictContext } from './verdict-context.ts';
import { reaches } from './level.ts';
import type { Level } from './level.ts';

/** Intervals for which a failure counts although no live pod probes at its level. */
const UNPROBED_INTERVALS = 3;
/** The same while a live pod is configured for that level and cannot probe now: it may back off or have a longer interval. */
const UNABLE_INTERVALS = 24;
const UNABLE_MS = 7_200_000;

/** A failure that only a probe at its level, or a deeper one, can end. */
interface LeveledFailure {
  readonly level: Level;
  readonly at: StoreTime;
}

/**
 * Facts without the failures that no live pod can confirm or end, because all of them probe at a shallower level. This
 * happens when the configured level is lowered during an outage. Such a failure counts until it is three intervals old
 * (two hours while a live pod is configured for its level and cannot probe now) and a shallower success is newer. The
 * verdict then rests on that success. A new failure at the deeper level counts again at once.
 */
export function withoutUnprobedLevels(facts: Facts, context: VerdictContext): Facts {
  const { failureRun, overload, rejected, ...rest } = facts;
  const failing = facts.run.kind === 'failed' ? failureRun : undefined;
  const unprobed = (one: LeveledFailure | undefined): boolean => one !== undefined && isUnprobed(facts, one, context);
  const [dropRun, dropOverload, dropRejected] = [failing, overload, rejected].map(unprobed);
  if (dropRun !== true && dropOverload !== true && dropRejected !== true) return facts;
  return {
    ...rest,
    run: dropRun === true ? successRun(facts, context) : facts.run,
    ...(failureRun !== undefined && dropRun !== true && { failureRun }),
    ...(overload !== undefined && dropOverload !== true && { overload }),
    ...(rejected !== undefined && dropRejected !== true && { rejected }),
  };
}

/** One line on what {@link withoutUnprobedLevels} removed; empty if it removed nothing. */
export function unprobedLevelNote(facts: Facts, kept: Facts): string {
  const { failureRun, overload, rejected } = facts;
  const [removed] = [
    facts.run === kept.run ? undefined : failureRun,
    overload === kept.overload ? undefined : overload,
    rejected === kept.rejected ? undefined : rejected,
  ].flatMap((one) => one ?? []);
  return removed === undefined
    ? ''
    : `; the last failure was at level ${removed.level}, at which no pod probes now: ${removed.message}`;
}

function isUnprobed(facts: Facts, { level, at }: LeveledFailure, context: VerdictContext): boolean {
  if (reaches(context.level, level) || successAt(facts, context) <= at) return false;
  const unprobedMs = (context.now - Math.max(at, context.waitingSince ?? 0)) / 1000;
  if (unprobedMs <= UNPROBED_INTERVALS * context.intervalMs + context.waitMs) return false;
  const unableMs = Math.max(UNABLE_MS, UNABLE_INTERVALS * context.intervalMs);
  if (context.isSetTo?.(level) === true && unprobedMs <= unableMs) return false;
  const able = context.able();
  return able.length > 0 && !able.some((pod) => reaches(pod.level, level));
}

/** Start of the newest success at the judging pod's level or deeper; 0 for none. */
function successAt({ lastSuccess }: Facts, { level }: VerdictContext): StoreTime {
  return healthEvidenceAt({ lastSuccess }, level);
}

function successRun(facts: Facts, context: VerdictContext): Run {
  return { kind: 'ok', length: 1, since: successAt(facts, context) };
}
