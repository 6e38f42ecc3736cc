import type { SelfCheck, Beliefs } from '../evidence/index.ts';
import type { Leases, Committer } from '../probing/index.ts';
import type { Membership } from '../membership/index.ts';
import type { FleetOptions } from '../options.ts';
import { plainRankOf } from '../membership/index.ts';
import { targetIndexOf } from '../target-index.ts';
import type { Replica } from '../replication/index.ts';

/** Parts that restoring evidence uses. */
export interface RestoreRecordsParts {
  readonly options: FleetOptions;
  readonly replica: Replica;
  readonly membership: Membership;
  readonly beliefs: Beliefs;
  readonly selfCheck: SelfCheck;
  readonly leases: Leases;
  readonly committer: Committer;
}

/**
 * Commits again what this pod knows after a loss of data, for targets where it has rank 0 or 1. Returns the number of
 * records.
 */
export function restoreLostRecords({ options, replica, membership, committer }: RestoreRecordsParts): number {
  let offered = 0;
  for (const [id, record] of replica.takeLost()) {
    const target = targetIndexOf(options).get(id);
    if (target === undefined || plainRankOf(id, options.pod, membership.otherAbleIds(id)) > 1) continue;
    committer.offer(target, record);
    offered += 1;
  }
  committer.flush();
  return offered;
}

/** Commits evidence that this pod gathered while the store was away. As always, only newer evidence counts. */
export function restoreOwnEvidence({ beliefs, selfCheck, leases, committer }: RestoreRecordsParts): void {
  void leases.releaseUnanswered();
  committer.retryUnanswered();
  for (const { target, offer } of beliefs.own()) {
    if (!selfCheck.impaired && offer !== undefined) committer.submit({ target }, offer, 'refresh');
  }
  committer.flush();
}
