import type { History, Violation } from '../entry.ts';
import { checkEffects } from './effects.ts';
import { checkEvidence } from './evidence.ts';
import { checkGrants } from './grants.ts';
import { checkNotInVain, checkPermits } from './permits.ts';
import { checkRecords } from './records.ts';
import { checkCalm, checkSlots } from './slots.ts';
import { checkNeverFailed, checkTruth } from './truth.ts';

/** Everything that a recorded history has to hold. */
export const CHECKS: Readonly<Record<string, (history: History) => Violation[]>> = {
  'the grants of a target only grow': checkGrants,
  'the records of a target only grow': checkRecords,
  'no pod goes back in its evidence': checkEvidence,
  'every probe has a lease, or its pod no store': checkPermits,
  'no probe is paid in vain without a fault': checkNotInVain,
  'for one due time there is one probe, others have a name': checkSlots,
  'in calm weather there is exactly one probe for each due time': checkCalm,
  'within the bound all pods show one verdict, the true one': checkTruth,
  'what never failed is never out': checkNeverFailed,
  'every fault had its effect': checkEffects,
};
