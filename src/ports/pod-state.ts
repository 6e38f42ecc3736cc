import type { StoreTime, TargetId } from '../health/index.ts';
import type { BudgetUse, KnownUse } from './fleet-money.ts';

/** What a pod keeps over a restart in place, for a start without the store. */
export interface KeptState {
  /** Pods that shared the work. */
  readonly pods: number;
  readonly uses: readonly KeptUse[];
  /** Empty where the store was seen: what a pod paid for before that does not matter any more. */
  readonly fallbackProbes: readonly KeptFallbackProbes[];
}

/** What is known of one budget. */
export interface KeptUse {
  /** A target, or {@link FLEET_OWNER}. */
  readonly owner: TargetId;
  /** What the store counted when it last said so. */
  readonly counted: KnownUse;
  /** What this pod spent since then without the store. */
  readonly alone: BudgetUse | null;
  /** Whether pods could spend without the store since then. */
  readonly opened: boolean;
}

/** Paid probes of a target by a pod that never saw the store. */
export interface KeptFallbackProbes {
  readonly target: TargetId;
  readonly paidProbes: number;
  readonly paidAt: StoreTime;
}

/** Owner of the budget of the whole fleet, beside those of the targets. */
export const FLEET_OWNER = '!fleet';

/**
 * A place where a pod finds its state again after a restart, such as a file. Without one every start without the store
 * is that of a pod that knows nothing of its budgets.
 */
export interface PodState {
  /** What was kept last; null for nothing, and for what cannot be read. */
  read(): KeptState | null;
  /**
   * Keeps a state instead of the last one. Never rejects: `failed` was logged where it matters. `taken`: another process
   * keeps its state there since, which is left alone.
   */
  write(state: KeptState): Promise<'kept' | 'failed' | 'taken'>;
}
