import { gridDue, lookedAt, phaseOf, recentHosts } from '../health/index.ts';
import type { Facts, NextProbe, StoreTime } from '../health/index.ts';
import type { Able } from './able.ts';
import type { AloneLooks } from './alone-looks.ts';
import type { Holds } from './holds.ts';
import type { Evidence, Knowledge } from './knowledge.ts';
import type { Membership } from './membership.ts';
import type { FleetOptions, FleetTarget } from './options.ts';
import type { Purse } from './purse.ts';
import { rankOf, rankWaitMs } from './rank.ts';
import type { Turn } from './rank.ts';
import { nextSlot, seatOf } from './slots.ts';
import type { Seat } from './slots.ts';
import { isAhead } from './store-clock.ts';
import type { FleetView } from './view.ts';

const LAST_WAIT_MS = 600;
/** Paid probes of a pod that never saw the store are at most 1,024 intervals apart. */
const MAX_DOUBLINGS = 10;

/** When this pod should look at a target, and what it would do then. */
export interface Plan {
  readonly at: StoreTime;
  readonly act: 'claim' | 'probe-alone' | 'connect-alone';
  readonly reason: 'scheduled' | 'confirmation';
  readonly everyMs: number;
}

/** What the planner looks at. */
export interface PlannerParts {
  readonly view: FleetView;
  readonly knowledge: Knowledge;
  readonly able: Able;
  readonly membership: Membership;
  readonly purse: Purse;
  readonly holds: Pick<Holds, 'resumedAt'>;
  readonly now: () => StoreTime;
}

/** Plans by the fleet's rules: pods take turns, after the live lease; where something fails, those first that did not see it. */
export function planShared(options: FleetOptions, parts: PlannerParts, target: FleetTarget, syncedAt: StoreTime): Plan {
  const { view, knowledge, holds, now } = parts;
  const evidence = knowledge.evidence(target.id);
  const { reason, dueAt, everyMs } = knowledge.next(target, evidence);
  // What is new, and what became due while probing was paused, is spread. A second opinion is awaited.
  const waitedFor = reason === 'scheduled' && dueAt < holds.resumedAt ? holds.resumedAt : undefined;
  const spreadFrom = evidence === undefined ? syncedAt : waitedFor;
  const due = spreadFrom === undefined ? dueAt : spreadFrom + bootDelayMs(options, target) * 1000;
  const lease = view.lease(target.id, now());
  // A lease of our own that we know nothing of was granted by an answer that got lost: claiming again adopts it.
  const start = Math.max(
    due,
    lease === undefined || lease.pod === options.pod ? 0 : lease.until,
    writtenAt(view, target, now()),
  );
  // Whose turn it is shows when it comes: of a target that is due later, with a thousand pods, the order is not needed yet.
  const waitMs = start > now() ? 0 : turnWaitMs(options, parts, target, { reason, dueAt, everyMs });
  return { at: start + waitMs * 1000, act: 'claim', reason, everyMs };
}

/**
 * Plans without a store: the slot of this pod, or a free look where the slot is another pod's. Between them the fleet
 * makes one paid probe per interval, and every pod still notices for itself that nothing answers.
 */
export function planAlone(options: FleetOptions, parts: PlannerParts, target: FleetTarget, alone: AloneLooks): Plan {
  const { knowledge, membership, purse, now } = parts;
  const evidence = knowledge.evidence(target.id);
  const { everyMs, dueAt, reason } = knowledge.next(target, evidence);
  const everyUs = everyMs * 1000;
  const members =
    membership.members.length === 0 ? [] : [options.pod, ...membership.othersKnowing(target.id)].toSorted();
  const seat = seatOf(options.pod, members, options.expectedPods ?? 1);
  // The present grid point still counts if nobody was seen to probe since: the store may have gone just before it.
  // A scheduled time respects what the upstream asked for, too; a pending change waits for the slot like all else.
  const due =
    evidence === undefined || reason === 'scheduled'
      ? dueAt
      : gridDue(lookedAt(evidence, target.level), target.id, everyMs);
  const from = Math.max(due, now() - everyUs);
  const slot = Math.max(
    Math.min(
      nextSlot(target.id, everyMs, seat, Math.max(from, alone.lookedAt + everyUs / 2)),
      againAt(options, evidence, { target, everyMs, seat }),
    ),
    membership.known || options.expectedPods !== null ? 0 : backedOffTo(target, everyMs, alone),
  );
  const look = nextSlot(target.id, everyMs, { index: 0, of: 1 }, Math.max(from, alone.lookedAt + everyUs / 2));
  // Without money for it the slot is a free look like all others.
  if (purse.overAlone(target) !== undefined) return { at: look, act: 'connect-alone', reason: 'scheduled', everyMs };
  const own =
    evidence?.facts.lastProbe.pod === options.pod && reason === 'confirmation' && evidence.facts.run.length === 1;
  const again = dueAt + options.policy.edgeIntervalMs * 1000;
  // What a free look saw, a free look looks at again.
  if (own && again < slot) {
    return {
      at: again,
      act: evidence.facts.trouble?.level === 'connect' ? 'connect-alone' : 'probe-alone',
      reason,
      everyMs,
    };
  }
  if (target.level !== 'connect' && look < slot) {
    return { at: look, act: 'connect-alone', reason: 'scheduled', everyMs };
  }
  return { at: slot, act: 'probe-alone', reason, everyMs };
}

