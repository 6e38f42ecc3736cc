import type { StoreTime, TargetId } from '../../health/index.ts';
import type { KeyedRecord, SweepInput } from '../../ports/index.ts';
import { forget } from './money.ts';
import { headerAt, isNewer, leaseOf, metaOf, nextEvent, storedOf, type FleetState } from './state.ts';

export function readRecords(state: FleetState, now: StoreTime, targets: readonly TargetId[]): readonly KeyedRecord[] {
  return targets.flatMap((target) => {
    const entry = state.records.get(target);
    return entry === undefined ? [] : [{ target, stored: storedOf(entry, now) }];
  });
}

/** Removes records with their leases. Without a valid epoch it removes no records until the next commit begins one. */
export function sweep(state: FleetState, now: StoreTime, input: SweepInput): readonly TargetId[] {
  const alive = metaOf(state, now).epoch !== '';
  const told: TargetId[] = [];
  const removed = input.records.filter(({ target, version }) => {
    const entry = state.records.get(target);
    const live = (leaseOf(state, target, now)?.until ?? 0) > now;
    const found = headerAt(entry, now)?.version;
    const recorded = alive && found === version && !isNewer(entry, now);
    const orphaned = version === 0 && found === undefined;
    if (live || !(recorded || orphaned)) return false;
    if (recorded) told.push(target);
    state.records.delete(target);
    state.leases.delete(target);
    state.history.delete(target);
    forget(state, target);
    return true;
  });
  if (told.length > 0) {
    const { epoch, seq } = nextEvent(state, '');
    state.publish({ kind: 'forget', epoch, seq, at: now, pod: input.pod, targets: told });
  }
  return removed.map(({ target }) => target);
}
