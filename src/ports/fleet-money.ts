import type { StoreTime, TargetId } from '../health/index.ts';

/**
 * Billionths of a dollar. The price of one token is a whole number of them, so sums are exact. Below 2^53 as all numbers in
 * scripts, which is nine million dollars.
 */
export type NanoUsd = number;

/** Limits on paid probes and dollars; absent: no limit. Hours and days are those of the store's clock, days in UTC. */
export interface Budget {
  readonly probesPerHour?: number;
  readonly nanoUsdPerDay?: NanoUsd;
}

/** A billed probe. */
export interface PaidProbe {
  /** Highest possible cost; 0 if the price is unknown: then only the number of probes counts. */
  readonly worstNanoUsd: NanoUsd;
  /** Budget of the target, in addition to the fleet's. */
  readonly budget?: Budget;
  /**
   * Counts that the claimant knows. A store of another epoch has lost them: it continues from them if they are larger than
   * its own, up to the limits. Absent: the claimant knows none.
   */
  readonly known?: Readonly<Partial<Record<BudgetOwner, KnownUse>>>;
}

/** Owner of a budget. */
export type BudgetOwner = 'fleet' | 'target';

/** Use of a budget; running probes count at their highest cost. Whole hours and days since the epoch. */
export interface BudgetUse {
  readonly hour: number;
  readonly probes: number;
  readonly day: number;
  readonly nanoUsd: NanoUsd;
}

/**
 * Use of a budget with the epoch of the data it was read from; null for data known to be lost. {@link SPENT_OFFLINE} marks
 * what one pod spent while it could not reach the store: the store adds it to its own count.
 */
export interface KnownUse extends BudgetUse {
  readonly epoch: string | null;
}

/** Marker in place of an epoch; no epoch has this name. */
export const SPENT_OFFLINE = '+';

/** Counts for a store that may have lost them; nothing is done past `notAfter`. */
export interface CountsInput {
  readonly notAfter: StoreTime;
  /** The fleet's. */
  readonly budget?: Budget;
  /** Absent: the pod knows none. */
  readonly fleet?: KnownUse;
  readonly targets: readonly TargetCount[];
}

/** Use of one target's budget, as the pod knows it. */
export interface TargetCount {
  readonly target: TargetId;
  readonly budget?: Budget;
  readonly known: KnownUse;
}

/** Use of the budgets now: the fleet's, and the targets' in the order of the request. */
export interface CountsAnswer {
  readonly fleet: BudgetUse;
  readonly targets: readonly BudgetUse[];
}

/** Use of the fleet's and of the target's budget. */
export type BudgetUses = Readonly<Record<BudgetOwner, BudgetUse>>;

/** Paid probes, spend and savings within one day. */
export interface ProbeTotals {
  readonly probes: number;
  /** Those of unknown price. Their cost is in none of the sums. */
  readonly unpriced: number;
  readonly spent: NanoUsd;
  /** Saved because pods share probes. */
  readonly savedBySharing: NanoUsd;
  /** Saved because deployments of the same target share probes. */
  readonly savedByAlias: NanoUsd;
  /** Saved because checks on demand were answered from fresh evidence. */
  readonly savedByCache: NanoUsd;
}

/** Totals of one UTC day. */
export interface DayTotals extends ProbeTotals {
  /** Whole days since the epoch. */
  readonly day: number;
}

/** Cost of a probe, committed with its result. */
export interface ProbeCost {
  /** Actual cost. The rest of what was reserved for the probe is freed. */
  readonly nanoUsd: NanoUsd;
  readonly totals: ProbeTotals;
}

/** Days of totals kept for the fleet. */
export const FLEET_DAYS = 31;
/** Days of totals kept for each target. */
export const TARGET_DAYS = 2;

/** Budget use and totals of the fleet and of the requested targets, in their order. Newest day first; empty days left out. */
export interface FleetMoney {
  readonly use: BudgetUse;
  readonly days: readonly DayTotals[];
  readonly targets: readonly TargetMoney[];
}

/** One target's part of {@link FleetMoney}. */
export interface TargetMoney {
  readonly target: TargetId;
  readonly use: BudgetUse;
  readonly days: readonly DayTotals[];
}

/** Budgets, use and totals as one pod last read them. */
export interface MoneyView {
  /** Time of the last reading; null before the first. */
  readonly asOf: StoreTime | null;
  /** The fleet's budget by this pod's configuration. */
  readonly budget: Budget;
  readonly use: BudgetUse | null;
  /** Time at which the store lost its data, as far as this pod knows. The sums contain nothing from before it. */
  readonly lostAt: StoreTime | null;
  readonly days: readonly DayTotals[];
  /** The configured targets whose probes are billed. */
  readonly targets: readonly TargetMoneyView[];
}

/** The same of one configured target; `use` is null before the first reading. */
export interface TargetMoneyView {
  readonly target: TargetId;
  /** 0 if the price is unknown. */
  readonly worstNanoUsd: NanoUsd;
  readonly budget: Budget;
  readonly use: BudgetUse | null;
  readonly days: readonly DayTotals[];
}

/** An hour, us. Budgets count whole hours since the epoch. */
export const HOUR_US = 3_600_000_000;
/** A day, us. Budgets count whole UTC days since the epoch. */
export const DAY_US: number = 24 * HOUR_US;
