import type { PodId } from '../../health/index.ts';
import { MAX_BATCH } from '../../ports/index.ts';
import type { StoreCircuitBreaker } from '../store/index.ts';
import type { Membership } from '../membership/index.ts';
import type { FleetOptions } from '../options.ts';
import type { BudgetLimits } from '../budget/index.ts';
import { plainRankOf } from '../membership/index.ts';

/** Parts that restoring counts reads. */
export interface RestoreCountsParts {
  readonly options: FleetOptions;
  readonly circuit: StoreCircuitBreaker;
  readonly membership: Pick<Membership, 'members' | 'otherAbleIds'>;
  readonly budgets: BudgetLimits;
}

/**
 * Sends the store the budget counts that this pod has and data of the given epoch lacks. Every pod restores the fleet's
 * count. The two first-ranked pods of a target restore the target's count; only pods that run as long as this one are
 * ranked, because later ones may not have the count.
 */
export async function restoreLostCounts(
  { options: { pod, budget }, circuit, membership, budgets }: RestoreCountsParts,
  epoch: string,
): Promise<void> {
  const unstored = budgets.unstoredCounts(epoch);
  const { fleet } = unstored;
  if (fleet === undefined && unstored.targets.length === 0) return;
  const since = new Map(membership.members.map((member) => [member.pod, member.startedAt]));
  const isAsOld = (other: PodId): boolean => (since.get(other) ?? Infinity) <= (since.get(pod) ?? Infinity);
  const targets = unstored.targets.filter(
    ({ target }) => plainRankOf(target, pod, membership.otherAbleIds(target).filter(isAsOld)) <= 1,
  );
  if (fleet === undefined && targets.length === 0) return;
  for (let from = 0; from === 0 || from < targets.length; from += MAX_BATCH) {
    const batch = targets.slice(from, from + MAX_BATCH);
    const ofFleet = from === 0 && fleet !== undefined ? { fleet } : {};
    // oxlint-disable-next-line no-await-in-loop -- batches go one after another so that other clients of the store do not wait
    const answer = await circuit.call('restore-counts', (store, notAfter) =>
      store.restoreCounts({ notAfter, budget, ...ofFleet, targets: batch }),
    );
    if (answer.kind !== 'ok') return;
    budgets.countsRestored(batch, answer.value, answer.meta);
  }
}
