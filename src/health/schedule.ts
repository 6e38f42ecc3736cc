import type { Facts, Observation, Overload } from './facts.ts';
import { gridDue } from './grid.ts';
import type { HostId, StoreTime, TargetId } from './ids.ts';
import { withoutUnprobedLevels } from './unprobed-level.ts';
import { reaches } from './level.ts';
import { newestEvidenceAt } from './evidence-stamps.ts';
import type { EvidenceStamps } from './evidence-stamps.ts';
import { needsOperator } from './outcome.ts';
import type { Policy } from './policy.ts';
import { isSeenElsewhere, ofClassIn, recentHosts } from './failure-series.ts';
import { isPending, OVERLOADS_UNTIL_DOWN } from './verdict.ts';
import type { Judge } from './judge.ts';

const MAX_BACKOFF = 8;
/** The longest rest an upstream is granted, ms. */
const MAX_QUIET_MS = 600_000;

/** When a target wants its next probe, and under which name. */
export interface NextProbe {
  readonly reason: 'scheduled' | 'confirmation';
  readonly dueAt: StoreTime;
  /** Distance the claim asks for, ms: the interval, or more while backing off. */
  readonly everyMs: number;
}

/** What the schedule needs to know of a target. */
export interface ScheduledTarget {
  readonly id: TargetId;
  readonly intervalMs: number;
}

/**
 * The next probe of a target by one pod's policy. Pure. Never judged: at once. A pending change: at once, then at the
 * edge interval. Overloaded: when its rest ends. Otherwise on the grid, backing off while the failure is of a kind that
 * does not heal by itself.
 */
export function nextProbe(
  target: ScheduledTarget,
  evidence: ({ facts: Facts } & EvidenceStamps) | undefined,
  policy: Policy,
  judge: Judge,
): NextProbe {
  if (evidence === undefined) return { reason: 'scheduled', dueAt: 0, everyMs: target.intervalMs };
  const facts = withoutUnprobedLevels(evidence.facts, judge);
  const everyMs = distanceMs(facts, target.intervalMs, policy);
  const look = facts.last.overBudget === undefined ? undefined : facts.last;
  // A free look refreshes nothing, but a pod that may probe again waits for the next grid point, as after any probe.
  const looked = Math.max(newestEvidenceAt(evidence, judge.level), look?.at ?? 0);
  const from = trusted(looked, everyMs, judge.now);
  if (facts.overload !== undefined && facts.last.at === facts.overload.at) {
    return afterOverload(target, facts.overload, policy, { from, everyMs, now: judge.now, host: judge.host });
  }
  if (isPending(facts, policy, judge) && facts.last.at !== facts.rejected?.at && canSettle(facts, look, judge)) {
    const edgeUs = Math.min(policy.edgeIntervalMs, target.intervalMs) * 1000;
    // Counted from the newest look that could have decided it: a shallower one changes nothing.
    const lookedUs =
      facts.failureRun === undefined ? facts.last.at : newestEvidenceAt(evidence, facts.failureRun.level);
    const dueAt = trusted(lookedUs, target.intervalMs, judge.now) + (isUrgent(facts, judge) ? 0 : edgeUs);
    return { reason: 'confirmation', dueAt, everyMs: target.intervalMs };
  }
  return { reason: 'scheduled', dueAt: gridDue(from, target.id, everyMs), everyMs };
}

/** Age at which evidence counts as stale, ms: the cache TTL, but never before the second missed probe. */
export function staleAfterMs(cacheTtlMs: number, intervalMs: number, timeoutMs: number): number {
  return Math.max(cacheTtlMs, 2 * intervalMs + timeoutMs);
}