/**
 * A pod that never saw the store does not know how many share the work: it pays once at its start, then after 2, 4, 8 …
 * intervals, so that a hundred of them do not pay a hundred times for each interval.
 */
function backedOffTo({ id, paid }: FleetTarget, everyMs: number, { paidLooks, paidAt }: AloneLooks): StoreTime {
  if (paid === undefined || paidLooks === 0) return 0;
  const intervals = 2 ** Math.min(paidLooks, MAX_DOUBLINGS);
  return nextSlot(id, everyMs, { index: 0, of: 1 }, paidAt + (intervals - 0.5) * everyMs * 1000);
}

/**
 * What this pod alone took for down it looks at again after one interval, two, four, and so on until its turn comes
 * sooner: in a large fleet that turn is far away, and the failure may have been short.
 */
function againAt(
  { pod, policy }: FleetOptions,
  evidence: Evidence | undefined,
  { target, everyMs, seat }: { target: FleetTarget; everyMs: number; seat: Seat },
): StoreTime {
  const { run, lastProbe, trouble } = evidence?.facts ?? {};
  const ownFailure = lastProbe?.pod === pod && run?.kind === 'failed' && trouble?.level !== 'connect';
  if (!ownFailure || evidence === undefined || run.length < policy.fall) return Infinity;
  const points = 2 ** (run.length - policy.fall);
  if (points >= seat.of) return Infinity;
  const lookedAtUs = lookedAt(evidence, target.level);
  return nextSlot(target.id, everyMs, { index: 0, of: 1 }, lookedAtUs + (points - 0.5) * everyMs * 1000);
}

function bootDelayMs({ bootWindowMs }: FleetOptions, target: FleetTarget): number {
  return phaseOf(target.id) * Math.min(bootWindowMs, target.intervalMs / 4);
}

/**
 * When the record was written: the waits of a turn count from there, where the probe took so long that the next one is due
 * already. Without this the pod that probed last would go first again. 0 where the clock was set back since.
 */
function writtenAt(view: FleetView, { id }: FleetTarget, now: StoreTime): StoreTime {
  const at = view.writtenAt(id);
  return isAhead(at, now) ? 0 : at;
}

/** The turn at which a look that is due is made: its grid point, or the evidence that it is to confirm. */
export function turnOf(target: FleetTarget, { reason, dueAt, everyMs }: NextProbe, facts: Facts | undefined): Turn {
  const failing = facts?.run.kind === 'failed' ? facts.trouble : facts?.overload;
  const slot = reason === 'confirmation' ? (facts?.lastProbe.at ?? 0) : Math.floor(dueAt / (everyMs * 1000));
  return { target: target.id, slot, signs: failing };
}

/**
 * A second opinion should come from another host: recent witnesses leave the others a moment. One that has looked again
 * often enough for its policy leaves the rest of what the guard grants to them, whose interval may be longer.
 */
function turnWaitMs(
  { pod, policy }: FleetOptions,
  { able, knowledge, membership }: PlannerParts,
  target: FleetTarget,
  next: NextProbe,
): number {
  const self = able.self(target);
  if (self === undefined) return LAST_WAIT_MS;
  const { facts } = knowledge.evidence(target.id) ?? {};
  const turn = turnOf(target, next, facts);
  const others = membership.able(target.id);
  const waitMs = rankWaitMs(rankOf(turn, self, others));
  if (next.reason === 'scheduled' || turn.signs === undefined) return waitMs;
  const recent = recentHosts(turn.signs);
  if (!recent.includes(self.host) || others.every(({ host }) => recent.includes(host))) return waitMs;
  const inVain = facts?.lastProbe.pod === pod && turn.signs.length >= Math.max(2, policy.fall) && recent.length === 1;
  return inVain ? Math.max(LAST_WAIT_MS, target.intervalMs - policy.edgeIntervalMs) : LAST_WAIT_MS;
}
