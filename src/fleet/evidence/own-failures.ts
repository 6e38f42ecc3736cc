import { depthOf, reaches } from '../../health/index.ts';
import type { Observation } from '../../health/index.ts';

/**
 * Overload is an answer, and no pod's own fault: who asks for less reached this pod. A probe that is rejected is this
 * pod's own, and says nothing of its way.
 */
export function isFailureRun({ ok, failure }: Observation): boolean {
  return !ok && failure?.class !== 'overloaded' && failure?.class !== 'bad-probe';
}

/** Whether `probe` proves that what failed works now: it began later and looked as deep. */
export function succeedsAfter(failed: Observation, probe: Observation): boolean {
  return probe.ok && probe.at > failed.at && reaches(probe.level, depthOf(failed));
}

/** Whether `probe` got an answer that the failed one did not get, be it one that asks for less. */
export function answersAfter(failed: Observation, probe: Observation): boolean {
  return !isFailureRun(probe) && probe.at > failed.at && reaches(probe.level, depthOf(failed));
}
