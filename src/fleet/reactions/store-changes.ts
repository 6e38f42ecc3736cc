import type { StoreLoss } from '../../ports/index.ts';
import { restoreLostRecords, restoreOwnEvidence, restoreLostCounts } from '../recovery/index.ts';
import type { Parts } from '../wiring.ts';

/** A larger jump of the store's clock means that it was set, or that the store was replaced. */
const CLOCK_SET_US = 1_000_000;

/** Reactions to a store that is unreachable, reachable again, read again, or has another clock. */
export class StoreChanges {
  readonly #parts: Parts;
  readonly #allChanged: () => void;
  /** Epoch and sequence when the store became unreachable; undefined while it answers. */
  #unreachableAt: { readonly epoch: string; readonly seq: number } | undefined;
  #stopped = false;

  constructor(parts: Parts, allChanged: () => void) {
    this.#parts = parts;
    this.#allChanged = allChanged;
  }

  stop(): void {
    this.#stopped = true;
  }

  unreachable(loss: StoreLoss): void {
    const { options, replica, replicator, mode } = this.#parts;
    this.#unreachableAt ??= { epoch: replica.epoch, seq: replica.appliedSeq };
    replicator.storeUnreachable();
    options.logger.debug(`Redis does not answer: ${loss.code}: ${loss.message}`);
    mode.storeUnreachable();
    this.#allChanged();
  }

  reachable(): void {
    this.#parts.membership.beat();
    this.#parts.replicator.storeReachable();
  }

  /** All records were read again. */
  resynced(dataLost: boolean): void {
    if (this.#stopped) return;
    const { options, replica, selfCheck, holds, mode, spend, budgets, incidents, syncTimes, now } = this.#parts;
    syncTimes.synced();
    const lostHolds = replica.holds.unstored().length;
    holds.synced();
    for (const { id } of options.targets) {
      const facts = replica.record(id)?.facts;
      if (facts !== undefined) selfCheck.fleetEvidence(id, facts);
    }
    if (dataLost) {
      budgets.dataLost();
      spend.dataLost(now());
    }
    this.#updateBudgets(dataLost);
    void restoreLostCounts(this.#parts, replica.epoch);
    if (dataLost) incidents.dataLost({ records: restoreLostRecords(this.#parts), holds: lostHolds });
    restoreOwnEvidence(this.#parts);
    mode.synced();
    spend.synced();
    this.#allChanged();
  }

  clockJumped(byUs: number): void {
    const { replica, replicaLag, beliefs, selfCheck, syncTimes, budgets, holds, scheduler } = this.#parts;
    for (const part of [replica, beliefs, selfCheck]) part.shiftTimes(byUs);
    // Clocks that drift or jitter jump by milliseconds all the time. Nothing is replanned for that.
    if (Math.abs(byUs) < CLOCK_SET_US) return;
    syncTimes.clockSet();
    replicaLag.clockSet();
    budgets.forgetSpentBudgets();
    holds.clockJumped();
    scheduler.clockJumped();
  }

  /** Reports to the budgets which pods were without the store. */
  #updateBudgets(dataLost: boolean): void {
    if (this.#unreachableAt === undefined) return;
    const { replica, budgets, membership } = this.#parts;
    const { epoch, seq } = this.#unreachableAt;
    // Memberships of pods that could not reach it either have expired, and none of them wrote.
    const othersWent = replica.appliedSeq > seq || membership.members.length > 1;
    budgets.storeReachable(!dataLost && epoch === replica.epoch && othersWent);
    this.#unreachableAt = undefined;
  }
}
