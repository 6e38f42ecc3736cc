import type { StoreTime } from '../../health/index.ts';
import type { FallbackLog } from '../budget/index.ts';
import type { Announcer } from '../reporting/index.ts';
import type { Holds } from '../holds/index.ts';
import type { Leases } from './leases.ts';
import type { ProbePermission, StoreCircuitBreaker } from '../store/index.ts';
import type { PlannerParts } from './planner.ts';
import type { Runner } from './runner.ts';

/** What the scheduler works with. */
export interface SchedulerParts extends PlannerParts {
  readonly circuit: StoreCircuitBreaker;
  readonly leases: Leases;
  readonly runner: Runner;
  readonly alone: FallbackLog;
  readonly permission: () => ProbePermission;
  /** When the store was first read; 0 before that. */
  readonly syncedAt: StoreTime;
  readonly holds: Holds;
  readonly announcer: Pick<Announcer, 'replacedLease'>;
}
