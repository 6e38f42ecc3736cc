import type { OverBudget, Policy } from '../../health/index.ts';
import { MAX_BATCH } from '../../ports/index.ts';
import type { ClaimReason, ClaimRequest, StoreMeta } from '../../ports/index.ts';
import type { FleetOptions, FleetTarget } from '../options.ts';
import type { BudgetLimits } from '../budget/index.ts';
import type { Replica } from '../replication/index.ts';

/** A claim to make. */
export interface WantedClaim {
  readonly target: FleetTarget;
  readonly reason: ClaimReason;
  readonly everyMs: number;
  /** The spent budget because of which the probe is unbilled. */
  readonly over?: OverBudget | undefined;
  readonly despite?: ClaimRequest['despite'];
}

/** Send time of a claim on this pod's monotonic clock, and the store's state in its answer. */
export interface ClaimTiming {
  readonly sentMs: number;
  readonly meta: StoreMeta;
}

/** Splits claims into batches of one command each. */
export function batchesOf(wanted: readonly WantedClaim[]): readonly (readonly WantedClaim[])[] {
  const count = Math.ceil(wanted.length / MAX_BATCH);
  return Array.from({ length: count }, (_, i) => wanted.slice(i * MAX_BATCH, (i + 1) * MAX_BATCH));
}

/** The probes that settle a change under this policy, one of a third host, and the scheduled one before them. */
export function grantsPerInterval({ fall, rise }: Policy): number {
  return Math.max(fall + 1, rise) + 1;
}

/** The requests of a claim command. */
export function claimRequests(
  { policy }: FleetOptions,
  { replica, budgets }: { readonly replica: Replica; readonly budgets: BudgetLimits },
  wanted: readonly WantedClaim[],
): ClaimRequest[] {
  const guard = grantsPerInterval(policy);
  return wanted.map(({ target, reason, everyMs, over, despite }) => {
    // An unbilled check counts as level `connect`, because a refused model list ends in a mere connection.
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