/** Another look is due when the rest that was asked for ends; where none was named, at the edge interval, doubling. */
function afterOverload(
  { id, intervalMs }: ScheduledTarget,
  overload: Overload,
  { edgeIntervalMs }: Policy,
  { from, everyMs, now, host }: Pick<Judge, 'now' | 'host'> & { readonly from: StoreTime; readonly everyMs: number },
): NextProbe {
  const { at, length, quietMs } = overload;
  const grid = gridDue(from, id, everyMs);
  const named = quietMs !== undefined && !isAskedElsewhere(overload, host);
  const namedUs = named ? Math.min(quietMs, MAX_QUIET_MS) * 1000 : undefined;
  const edgeUs = Math.min(edgeIntervalMs * 2 ** Math.min(length - 1, 20), intervalMs) * 1000;
  // Nobody knows when a rest began that was dated before the clock was set back: one look more, and it has a date again.
  if (isAhead(at, everyMs, now)) return { reason: 'scheduled', dueAt: grid, everyMs };
  const restEnds = at + (namedUs ?? edgeUs);
  if (namedUs !== undefined && restEnds > grid) {
    const dueAt = length < OVERLOADS_UNTIL_DOWN ? restEnds : gridDue(restEnds - everyMs * 500, id, everyMs);
    return { reason: 'scheduled', dueAt, everyMs };
  }
  if (length >= OVERLOADS_UNTIL_DOWN || restEnds >= grid) return { reason: 'scheduled', dueAt: grid, everyMs };
  return { reason: 'confirmation', dueAt: restEnds, everyMs };
}

/**
 * Whether one other host alone was asked to rest: its limit may be its own, so that another host looks once all the same. A
 * second host that is asked as well rests with it.
 */
function isAskedElsewhere(overload: Overload, host: HostId): boolean {
  const recent = recentHosts(overload);
  return recent.length === 1 && recent[0] !== host;
}

/**
 * Whether another look could decide what is pending: not one of a pod that looks less deep than the failure was, which
 * would use up what the guard grants, and often not a free one.
 */
function canSettle({ failureRun }: Facts, look: Observation | undefined, { level }: Judge): boolean {
  return failureRun === undefined || reaches(look === undefined ? level : look.level, failureRun.level);
}

/**
 * A first failure, and one that only one host saw lately, is looked at again at once by a pod on another host. Without
 * this a witness with a shorter edge interval would always come first.
 */
function isUrgent({ run, failureRun }: Facts, { host }: Judge): boolean {
  if (run.length === 1) return true;
  const recent = run.kind === 'failed' && failureRun !== undefined ? recentHosts(failureRun) : [];
  return recent.length === 1 && recent[0] !== host;
}

/**
 * Evidence far ahead of the store's clock was dated before that clock was set back: it counts as one interval old, as
 * it does for the store's scripts, or the target would rest until the clock has caught up.
 */
function trusted(evidenceAt: StoreTime, everyMs: number, now: StoreTime): StoreTime {
  return isAhead(evidenceAt, everyMs, now) ? now - everyMs * 1000 : evidenceAt;
}

function isAhead(at: StoreTime, everyMs: number, now: StoreTime): boolean {
  return at > now + everyMs * 500;
}

/**
 * 1, 2, 4, 8 intervals for trouble that only a person can end, and for probes that the upstream rejects; they still get
 * looked at. Confirmations do not count.
 */
function distanceMs({ run, failureRun, overload, rejected, last }: Facts, intervalMs: number, policy: Policy): number {
  const mostMs = Math.max(intervalMs, policy.backOffMs ?? Infinity);
  // What one host alone sees is looked at by the others as ever, though their probes are rejected.
  if (rejected !== undefined && last.at === rejected.at && run.kind !== 'failed') {
    return Math.min(intervalMs * Math.min(MAX_BACKOFF, 2 ** (rejected.length - 1)), mostMs);
  }
  if (run.kind !== 'failed' || failureRun === undefined || !needsOperator(failureRun.class)) return intervalMs;
  // Others are answered, if only by a rejection: whether this is trouble at all is to be known soon.
  if (rejected !== undefined && isSeenElsewhere(rejected, failureRun)) return intervalMs;
  // The upstream answers, if only to ask for less: the trouble may well be over.
  if (overload !== undefined && overload.at > failureRun.at) return intervalMs;
  // What came before was of another class, which did not stay.
  const length = ofClassIn(failureRun);
  const doublings = length - Math.min(failureRun.witnesses.length, 3, length);
  return Math.min(intervalMs * Math.min(MAX_BACKOFF, 2 ** doublings), mostMs);
}
