import type { StoreTime, TargetId } from '../../health/index.ts';
import type { RecordPage, SweepInput } from '../../ports/index.ts';
import { isTargetId } from '../format/index.ts';
import { forget } from './money.ts';
import { headerAt, isNewer, leaseOf, metaOf, nextEvent, storedOf, type FleetState } from './state.ts';

const PAGE = 200;

/** Pages in the order of first writing: what exists throughout is met, whatever is written or removed meanwhile. */
export function readRecords(state: FleetState, now: StoreTime, cursor: string): RecordPage {
  const from = Number(cursor);
  const found: [string, number][] = [];
  for (const [target, { ordinal }] of state.records) {
    if (ordinal <= from) continue;
    found.push([target, ordinal]);
    if (found.length > PAGE) break;
  }
  const page = found.slice(0, PAGE);
  const records = page.flatMap(([target]) => {
    const entry = state.records.get(target);
    return entry === undefined || !isTargetId(target) ? [] : [{ target, stored: storedOf(entry, now) }];
  });
  return { cursor: found.length > PAGE ? String(page.at(-1)?.[1] ?? 0) : '0', records };
}

/** Removes records with their leases. A store without a valid life waits for the next commit to begin one. */
export function sweep(state: FleetState, now: StoreTime, input: SweepInput): readonly TargetId[] {
  if (metaOf(state, now).epoch === '') return [];
  const removed = input.records.filter(({ target, version }) => {
    const entry = state.records.get(target);
    const live = (leaseOf(state, target, now)?.until ?? 0) > now;
    if (headerAt(entry, now)?.version !== version || live || isNewer(entry, now)) return false;
    state.records.delete(target);
    state.leases.delete(target);
    state.history.delete(target);
    forget(state, target);
    return true;
  });
  const targets = removed.map(({ target }) => target);
  if (targets.length > 0) {
    const { epoch, seq } = nextEvent(state, '');
    state.publish({ kind: 'forget', epoch, seq, at: now, pod: input.pod, targets });
  }
  return targets;
}
