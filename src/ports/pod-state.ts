import type { StoreTime, TargetId } from '../health/index.ts';
import type { BudgetUse, KnownUse } from './fleet-money.ts';

/** State that a pod keeps across a restart in place, for a start without the store. */
export interface KeptState {
  /** Number of pods in the fleet. */
  readonly pods: number;
  readonly uses: readonly KeptUse[];
  /** Empty if the store has answered: earlier paid probes do not matter then. */
  readonly fallbackProbes: readonly KeptFallbackProbes[];
}

/** Use of one budget, as the pod knows it. */
export interface KeptUse {
  /** A target, or {@link FLEET_OWNER}. */
  readonly owner: TargetId;
  /** Use as last read from the store. */
  readonly counted: KnownUse;
  /** What this pod has spent since then without the store. */
  readonly alone: BudgetUse | null;
  /** True if other pods may have spent without the store since then. */
  readonly opened: boolean;
}

/** Paid probes of a target by a pod whose store never answered. */
export interface KeptFallbackProbes {
  readonly target: TargetId;
  readonly paidProbes: number;
  readonly paidAt: StoreTime;
}

/** Owner id of the fleet's budget. */
export const FLEET_OWNER = '!fleet';

/**
 * Storage for a pod's state across restarts, such as a file. Without it a pod that starts without the store does not know
 * the use of its budgets.
 */
export interface PodState {
  /** The state written last; null if there is none or it cannot be read. */
  read(): KeptState | null;
  /**
   * Replaces the state. Never rejects. `failed` has been logged. `taken`: another process uses the storage by now, and its
   * state is not overwritten.
   */
  write(state: KeptState): Promise<'kept' | 'failed' | 'taken'>;
}
