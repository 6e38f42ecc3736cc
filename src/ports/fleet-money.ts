import type { StoreTime, TargetId } from '../health/index.ts';

/**
 * Billionths of a dollar: the price of a million tokens is a whole number of them for each token, so that sums are exact.
 * Below 2^53, as all numbers in scripts, which is nine million dollars.
 */
export type NanoUsd = number;

/** Most paid probes and money. Hours and days are those of the store's clock, days in UTC. What is absent has no limit. */
export interface Budget {
  readonly probesPerHour?: number;
  readonly nanoUsdPerDay?: NanoUsd;
}

/** A probe that somebody bills. */
export interface PaidProbe {
  /** The most it can cost; 0 where nobody knows the price: then it only counts. */
  readonly worstNanoUsd: NanoUsd;
  /** The target's own budget, beside that of the fleet. */
  readonly budget?: Budget;
  /**
   * What the claimant knows to be counted. A store whose data is of another epoch has lost those counts: it goes on from
   * them where they are larger than its own, as far as the limits go. Absent: the claimant knows of none.
   */
  readonly known?: Readonly<Partial<Record<BudgetOwner, KnownUse>>>;
}

/** Whose budget it is. */
export type BudgetOwner = 'fleet' | 'target';

/** What was counted against a budget, running probes at their worst price. Whole hours and days since the epoch. */
export interface BudgetUse {
  readonly hour: number;
  readonly probes: number;
  readonly day: number;
  readonly nanoUsd: NanoUsd;
}

/**
 * A count, and the epoch of the data that it was read from; null for data that is known to be lost; {@link SPENT_OFFLINE} for what
 * one pod spent while it could not reach a store that went on: that is added to its count.
 */
export interface KnownUse extends BudgetUse {
  readonly epoch: string | null;
}

/** No epoch has this name. */
export const SPENT_OFFLINE = '+';

/** Counts that a pod knows, for a store that may have lost them; nothing is done past `notAfter`. */
export interface CountsInput {
  readonly notAfter: StoreTime;
  /** The fleet's. */
  readonly budget?: Budget;
  /** Absent: the pod knows of none. */
  readonly fleet?: KnownUse;
  readonly targets: readonly TargetCount[];
}

/** What a pod knows to be counted against one target's budget, beside that of the fleet. */
export interface TargetCount {
  readonly target: TargetId;
  readonly budget?: Budget;
  readonly known: KnownUse;
}

/** What is counted now: for the fleet, and for the targets in the order of the question. */
export interface CountsAnswer {
  readonly fleet: BudgetUse;
  readonly targets: readonly BudgetUse[];
}

/** What is used of the budget of the fleet and of that of the target. */
export type BudgetUses = Readonly<Record<BudgetOwner, BudgetUse>>;

/** What paid probes took and what was not spent, within one day. */
export interface ProbeTotals {
  readonly probes: number;
  /** Those among them whose price nobody knows: their money is in none of the sums. */
  readonly unpriced: number;
  readonly spent: NanoUsd;
  /** Each pod would have probed for itself. */
  readonly savedBySharing: NanoUsd;
  /** Each deployment of the target would have been probed for itself. */
  readonly savedByAlias: NanoUsd;
  /** Checks on demand that were answered from fresh evidence. */
  readonly savedByCache: NanoUsd;
}

/** The tally of one UTC day. */
export interface DayTotals extends ProbeTotals {
  /** Whole days since the epoch. */
  readonly day: number;
}

/** What a probe took, brought with its result. */
export interface ProbeCost {
  /** What the probe cost; what was reserved for it beyond that is free again. */
  readonly nanoUsd: NanoUsd;
  readonly totals: ProbeTotals;
}

/** Days that are kept of the fleet. */
export const FLEET_DAYS = 31;
/** As {@link FLEET_DAYS}, of each target. */
export const TARGET_DAYS = 2;

/** Money of the fleet and of the targets asked for, in their order. Newest day first; days without any are left out. */
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

/** Money as one pod knows it. */
export interface MoneyView {
  /** When the store was read; null until it was. */
  readonly asOf: StoreTime | null;
  /** The fleet's budget by this pod's configuration. */
  readonly budget: Budget;
  readonly use: BudgetUse | null;
  /** When the store lost its data, as far as this pod knows: what was spent and saved before that is in no sum. */
  readonly lostAt: StoreTime | null;
  readonly days: readonly DayTotals[];
  /** The configured targets that somebody bills. */
  readonly targets: readonly TargetMoneyView[];
}

/** Money of one configured target, as one pod knows it; `use` is null until the store was read. */
export interface TargetMoneyView {
  readonly target: TargetId;
  /** 0 where nobody knows the price. */
  readonly worstNanoUsd: NanoUsd;
  readonly budget: Budget;
  readonly use: BudgetUse | null;
  readonly days: readonly DayTotals[];
}

/** An hour of the store clock, us: budgets count by whole ones since the epoch. */
export const HOUR_US = 3_600_000_000;
/** A day of the store clock, us: UTC days since the epoch. */
export const DAY_US: number = 24 * HOUR_US;
