import type { Doubts, Knowledge } from '../evidence/index.ts';
import type { Leases, Publisher } from '../probing/index.ts';
import type { Membership } from '../membership/index.ts';
import type { FleetOptions } from '../options.ts';
import { plainRankOf } from '../membership/index.ts';
import { rosterOf } from '../target-index.ts';
import type { FleetView } from '../replication/index.ts';

/** What bringing evidence back needs. */
export interface BringBackParts {
  readonly options: FleetOptions;
  readonly view: FleetView;
  readonly membership: Membership;
  readonly knowledge: Knowledge;
  readonly doubts: Doubts;
  readonly leases: Leases;
  readonly publisher: Publisher;
}

/** After a loss of data the two pods that come first for a target offer again what is known of it. Answers how many records. */
export function bringBackLost({ options, view, membership, publisher }: BringBackParts): number {
  let offered = 0;
  for (const [id, record] of view.takeLost()) {
    const target = rosterOf(options).get(id);
    if (target === undefined || plainRankOf(id, options.pod, membership.othersKnowing(id)) > 1) continue;
    publisher.offer(target, record);
    offered += 1;
  }
  publisher.flush();
  return offered;
}

/** Offers what this pod saw while the store was away, by the rule for all evidence: only the newer counts. */
export function bringBackOwn({ knowledge, doubts, leases, publisher }: BringBackParts): void {
  void leases.releaseUnanswered();
  publisher.offerAgain();
  for (const { target, offer } of knowledge.own()) {
    if (!doubts.impaired && offer !== undefined) publisher.publish({ target }, offer, 'refresh');
  }
  publisher.flush();
}
