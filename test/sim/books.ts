import type { TargetId } from '../../src/health/index.ts';
import type { TargetView } from '../../src/ports/index.ts';
import { ages } from './invariants/ages.ts';
import type { Ages } from './invariants/ages.ts';
import { checkNeverFailed } from './invariants/agreement.ts';
import { leaseHistory } from './invariants/lease-history.ts';
import type { LeaseHistory } from './invariants/lease-history.ts';
import { recordHistory } from './invariants/record-history.ts';
import type { RecordHistory } from './invariants/record-history.ts';
import type { Checked } from './invariants/violation.ts';
import type { SimPod } from './sim-pod.ts';

/** What a world remembers of its history, to check the present against. */
export interface Books {
  readonly records: RecordHistory;
  readonly leases: LeaseHistory;
  readonly ages: Ages;
  /** Start of the newest paid probe of each target. */
  readonly newestStart: Map<TargetId, number>;
  /** A pod shows a target. */
  shown(pod: Pick<SimPod, 'id' | 'sick' | 'recovering'>, view: TargetView, neverFailed: boolean): void;
  /** The store lost data, or its clock was set: history does not bind any more. */
  broke(): void;
}

export function createBooks(parts: {
  readonly nowMs: () => number;
  readonly storeNowUs: () => number;
  readonly clockErrorMs: () => number;
  readonly checked: Checked;
}): Books {
  const { nowMs, storeNowUs, clockErrorMs, checked } = parts;
  const records = recordHistory(nowMs, checked);
  const leases = leaseHistory({ storeNowUs, clockErrorMs, records, checked });
  const age = ages(nowMs, clockErrorMs, checked);
  return {
    records,
    leases,
    ages: age,
    newestStart: new Map<TargetId, number>(),
    shown(pod, view, neverFailed) {
      age.shown(pod.id, view);
      if (neverFailed && !pod.sick && !pod.recovering) checkNeverFailed(pod.id, view, checked);
    },
    broke() {
      records.broke();
      leases.broke();
    },
  };
}
