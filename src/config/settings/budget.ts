import type { Budget } from '../../ports/index.ts';
import type { AllswellConfig } from '../types.ts';
import type { BudgetSettings, Limits } from '../schema/index.ts';

const NANO = 1_000_000_000;
/** Upper limit of a sum: above it, doubles cannot represent single nano-dollars. */
const MOST_NANO_USD = 9_000_000 * NANO;

/** The limits of `fleet_health.budget`. */
export function budgetOf({ per_target: target, ...fleet }: BudgetSettings = {}): AllswellConfig['budget'] {
  return { fleet: limitsOf(fleet), target: limitsOf(target ?? {}) };
}

function limitsOf({ usd_per_day: usd, probes_per_hour: probes }: Limits): Budget {
  return {
    ...(probes === undefined ? {} : { probesPerHour: probes }),
    ...(usd === undefined ? {} : { nanoUsdPerDay: Math.min(Math.round(usd * NANO), MOST_NANO_USD) }),
  };
}
