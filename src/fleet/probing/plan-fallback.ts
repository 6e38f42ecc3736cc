import { gridDue, newestEvidenceAt, reaches } from '../../health/index.ts';
import type { StoreTime } from '../../health/index.ts';
import type { FallbackProbes } from '../budget/index.ts';
import type { Evidence } from '../evidence/index.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';
import type { Plan, PlannerParts } from './planner.ts';
import { nextSlot, slotPositionOf } from './fallback-slots.ts';
import type { SlotPosition } from './fallback-slots.ts';

/** Paid probes of a pod that never saw the store are at most 1,024 intervals apart. */
const MAX_DOUBLINGS = 10;

/**
 * Plans without a store: the slot of this pod, or a free look where the slot is another pod's. Between them the fleet
 * makes one paid probe per interval, and every pod still notices for itself that nothing answers.
 */
export function planFallback(
  options: FleetOptions,
  parts: PlannerParts,
  target: FleetTarget,
  past: FallbackProbes,
): Plan {
  const { beliefs, membership, budgets, now } = parts;
  const evidence = beliefs.evidence(target.id);
  const { everyMs, dueAt, reason } = beliefs.next(target, evidence);
  const everyUs = everyMs * 1000;
  const members =
    membership.members.length === 0 ? [] : [options.pod, ...membership.otherEligibleIds(target.id)].toSorted();
  const position = slotPositionOf(options.pod, members, options.expectedPods ?? 1);
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
      nextSlot(target.id, everyMs, position, Math.max(from, past.probedAt + everyUs / 2)),
      retryAt(options, evidence, { target, everyMs, position }),
    ),
    membership.known || options.expectedPods !== null ? 0 : backoffEnd(target, everyMs, past),
  );
  const nextCheck = nextSlot(target.id, everyMs, { index: 0, of: 1 }, Math.max(from, past.lookedAt + everyUs / 2));
  // Without money for it the slot is a free look like all others.
  const isBudgetSpent = budgets.overFallbackShare(target) !== undefined;
  if (isBudgetSpent) return { at: nextCheck, act: 'fallback-connect', reason: 'scheduled', everyMs };
  const isOwnFirstFailure =
    evidence?.facts.last.pod === options.pod && reason === 'confirmation' && evidence.facts.run.length === 1;
  // A free look that passes is no evidence, so that what is due after it counts from the look itself.
  const repeatAt = Math.max(dueAt, past.lookedAt) + options.policy.edgeIntervalMs * 1000;
  // What a free look saw, a free look looks at again.
  if (isOwnFirstFailure && repeatAt < slot) {
    return {
      at: repeatAt,
      act: reaches(evidence.facts.last.level, target.level) ? 'fallback-probe' : 'fallback-connect',
      reason,
      everyMs,
    };
  }
  if (target.level !== 'connect' && nextCheck < slot) {
    return { at: nextCheck, act: 'fallback-connect', reason: 'scheduled', everyMs };
  }
  return { at: slot, act: 'fallback-probe', reason, everyMs };
}

/**
 * A pod that never saw the store does not know how many share the work: it pays once at its start, then after 2, 4, 8 …
 * intervals, so that a hundred of them do not pay a hundred times for each interval.
 */
function backoffEnd({ id, paid }: FleetTarget, everyMs: number, { paidProbes, paidAt }: FallbackProbes): StoreTime {
  if (paid === undefined || paidProbes === 0) return 0;
  const intervals = 2 ** Math.min(paidProbes, MAX_DOUBLINGS);
  return nextSlot(id, everyMs, { index: 0, of: 1 }, paidAt + (intervals - 0.5) * everyMs * 1000);
}

/**
 * What this pod alone took for down it looks at again after one interval, two, four, and so on until its turn comes
 * sooner: in a large fleet that turn is far away, and the failure may have been short.
 */
function retryAt(
  { pod, policy }: FleetOptions,
  evidence: Evidence | undefined,
  { target, everyMs, position }: { target: FleetTarget; everyMs: number; position: SlotPosition },
): StoreTime {
  const { run, last, failureRun } = evidence?.facts ?? {};
  const ownFailure = last?.pod === pod && run?.kind === 'failed' && failureRun?.level !== 'connect';
  if (!ownFailure || evidence === undefined || run.length < policy.fall) return Infinity;
  const waitPoints = 2 ** (run.length - policy.fall);
  if (waitPoints >= position.of) return Infinity;
  const lookedAtUs = newestEvidenceAt(evidence, target.level);
  return nextSlot(target.id, everyMs, { index: 0, of: 1 }, lookedAtUs + (waitPoints - 0.5) * everyMs * 1000);
}
