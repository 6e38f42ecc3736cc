import { gridDue, newestEvidenceAt, reaches } from '../../health/index.ts';
import type { StoreTime } from '../../health/index.ts';
import type { FallbackProbes } from '../budget/index.ts';
import type { Evidence } from '../evidence/index.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';
import type { Plan, PlannerParts } from './planner.ts';
import { nextSlot, slotPositionOf } from './fallback-slots.ts';
import type { SlotPosition } from './fallback-slots.ts';

/** Limit of the backoff: paid probes of a pod that never saw the store are at most 1,024 intervals apart. */
const MAX_DOUBLINGS = 10;

/**
 * Plans a probe without a store: a probe in this pod's slot, or an unbilled check in the slot of another pod. Together
 * the pods make one paid probe per interval, and every pod still notices an outage.
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
    membership.members.length === 0 ? [] : [options.pod, ...membership.otherAbleIds(target.id)].toSorted();
  const position = slotPositionOf(options.pod, members, options.expectedPods ?? 1);
  // The present grid point counts if no pod was seen to probe since, because the store may have failed just before it.
  // A scheduled time includes the delay that the upstream asked for. A pending change waits for the slot too.
  const due =
    evidence === undefined || reason === 'scheduled'
      ? dueAt
      : gridDue(newestEvidenceAt(evidence, target.level), target.id, everyMs);
  const from = Math.max(due, now() - everyUs);
  const slot = Math.max(
    Math.min(
      // An unbilled check just before the slot does not replace it.
      nextSlot(target.id, everyMs, position, Math.max(from, past.probedAt + everyUs / 2)),
      retryAt(options, evidence, { target, everyMs, position }),
    ),
    membership.known || options.expectedPods !== null ? 0 : backoffEnd(target, everyMs, past),
  );
  const nextCheck = nextSlot(target.id, everyMs, { index: 0, of: 1 }, Math.max(from, past.checkedAt + everyUs / 2));
  // Without budget, this pod makes only unbilled checks.
  const isBudgetSpent = budgets.overFallbackShare(target) !== undefined;
  if (isBudgetSpent) return { at: nextCheck, act: 'fallback-connect', reason: 'scheduled', everyMs };
  const isOwnFirstFailure =
    evidence?.facts.last.pod === options.pod && reason === 'confirmation' && evidence.facts.run.length === 1;
  // An unbilled check that passes is no evidence, so the next due time counts from the check itself.
  const repeatAt = Math.max(dueAt, past.checkedAt) + options.policy.edgeIntervalMs * 1000;
  // Repeats at the level of the failure: an unbilled check confirms the failure of an unbilled check.
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
 * Backoff of a pod that never saw the store and does not know how many pods share the work. It makes a paid probe at
 * its start, then after 2, 4, 8 … intervals. So a hundred such pods do not pay a hundred times per interval.
 */
function backoffEnd({ id, paid }: FleetTarget, everyMs: number, { paidProbes, paidAt }: FallbackProbes): StoreTime {
  if (paid === undefined || paidProbes === 0) return 0;
  const intervals = 2 ** Math.min(paidProbes, MAX_DOUBLINGS);
  return nextSlot(id, everyMs, { index: 0, of: 1 }, paidAt + (intervals - 0.5) * everyMs * 1000);
}

/**
 * Time of the next probe of a target that only this pod found to be down: after one interval, two, four, and so on,
 * until its slot comes sooner. In a large fleet the slot is far away, and the failure may have been short.
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
