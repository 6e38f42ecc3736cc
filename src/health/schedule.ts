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
import type { VerdictContext } from './verdict-context.ts';

const MAX_BACKOFF = 8;
/** Longest Retry-After that is respected, ms. */
const MAX_QUIET_MS = 600_000;

/** Due time and reason of a target's next probe. */
export interface NextProbe {
  readonly reason: 'scheduled' | 'confirmation';
  readonly dueAt: StoreTime;
  /** Time between probes that the claim asks for, ms: the interval, or more while backing off. */
  readonly everyMs: number;
}

/** Id and interval of a target, all that the schedule needs of it. */
export interface ScheduledTarget {
  readonly id: TargetId;
  readonly intervalMs: number;
}

/**
 * The next probe of a target by one pod's policy. Pure. Without evidence: at once. Pending change: at once, then at the edge
 * interval. Rate-limited: when Retry-After has passed. Otherwise at the next grid point, with a growing interval while the
 * failure is of a class that only an operator can end.
 */
export function nextProbe(
  target: ScheduledTarget,
  evidence: ({ facts: Facts } & EvidenceStamps) | undefined,
  policy: Policy,
  context: VerdictContext,
): NextProbe {
  if (evidence === undefined) return { reason: 'scheduled', dueAt: 0, everyMs: target.intervalMs };
  const facts = withoutUnprobedLevels(evidence.facts, context);
  const everyMs = distanceMs(facts, target.intervalMs, policy);
  const unbilled = facts.last.overBudget === undefined ? undefined : facts.last;
  // An unbilled check does not refresh the evidence, but the next probe waits for a grid point as after any probe.
  const newestAt = Math.max(newestEvidenceAt(evidence, context.level), unbilled?.at ?? 0);
  const from = trusted(newestAt, everyMs, context.now);
  if (facts.overload !== undefined && facts.last.at === facts.overload.at) {
    return afterOverload(target, facts.overload, policy, { from, everyMs, now: context.now, host: context.host });
  }
  if (
    isPending(facts, policy, context) &&
    facts.last.at !== facts.rejected?.at &&
    canSettle(facts, unbilled, context)
  ) {
    const edgeUs = Math.min(policy.edgeIntervalMs, target.intervalMs) * 1000;
    // Counted from the newest evidence that could have settled it: shallower evidence cannot.
    const newestUs =
      facts.failureRun === undefined ? facts.last.at : newestEvidenceAt(evidence, facts.failureRun.level);
    const dueAt = trusted(newestUs, target.intervalMs, context.now) + (isUrgent(facts, context) ? 0 : edgeUs);
    return { reason: 'confirmation', dueAt, everyMs: target.intervalMs };
  }
  return { reason: 'scheduled', dueAt: gridDue(from, target.id, everyMs), everyMs };
}

/** Age at which evidence counts as stale, ms: the cache TTL, but never before the second missed probe. */
export function staleAfterMs(cacheTtlMs: number, intervalMs: number, timeoutMs: number): number {
  return Math.max(cacheTtlMs, 2 * intervalMs + timeoutMs);
}

/**
 * After a rate-limit answer: due when Retry-After has passed, or without one after the edge interval, doubled each time.
 * Other hosts than the one that alone received it: at once.
 */
function afterOverload(
  { id, intervalMs }: ScheduledTarget,
  overload: Overload,
  { edgeIntervalMs }: Policy,
  {
    from,
    everyMs,
    now,
    host,
  }: Pick<VerdictContext, 'now' | 'host'> & { readonly from: StoreTime; readonly everyMs: number },
): NextProbe {
  const { at, length, quietMs } = overload;
  const grid = gridDue(from, id, everyMs);
  const elsewhere = isAskedElsewhere(overload, host);
  const namedUs = quietMs === undefined || elsewhere ? undefined : Math.min(quietMs, MAX_QUIET_MS) * 1000;
  const edgeUs = elsewhere ? 0 : Math.min(edgeIntervalMs * 2 ** Math.min(length - 1, 20), intervalMs) * 1000;
  // Dated before the clock was set back, so the end of Retry-After is unknown. The next probe gives it a date again.
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
 * True if one other host alone received the rate-limit answers. The limit may apply to that host only, so this host probes
 * once, at once and despite Retry-After. If it receives the same answer, it waits too.
 */
function isAskedElsewhere(overload: Overload, host: HostId): boolean {
  const recent = recentHosts(overload);
  return recent.length === 1 && recent[0] !== host;
}

/**
 * True if this pod's next probe could settle the pending change. A probe shallower than the failure cannot: it would only
 * use up grants that the guard limits. That often includes unbilled checks.
 */
function canSettle({ failureRun }: Facts, unbilled: Observation | undefined, { level }: VerdictContext): boolean {
  return failureRun === undefined || reaches(unbilled === undefined ? level : unbilled.level, failureRun.level);
}

/**
 * True if the confirmation is due at once: after a first failure, and for a pod on another host than the only recent
 * witness. Otherwise a witness with a shorter edge interval would always probe first.
 */
function isUrgent({ run, failureRun }: Facts, { host }: VerdictContext): boolean {
  if (run.length === 1) return true;
  const recent = run.kind === 'failed' && failureRun !== undefined ? recentHosts(failureRun) : [];
  return recent.length === 1 && recent[0] !== host;
}

/**
 * Evidence far ahead of the store's clock was dated before that clock was set back. It counts as one interval old, as in
 * the store's scripts. Otherwise the target would not be probed until the clock has caught up.
 */
function trusted(evidenceAt: StoreTime, everyMs: number, now: StoreTime): StoreTime {
  return isAhead(evidenceAt, everyMs, now) ? now - everyMs * 1000 : evidenceAt;
}

function isAhead(at: StoreTime, everyMs: number, now: StoreTime): boolean {
  return at > now + everyMs * 500;
}

/**
 * Time between scheduled probes, ms: 1, 2, 4, at most 8 intervals for failures that only an operator can end and for
 * rejected probes. Confirmations do not lengthen it.
 */
function distanceMs({ run, failureRun, overload, rejected, last }: Facts, intervalMs: number, policy: Policy): number {
  const mostMs = Math.max(intervalMs, policy.backOffMs ?? Infinity);
  // While one host alone sees failures, the others keep the interval although their probes are rejected.
  if (rejected !== undefined && last.at === rejected.at && run.kind !== 'failed') {
    return Math.min(intervalMs * Math.min(MAX_BACKOFF, 2 ** (rejected.length - 1)), mostMs);
  }
  if (run.kind !== 'failed' || failureRun === undefined || !needsOperator(failureRun.class)) return intervalMs;
  // The upstream answers other hosts, if only with a rejection: the failure may be this host's own, so settle it soon.
  if (rejected !== undefined && isSeenElsewhere(rejected, failureRun)) return intervalMs;
  // The upstream answers again, if only with a rate limit: the failure may have ended.
  if (overload !== undefined && overload.at > failureRun.at) return intervalMs;
  // Earlier failures had another class, and did not last.
  const length = ofClassIn(failureRun);
  const doublings = length - Math.min(failureRun.witnesses.length, 3, length);
  return Math.min(intervalMs * Math.min(MAX_BACKOFF, 2 ** doublings), mostMs);
}
