import type { OverBudget } from '../../health/index.ts';
import { MAX_BATCH } from '../../ports/index.ts';
import type { ClaimReason, ClaimRequest } from '../../ports/index.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';
import type { BudgetLimits } from '../budget/index.ts';
import type { Replica } from '../replication/index.ts';

/** One claim to make. */
export interface WantedClaim {
  readonly target: FleetTarget;
  readonly reason: ClaimReason;
  readonly everyMs: number;
  /** Why it is a free look. */
  readonly over?: OverBudget | undefined;
  readonly despite?: ClaimRequest['despite'];
}

/** As many at a time as one command takes. */
export function batchesOf(wanted: readonly WantedClaim[]): readonly (readonly WantedClaim[])[] {
  const count = Math.ceil(wanted.length / MAX_BATCH);
  return Array.from({ length: count }, (_, i) => wanted.slice(i * MAX_BATCH, (i + 1) * MAX_BATCH));
}

/** What a pod asks the store for, target by target. */
export function claimRequests(
  { policy }: FleetOptions,
  { replica, budgets }: { readonly replica: Replica; readonly budgets: BudgetLimits },
  wanted: readonly WantedClaim[],
): ClaimRequest[] {
  // The looks that settle it, that of a third host, and the scheduled one before them.
  const guard = Math.max(policy.fall + 1, policy.rise) + 1;
  return wanted.map(({ target, reason, everyMs, over, despite }) => {
    // A free look goes by all others: a list of models that is refused ends as a mere connection.
    const level = over === undefined ? target.level : 'connect';
    const asked = { target: target.id, reason, intervalMs: target.intervalMs, everyMs, level, guard };
    return {
      ...asked,
      ...(despite && { despite }),
      version: replica.version(target.id),
      ...budgets.claimFields(target, over),
    };
  });
}
