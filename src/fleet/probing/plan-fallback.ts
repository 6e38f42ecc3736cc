import { gridDue, newestEvidenceAt, reaches } from '../../health/index.ts';
import type { StoreTime } from '../../health/index.ts';
import type { FallbackProbes } from '../budget/index.ts';
import type { Evidence } from '../evidence/index.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';
import type { Plan, PlannerParts } from './planner.ts';
import { nextSlot, seatOf } from './fallback-slots.ts';
import type { Seat } from './fallback-slots.ts';

/** Paid probes of a pod that never saw the store are at most 1,024 intervals apart. */
const MAX_DOUBLINGS = 10;

/**
 * Plans without a store: the slot of this pod, or a free look where the slot is another pod's. Between them the fleet
 * makes one paid probe per interval, and every pod still notices for itself that nothing answers.
 */
export function planAlone(
  options: FleetOptions,
  parts: PlannerParts,
  target: FleetTarget,
  alone: FallbackProbes,
): Plan {
  const { beliefs, membership, budgets, now } = parts;
  const evidence = beliefs.evidence(target.id);
  const { everyMs, dueAt, reason } = beliefs.next(target, evidence);
  const everyUs = everyMs * 1000;
  const members =
    membership.members.length === 0 ? [] : [options.pod, ...membership.othersKnowing(target.id)].toSorted();
  const seat = seatOf(options.pod, members, options.expectedPods ?? 1);
  // The present grid point still counts if nobody was seen to probe since: the store may have gone just before it.
  // A scheduled time respects what the upstream asked for, too; a pending change waits for the slot like all else.
  const due =
    evidence === undefined || reason === 'scheduled'
      ? dueAt
      : gridDue(newestEvidenceAt(evidence, target.level), target.id, everyMs);
  const from = Math.max(due, now() - everyUs);
  const slot = Math.max(
    Math.min(
      // A free look just before it does not stand in for the slot.
      nextSlot(target.id, everyMs, seat, Math.max(from, alone.probedAt + everyUs / 2)),
      againAt(options, evidence, { target, everyMs, seat }),
    ),
    membership.known || options.expectedPods !== null ? 0 : backedOffTo(target, everyMs, alone),
  );
  const look = nextSlot(target.id, everyMs, { index: 0, of: 1 }, Math.max(from, alone.lookedAt + everyUs / 2));
  // Without money for it the slot is a free look like all others.
  if (budgets.overAlone(target) !== undefined) return { at: look, act: 'connect-alone', reason: 'scheduled', everyMs };
  const own = evidence?.facts.last.pod === options.pod && reason === 'confirmation' && evidence.facts.run.length === 1;
  // A free look that passes is no evidence, so that what is due after it counts from the look itself.
  const again = Math.max(dueAt, alone.lookedAt) + options.policy.edgeIntervalMs * 1000;
  // What a free look saw, a free look looks at again.
  if (own && again < slot) {
    return {
      at: again,
      act: reaches(evidence.facts.last.level, target.level) ? 'probe-alone' : 'connect-alone',
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
function backedOffTo({ id, paid }: FleetTarget, everyMs: number, { paidProbes, paidAt }: FallbackProbes): StoreTime {
  if (paid === undefined || paidProbes === 0) return 0;
  const intervals = 2 ** Math.min(paidProbes, MAX_DOUBLINGS);
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
  const { run, last, failureRun } = evidence?.facts ?? {};
  const ownFailure = last?.pod === pod && run?.kind === 'failed' && failureRun?.level !== 'connect';
  if (!ownFailure || evidence === undefined || run.length < policy.fall) return Infinity;
  const points = 2 ** (run.length - policy.fall);
  if (points >= seat.of) return Infinity;
  const lookedAtUs = newestEvidenceAt(evidence, target.level);
  return nextSlot(target.id, everyMs, { index: 0, of: 1 }, lookedAtUs + (points - 0.5) * everyMs * 1000);
}
