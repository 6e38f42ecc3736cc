import type { Facts, LastProbe } from './facts.ts';
import { gridDue } from './grid.ts';
import type { StoreTime, TargetId } from './ids.ts';
import { reaches } from './level.ts';
import { staysBroken } from './outcome.ts';
import type { Policy } from './policy.ts';
import { isPending } from './verdict.ts';
import type { Judge } from './verdict.ts';

const MAX_BACKOFF = 8;
/** The longest rest an upstream is granted. */
const MAX_QUIET_US = 600_000_000;

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
 * edge interval. Otherwise on the grid, backing off while the failure is of a kind that does not heal by itself.
 */
export function nextProbe(
  target: ScheduledTarget,
  evidence: { facts: Facts; evidenceAt: StoreTime } | undefined,
  policy: Policy,
  judge: Judge,
): NextProbe {
  if (evidence === undefined) return { reason: 'scheduled', dueAt: 0, everyMs: target.intervalMs };
  const { facts } = evidence;
  const look = facts.lastProbe.overBudget === undefined ? undefined : facts.lastProbe;
  if (isPending(facts, policy, judge) && canSettle(facts, look)) {
    const edgeUs = Math.min(policy.edgeIntervalMs, target.intervalMs) * 1000;
    const atOnce = facts.run.length === 1 || couldBeSecondWitness(facts, judge);
    return {
      reason: 'confirmation',
      dueAt: trusted(facts.lastProbe.at, target.intervalMs, judge.now) + (atOnce ? 0 : edgeUs),
      everyMs: target.intervalMs,
    };
  }
  const mostMs = Math.max(target.intervalMs, policy.backOffMs ?? Infinity);
  const everyMs = Math.min(target.intervalMs * backoff(facts), mostMs);
  // A free look refreshes nothing, but whoever may probe again waits for the next grid point, as after any probe.
  const evidenceAt = trusted(Math.max(evidence.evidenceAt, look?.at ?? 0), everyMs, judge.now);
  const quietUntil = facts.run.kind === 'overloaded' ? Math.min(facts.run.until ?? 0, judge.now + MAX_QUIET_US) : 0;
  const from = Math.max(evidenceAt, quietUntil - everyMs * 500);
  return { reason: 'scheduled', dueAt: gridDue(from, target.id, everyMs), everyMs };
}

/** Whether another look like the last one could decide what is pending. A free one often cannot. */
function canSettle({ trouble }: Facts, look: LastProbe | undefined): boolean {
  return look === undefined || trouble === undefined || reaches(look.level, trouble.level);
}

/**
 * What one pod alone keeps seeing is settled by another pod, not by the same one again. Without this a witness with a
 * shorter edge interval would always come first.
 */
function couldBeSecondWitness({ run, trouble }: Facts, { self }: Judge): boolean {
  return run.kind === 'failed' && trouble?.witnesses.length === 1 && trouble.witnesses[0]?.pod !== self;
}

/** Age at which evidence counts as stale, ms: the cache TTL, but never before the second missed probe. */
export function staleAfterMs(cacheTtlMs: number, intervalMs: number, timeoutMs: number): number {
  return Math.max(cacheTtlMs, 2 * intervalMs + timeoutMs);
}

/**
 * Evidence far ahead of the store's clock was dated before that clock was set back: it counts as one interval old, as
 * it does for the store's scripts, or the target would rest until the clock has caught up.
 */
function trusted(evidenceAt: StoreTime, everyMs: number, now: StoreTime): StoreTime {
  return evidenceAt > now + everyMs * 500 ? now - everyMs * 1000 : evidenceAt;
}

/** 1, 2, 4, 8 intervals for trouble that only a person can end; it still gets looked at. A confirmation does not count. */
function backoff({ run, trouble }: Facts): number {
  if (run.kind !== 'failed' || trouble === undefined || !staysBroken(trouble.class)) return 1;
  return Math.min(MAX_BACKOFF, 2 ** (trouble.length - Math.min(trouble.witnesses.length, 2)));
}
