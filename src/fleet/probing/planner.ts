import { hostOf, phaseOf, recentHosts, rejectingHosts } from '../../health/index.ts';
import type { Facts, HostId, NextProbe, StoreTime } from '../../health/index.ts';
import type { AblePods, Membership, Turn } from '../membership/index.ts';
import type { Holds } from '../holds/index.ts';
import type { Beliefs } from '../evidence/index.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';
import type { BudgetLimits } from '../budget/index.ts';
import { plainRankOf, rankOf, rankWaitMs } from '../membership/index.ts';
import { isAhead } from '../store/index.ts';
import type { Replica, SeenLease } from '../replication/index.ts';

const LAST_WAIT_MS = 600;
/** After this many undecided probes in a row, recent witnesses no longer go last. */
const UNDECIDED_PROBES = 2;

/** Time and kind of this pod's next probe of a target. */
export interface Plan {
  readonly at: StoreTime;
  readonly act: 'claim' | 'fallback-probe' | 'fallback-connect';
  readonly reason: 'scheduled' | 'confirmation';
  readonly everyMs: number;
}

/** Parts that the planner reads. */
export interface PlannerParts {
  readonly replica: Replica;
  readonly beliefs: Beliefs;
  readonly ablePods: AblePods;
  readonly membership: Membership;
  readonly budgets: BudgetLimits;
  readonly holds: Pick<Holds, 'resumedAt'>;
  readonly now: () => StoreTime;
}

/**
 * Plans by the fleet's rules: pods take turns after the live lease ends. During failures, pods that have not seen them
 * go first.
 */
export function planShared(options: FleetOptions, parts: PlannerParts, target: FleetTarget, syncedAt: StoreTime): Plan {
  const { replica, beliefs, membership, budgets, holds, now } = parts;
  const evidence = beliefs.evidence(target.id);
  const { reason, dueAt, everyMs } = beliefs.next(target, evidence);
  // First probes, and probes that became due during a pause, are spread over time. Confirmations are not.
  const resumedAt = reason === 'scheduled' && dueAt < holds.resumedAt ? holds.resumedAt : undefined;
  const spreadFrom = evidence === undefined ? syncedAt : resumedAt;
  const due = spreadFrom === undefined ? dueAt : spreadFrom + bootDelayMs(options, target) * 1000;
  const lease = replica.lease(target.id, now());
  // An unknown lease of this pod comes from a lost answer. The next claim gets it again.
  const start = Math.max(
    due,
    lease === undefined || lease.pod === options.pod ? 0 : leaseEnd(options, membership, lease),
    writtenAt(replica, target, now()),
    budgets.countsFrom(target, syncedAt),
  );
  // The order of pods is computed only when the probe is due, since with a thousand pods it is expensive.
  const waitMs = start > now() ? 0 : turnWaitMs(options, parts, target, { reason, dueAt, everyMs });
  return { at: start + waitMs * 1000, act: 'claim', reason, everyMs };
}

/**
 * End of the wait for another pod's lease. The channel is only a hint, and the store decides: if the store has not
 * confirmed a lease for twice its duration, two pods claim the target to find out whether the lease exists.
 */
function leaseEnd(
  { pod, leaseMs }: FleetOptions,
  membership: Membership,
  { target, until, checkedAt }: SeenLease,
): StoreTime {
  const checkAt = checkedAt + 2 * leaseMs * 1000;
  // With a thousand pods the rank is expensive, so it is computed only where it matters.
  if (until <= checkAt || plainRankOf(target, pod, membership.otherAbleIds(target)) > 1) return until;
  return checkAt;
}

function bootDelayMs({ bootWindowMs }: FleetOptions, target: FleetTarget): number {
  return phaseOf(target.id) * Math.min(bootWindowMs, target.intervalMs / 4);
}

/**
 * Time of the record, from which the waits of a turn count if the probe took longer than the interval. Otherwise the
 * pod that probed last would go first again. 0 if the store's clock was set back since.
 */
function writtenAt(replica: Replica, { id }: FleetTarget, now: StoreTime): StoreTime {
  const at = replica.writtenAt(id);
  return isAhead(at, now) ? 0 : at;
}

/**
 * The turn of a due probe: its grid point, or the evidence that it confirms. After two undecided probes in a row the
 * witnesses of the failure take their turns again, because no other pod may be able to settle it.
 */
export function turnOf(target: FleetTarget, { reason, dueAt, everyMs }: NextProbe, facts: Facts | undefined): Turn {
  const series = facts?.run.kind === 'failed' ? facts.failureRun : facts?.overload;
  const slot = reason === 'confirmation' ? (facts?.last.at ?? 0) : Math.floor(dueAt / (everyMs * 1000));
  const { count, hosts } = undecidedProbes(facts);
  return { target: target.id, slot, series: count < UNDECIDED_PROBES ? series : undefined, undecidedHosts: hosts };
}

/** Probes that neither ended nor extended the failures, and their hosts: rejected probes and overload answers. */
function undecidedProbes(facts: Facts | undefined): { readonly count: number; readonly hosts: readonly HostId[] } {
  if (facts?.run.kind !== 'failed') return { count: 0, hosts: [] };
  const { rejected, overload } = facts;
  return {
    count: (rejected?.length ?? 0) + (overload?.length ?? 0),
    hosts: [...rejectingHosts(rejected), ...(overload?.witnesses ?? []).map(hostOf)],
  };
}

/**
 * Delay of this pod's claim. A confirmation should come from another host, so recent witnesses let other pods go first.
 * A witness that has probed often enough for its policy leaves the rest of the guard to pods with longer intervals.
 */
function turnWaitMs(
  { pod, policy }: FleetOptions,
  { ablePods, beliefs, membership }: PlannerParts,
  target: FleetTarget,
  next: NextProbe,
): number {
  const self = ablePods.self(target);
  if (self === undefined) return LAST_WAIT_MS;
  const { facts } = beliefs.evidence(target.id) ?? {};
  const turn = turnOf(target, next, facts);
  const others = membership.ablePods(target.id);
  const waitMs = rankWaitMs(rankOf(turn, self, others));
  if (next.reason === 'scheduled' || turn.series === undefined) return waitMs;
  const recent = recentHosts(turn.series);
  const canTell = others.filter(({ host }) => !recent.includes(host) && turn.undecidedHosts?.includes(host) !== true);
  if (!recent.includes(self.host) || canTell.length === 0) return waitMs;
  const onlyWitness = facts?.last.pod === pod && turn.series.length >= Math.max(2, policy.fall) && recent.length === 1;
  return onlyWitness ? Math.max(LAST_WAIT_MS, target.intervalMs - policy.edgeIntervalMs) : LAST_WAIT_MS;
}
