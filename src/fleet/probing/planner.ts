import { hostOf, phaseOf, recentHosts, rejectingHosts } from '../../health/index.ts';
import type { Facts, HostId, NextProbe, StoreTime } from '../../health/index.ts';
import type { EligiblePods, Membership, Turn } from '../membership/index.ts';
import type { Holds } from '../holds/index.ts';
import type { Beliefs } from '../evidence/index.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';
import type { BudgetLimits } from '../budget/index.ts';
import { plainRankOf, rankOf, rankWaitMs } from '../membership/index.ts';
import { isAhead } from '../store/index.ts';
import type { Replica, SeenLease } from '../replication/index.ts';

const LAST_WAIT_MS = 600;
/** After so many looks in a row that settled nothing, recent witnesses do not go last any more. */
const UNDECIDED_PROBES = 2;

/** When this pod should look at a target, and what it would do then. */
export interface Plan {
  readonly at: StoreTime;
  readonly act: 'claim' | 'fallback-probe' | 'fallback-connect';
  readonly reason: 'scheduled' | 'confirmation';
  readonly everyMs: number;
}

/** What the planner looks at. */
export interface PlannerParts {
  readonly replica: Replica;
  readonly beliefs: Beliefs;
  readonly eligible: EligiblePods;
  readonly membership: Membership;
  readonly budgets: BudgetLimits;
  readonly holds: Pick<Holds, 'resumedAt'>;
  readonly now: () => StoreTime;
}

/** Plans by the fleet's rules: pods take turns, after the live lease; where something fails, those first that did not see it. */
export function planShared(options: FleetOptions, parts: PlannerParts, target: FleetTarget, syncedAt: StoreTime): Plan {
  const { replica, beliefs, membership, budgets, holds, now } = parts;
  const evidence = beliefs.evidence(target.id);
  const { reason, dueAt, everyMs } = beliefs.next(target, evidence);
  // What is new, and what became due while probing was paused, is spread. A second opinion is awaited.
  const resumedAt = reason === 'scheduled' && dueAt < holds.resumedAt ? holds.resumedAt : undefined;
  const spreadFrom = evidence === undefined ? syncedAt : resumedAt;
  const due = spreadFrom === undefined ? dueAt : spreadFrom + bootDelayMs(options, target) * 1000;
  const lease = replica.lease(target.id, now());
  // A lease of our own that we know nothing of was granted by an answer that got lost: claiming again adopts it.
  const start = Math.max(
    due,
    lease === undefined || lease.pod === options.pod ? 0 : leaseEnd(options, membership, lease),
    writtenAt(replica, target, now()),
    budgets.countsFrom(target, syncedAt),
  );
  // Whose turn it is shows when it comes: of a target that is due later, with a thousand pods, the order is not needed yet.
  const waitMs = start > now() ? 0 : turnWaitMs(options, parts, target, { reason, dueAt, everyMs });
  return { at: start + waitMs * 1000, act: 'claim', reason, everyMs };
}

/**
 * Until when another pod's lease is waited for. The store decides, and the channel only hints: two pods claim a target whose
 * lease the store has not confirmed for twice the time of a lease, and learn whether there is one.
 */
function leaseEnd(
  { pod, leaseMs }: FleetOptions,
  membership: Membership,
  { target, until, checkedAt }: SeenLease,
): StoreTime {
  const checkAt = checkedAt + 2 * leaseMs * 1000;
  // With a thousand pods the order is worth its time only where it matters.
  if (until <= checkAt || plainRankOf(target, pod, membership.otherEligibleIds(target)) > 1) return until;
  return checkAt;
}

function bootDelayMs({ bootWindowMs }: FleetOptions, target: FleetTarget): number {
  return phaseOf(target.id) * Math.min(bootWindowMs, target.intervalMs / 4);
}

/**
 * When the record was written: the waits of a turn count from there, where the probe took so long that the next one is due
 * already. Without this the pod that probed last would go first again. 0 where the clock was set back since.
 */
function writtenAt(replica: Replica, { id }: FleetTarget, now: StoreTime): StoreTime {
  const at = replica.writtenAt(id);
  return isAhead(at, now) ? 0 : at;
}

/**
 * The turn at which a look that is due is made: its grid point, or the evidence that it is to confirm. Once two looks in a row
 * settled nothing, those that saw the failure take their turns again: none of the others may be able to tell.
 */
export function turnOf(target: FleetTarget, { reason, dueAt, everyMs }: NextProbe, facts: Facts | undefined): Turn {
  const failing = facts?.run.kind === 'failed' ? facts.failureRun : facts?.overload;
  const slot = reason === 'confirmation' ? (facts?.last.at ?? 0) : Math.floor(dueAt / (everyMs * 1000));
  const { looks, hosts } = undecidedProbes(facts);
  return { target: target.id, slot, series: looks < UNDECIDED_PROBES ? failing : undefined, undecidedHosts: hosts };
}

/** Looks that left a run of failures as it was, and where they came from: rejected probes, and answers that ask for less. */
function undecidedProbes(facts: Facts | undefined): { readonly looks: number; readonly hosts: readonly HostId[] } {
  if (facts?.run.kind !== 'failed') return { looks: 0, hosts: [] };
  const { rejected, overload } = facts;
  return {
    looks: (rejected?.length ?? 0) + (overload?.length ?? 0),
    hosts: [...rejectingHosts(rejected), ...(overload?.witnesses ?? []).map(hostOf)],
  };
}

/**
 * A second opinion should come from another host: recent witnesses leave the others a moment. One that has looked again
 * often enough for its policy leaves the rest of what the guard grants to them, whose interval may be longer.
 */
function turnWaitMs(
  { pod, policy }: FleetOptions,
  { eligible, beliefs, membership }: PlannerParts,
  target: FleetTarget,
  next: NextProbe,
): number {
  const self = eligible.self(target);
  if (self === undefined) return LAST_WAIT_MS;
  const { facts } = beliefs.evidence(target.id) ?? {};
  const turn = turnOf(target, next, facts);
  const others = membership.eligible(target.id);
  const waitMs = rankWaitMs(rankOf(turn, self, others));
  if (next.reason === 'scheduled' || turn.series === undefined) return waitMs;
  const recent = recentHosts(turn.series);
  const canTell = others.filter(({ host }) => !recent.includes(host) && turn.undecidedHosts?.includes(host) !== true);
  if (!recent.includes(self.host) || canTell.length === 0) return waitMs;
  const onlyWitness = facts?.last.pod === pod && turn.series.length >= Math.max(2, policy.fall) && recent.length === 1;
  return onlyWitness ? Math.max(LAST_WAIT_MS, target.intervalMs - policy.edgeIntervalMs) : LAST_WAIT_MS;
}
