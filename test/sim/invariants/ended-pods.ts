import type { PodId, TargetId } from '../../../src/health/index.ts';
import type { LiveLease } from '../../../src/ports/index.ts';
import { Violation } from './violation.ts';
import type { Checked } from './violation.ts';

/** The lease and record of one target at the time of a crash, and afterwards. */
export interface LeftBehind {
  readonly pod: PodId;
  readonly lease: LiveLease;
  /** The record as it was, and as it is once the lease is over. */
  readonly textBefore: string | undefined;
  readonly textAfter: string | undefined;
  /** Start of the newest probe of the target, by any pod. */
  readonly newestStartMs: number;
  readonly crashedAtMs: number;
}

/** Invariant 9, first half: a pod that stopped gracefully holds no lease. */
export function checkStopped(pod: PodId, leases: readonly LiveLease[], checked: Checked): void {
  checked('9: a stopped pod holds no lease');
  if (leases.length === 0) return;
  throw new Violation(`invariant 9: ${pod} stopped gracefully and left leases of ${leases.map(targetOf).join()}`);
}

/** Invariant 9, second half: another pod probes within a second after the lease of a crashed pod expires. */
export function checkTakenOver(left: LeftBehind, checked: Checked): void {
  checked('9: the targets of a crashed pod are taken over');
  // The commit was already sent when the pod crashed: nothing was left to take over.
  if (left.textAfter !== left.textBefore || left.newestStartMs > left.crashedAtMs) return;
  const { target } = left.lease;
  throw new Violation(`invariant 9: ${target} was not probed within a second after the lease of crashed ${left.pod}`);
}

function targetOf({ target }: LiveLease): TargetId {
  return target;
}
