import { depthOf, reaches } from '../../health/index.ts';
import type { FailureRun, Observation } from '../../health/index.ts';

/**
 * True for a failure that concerns the target or the way to it. An overload answer proves that this pod reached the
 * target, and a rejected probe is a fault of the probe.
 */
export function isHealthFailure({ ok, failure }: Observation): boolean {
  return !ok && failure?.class !== 'overloaded' && failure?.class !== 'bad-probe';
}

/** True if `probe` proves that the failed probe would succeed now: it began later and is at least as deep. */
export function succeedsAfter(failed: Observation, probe: Observation): boolean {
  return probe.ok && probe.at > failed.at && reaches(probe.level, depthOf(failed));
}

/** True if `probe` got a later answer where the failed one got none, even an overload answer. */
export function answersAfter(failed: Observation, probe: Observation): boolean {
  return !isHealthFailure(probe) && probe.at > failed.at && reaches(probe.level, depthOf(failed));
}

/** True if a failure of a pod was part of failures that other pods witnessed, too. */
export function isSharedWithOthers({ since, at, witnesses }: FailureRun, failed: Observation): boolean {
  return since <= failed.at && failed.at <= at && witnesses.some(({ pod }) => pod !== failed.pod);
}
