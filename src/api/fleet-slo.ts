import { z } from 'zod';
import { seconds, text, time, exactly } from './schema.ts';
import { uptimeKeys } from './fleet-history.ts';
import type { UptimeBody } from './fleet-history.ts';

/** Time that a group may be down. */
export interface BudgetOfGroupBody {
  /** What the objective leaves of the known time. */
  readonly total_s: number;
  readonly used_s: number;
  /** Negative if overdrawn. */
  readonly left_s: number;
  /** Left as a share of the total; null if nothing is known. */
  readonly left: number | null;
}

/** Speed of use: 1 uses the budget of a window in just this window. Null where nothing is known. */
export interface BurnRatesBody {
  readonly '5m': number | null;
  readonly '30m': number | null;
  readonly '1h': number | null;
  readonly '6h': number | null;
}

/** Objective of a model group, and what is left of its error budget. */
export interface GroupSloBody extends UptimeBody {
  readonly group: string;
  /** Least share of the time that the group shall be up. */
  readonly objective: number;
  readonly from: string;
  readonly until: string;
  readonly budget: BudgetOfGroupBody;
  /** `spent`: it was down for as long as it may be, or longer. */
  readonly budget_state: 'left' | 'spent';
  readonly burn_rates: BurnRatesBody;
  /** Time until the budget is spent at the rate of the last hour; null if it lasts for a whole window, or nothing is known. */
  readonly exhausted_in_s: number | null;
}

/** `GET /fleet/slo`. */
export interface FleetSloBody {
  readonly now: string;
  /** Groups with an objective, in the order of the configuration. */
  readonly groups: readonly GroupSloBody[];
}

const rate: z.ZodType<number | null> = z.number().nonnegative().nullable();

export const fleetSloSchema: z.ZodType<FleetSloBody> = exactly<FleetSloBody>({
  now: time,
  groups: z.array(
    exactly<GroupSloBody>({
      group: text,
      objective: z.number().min(0).max(1),
      from: time,
      until: time,
      ...uptimeKeys,
      budget: exactly<BudgetOfGroupBody>({
        total_s: seconds,
        used_s: seconds,
        left_s: z.number(),
        left: z.number().nullable(),
      }),
      budget_state: z.enum(['left', 'spent']),
      burn_rates: exactly<BurnRatesBody>({ '5m': rate, '30m': rate, '1h': rate, '6h': rate }),
      exhausted_in_s: seconds.nullable(),
    }),
  ),
});
