import type { TargetId } from '../../src/health/index.ts';
import type { Budget } from '../../src/ports/index.ts';
import { ages } from './invariants/ages.ts';
import type { Ages } from './invariants/ages.ts';
import { probeCoverage } from './invariants/probe-coverage.ts';
import type { ProbeCoverage } from './invariants/probe-coverage.ts';
import { budgetHistory } from './invariants/budget-history.ts';
import type { BudgetHistory } from './invariants/budget-history.ts';
import { commandRate } from './invariants/command-rate.ts';
import type { CommandRate } from './invariants/command-rate.ts';
import { holdHistory } from './invariants/hold-history.ts';
import type { HoldHistory } from './invariants/hold-history.ts';
import { leaseHistory } from './invariants/lease-history.ts';
import type { LeaseHistory } from './invariants/lease-history.ts';
import { recordHistory } from './invariants/record-history.ts';
import type { RecordHistory } from './invariants/record-history.ts';
import type { Checked } from './invariants/violation.ts';

/** The recorded history of a world, against which invariants are checked. */
export interface Histories {
  readonly records: RecordHistory;
  readonly leases: LeaseHistory;
  readonly ages: Ages;
  readonly probeCoverage: ProbeCoverage;
  readonly commands: CommandRate;
  readonly budget: BudgetHistory;
  readonly holds: HoldHistory;
  /** Start of the newest paid probe of each target. */
  readonly newestStart: Map<TargetId, number>;
  /** The store lost data, or its clock stepped: earlier history no longer applies. */
  reset(): void;
}

export function createHistories(parts: {
  readonly nowMs: () => number;
  readonly storeNowUs: () => number;
  readonly clockErrorMs: () => number;
  readonly checked: Checked;
  readonly budget: Budget;
  readonly holdTexts: () => ReadonlyMap<string, string>;
}): Histories {
  const { nowMs, storeNowUs, clockErrorMs, checked } = parts;
  const records = recordHistory(nowMs, checked);
  const budget = budgetHistory(parts.budget, checked);
  const leases = leaseHistory({ storeNowUs, clockErrorMs, records, checked });
  return {
    records,
    leases,
    ages: ages(nowMs, clockErrorMs, checked),
    probeCoverage: probeCoverage(nowMs, checked),
    commands: commandRate(nowMs, checked),
    budget,
    holds: holdHistory({ nowMs, storeNowUs, texts: parts.holdTexts, checked }),
    newestStart: new Map<TargetId, number>(),
    reset() {
      records.reset();
      leases.reset();
      budget.reset();
    },
  };
}
