import type { History, Violation } from '../entry.ts';
import { checkEffects } from './effects.ts';
import { checkEvidence } from './evidence.ts';
import { checkGrants } from './grants.ts';
import { checkNotInVain, checkPermits } from './permits.ts';
import { checkRecords } from './records.ts';
import { checkCalm, checkSlots } from './slots.ts';
import { checkNeverFailed, checkTruth } from './truth.ts';

/** All checks of a recorded history. */
export const CHECKS: Readonly<Record<string, (history: History) => Violation[]>> = {
  'the grants of a target increase': checkGrants,
  'the records of a target increase': checkRecords,
  'no pod shows older evidence than before': checkEvidence,
  'every probe has a lease, or its pod has no store': checkPermits,
  'without a fault every paid probe is committed': checkNotInVain,
  'each due time has one probe, and a reason for each extra one': checkSlots,
  'without faults each due time has exactly one probe': checkCalm,
  'within the time limit all pods show the correct verdict': checkTruth,
  'a target that never failed stays available': checkNeverFailed,
  'every fault had its effect': checkEffects,
};
