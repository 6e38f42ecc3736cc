import type { FallbackHistory } from '../budget/index.ts';
import type { Announcer } from '../reporting/index.ts';
import type { Holds } from '../holds/index.ts';
import type { Leases } from './leases.ts';
import type { ProbePermission, StoreCircuitBreaker, SyncTimes } from '../store/index.ts';
import type { PlannerParts } from './planner.ts';
import type { Runner } from './runner.ts';

/** Parts that the scheduler uses. */
export interface SchedulerParts extends PlannerParts {
  readonly circuit: StoreCircuitBreaker;
  readonly leases: Leases;
  readonly runner: Runner;
  readonly fallbackHistory: FallbackHistory;
  readonly permission: () => ProbePermission;
  readonly syncTimes: Pick<SyncTimes, 'syncedAt'>;
  readonly holds: Holds;
  readonly announcer: Pick<Announcer, 'replacedLease'>;
}
