import type { TargetId } from '../health/index.ts';

/**
 * Tells whether requests of users can probe a target. Where allswell sends no probes of its own, the next request to a target
 * that is down, suspect or rate-limited is its probe: one request at a time in the whole fleet.
 */
export interface TrialReadiness {
  /** True if a request for the target is likely to come soon, so that this pod may hold the target's lease until it does. */
  isReady(target: TargetId): boolean;
}
