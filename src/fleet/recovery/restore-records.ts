import type { SelfCheck, Beliefs } from '../evidence/index.ts';
import type { Leases, Committer } from '../probing/index.ts';
import type { Membership } from '../membership/index.ts';
import type { FleetOptions } from '../options.ts';
import { plainRankOf } from '../membership/index.ts';
import { targetIndexOf } from '../target-index.ts';
import type { Replica } from '../replication/index.ts';

/** What bringing evidence back needs. */
export interface RestoreRecordsParts {
  readonly options: FleetOptions;
  readonly replica: Replica;
  readonly membership: Membership;
  readonly beliefs: Beliefs;
  readonly selfCheck: SelfCheck;
  readonly leases: Leases;
  readonly committer: Committer;
}

/** After a loss of data the two pods that come first for a target offer again what is known of it. Answers how many records. */
export function restoreLostRecords({ options, replica, membership, committer }: RestoreRecordsParts): number {
  let offered = 0;
  for (const [id, record] of replica.takeLost()) {
    const target = targetIndexOf(options).get(id);
    if (target === undefined || plainRankOf(id, options.pod, membership.otherEligibleIds(id)) > 1) continue;
    committer.offer(target, record);
    offered += 1;
  }
  committer.flush();
  return offered;
}

/** Offers what this pod saw while the store was away, by the rule for all evidence: only the newer counts. */
export function restoreOwnEvidence({ beliefs, selfCheck, leases, committer }: RestoreRecordsParts): void {
  void leases.releaseUnanswered();
  committer.retryUnanswered();
  for (const { target, offer } of beliefs.own()) {
    if (!selfCheck.impaired && offer !== undefined) committer.submit({ target }, offer, 'refresh');
  }
  committer.flush();
}
