import type { StoreLoss } from '../../ports/index.ts';
import { restoreLostRecords, restoreOwnEvidence, restoreLostCounts } from '../recovery/index.ts';
import type { Parts } from '../wiring.ts';

/** The store's clock was set, or the store is another one, where it jumps by more than this. */
const CLOCK_SET_US = 1_000_000;

/** What follows where the store is lost, answers again, was read again, or has another clock. */
export class StoreChanges {
  readonly #parts: Parts;
  readonly #allChanged: () => void;
  /** Where the store was when it was lost; undefined while it answers. */
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
    options.logger.debug(`The store does not answer: ${loss.code}: ${loss.message}`);
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
    const { replica, beliefs, selfCheck, syncTimes, budgets, holds, scheduler } = this.#parts;
    for (const part of [replica, beliefs, selfCheck]) part.shiftTimes(byUs);
    // Clocks that drift apart, or jitter, jump by milliseconds all the time: nothing that waits begins anew for that.
    if (Math.abs(byUs) < CLOCK_SET_US) return;
    syncTimes.clockSet();
    budgets.forgetSpentBudgets();
    holds.clockJumped();
    scheduler.clockJumped();
  }

  /** Tells the budgets which pods were without the store. */
  #updateBudgets(dataLost: boolean): void {
    if (this.#unreachableAt === undefined) return;
    const { replica, budgets, membership } = this.#parts;
    const { epoch, seq } = this.#unreachableAt;
    // Memberships of pods that could not reach it either have ended by now, and none of them wrote.
    const othersWent = replica.appliedSeq > seq || membership.members.length > 1;
    budgets.storeReachable(!dataLost && epoch === replica.epoch && othersWent);
    this.#unreachableAt = undefined;
  }
}
