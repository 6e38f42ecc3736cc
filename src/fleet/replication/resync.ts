import type { StoreTime, TargetId } from '../../health/index.ts';
import { MAX_BATCH } from '../../ports/index.ts';
import type { HoldKey, KeyedHold, StoredRecord } from '../../ports/index.ts';
import type { StoreCircuitBreaker } from '../store/index.ts';
import type { Replica } from './replica.ts';

/** The keys of this pod's configuration. Other data in the store is not read. */
export interface ResyncScope {
  readonly targets: readonly TargetId[];
  readonly holdKeys: readonly HoldKey[];
}

/**
 * Reads the records and holds of this pod in pages into the replica. It is not atomic and need not be: events that come
 * meanwhile are applied after it, and versions settle the order. Returns the sequence from which events must be
 * applied, and the time of the read; undefined if the store became unreachable or its data changed during the read.
 *
 * @param progress the sequence applied so far, and callbacks: `dataLost` if the store has less than that, `started`
 * once
 *   everything until then will be read
 */
export async function readEverything(
  circuit: StoreCircuitBreaker,
  replica: Replica,
  scope: ResyncScope,
  progress: { readonly seq: number; readonly begun: () => void; readonly dataLost: () => void },
): Promise<{ seq: number; at: StoreTime } | undefined> {
  const start = await circuit.call('time', (store) => store.time());
  if (start.kind !== 'ok') return undefined;
  progress.begun();
  const { epoch, seq } = start.meta;
  if (replica.epoch !== '' && (replica.epoch !== epoch || seq < progress.seq)) {
    replica.dataLost();
    progress.dataLost();
  }
  replica.epoch = epoch;
  const missing = new Set(replica.known());
  for (let from = 0; from < scope.targets.length; from += MAX_BATCH) {
    const targets = scope.targets.slice(from, from + MAX_BATCH);
    // oxlint-disable-next-line no-await-in-loop -- pages are read one after another so that other clients of the store do not wait
    const page = await circuit.call('read-records', (store) => store.readRecords(targets));
    if (page.kind !== 'ok' || page.meta.epoch !== epoch) return undefined;
    for (const { target, stored } of page.value) {
      if (wasLost(replica.version(target), stored, start.meta.now)) {
        replica.dataLost();
        progress.dataLost();
        return await readEverything(circuit, replica, scope, { ...progress, seq: 0 });
      }
      replica.apply(target, stored);
      missing.delete(target);
    }
  }
  const holds = await readHolds(circuit, scope.holdKeys);
  if (holds === undefined || holds.epoch !== epoch) return undefined;
  replica.holds.read(holds.found);
  // Records that the store no longer has are dropped. An event would restore one that was written since.
  for (const target of missing) replica.forget(target);
  return { seq, at: start.meta.now };
}

/** Reads the holds on some keys, however many. Returns the epoch of the last page. */
export async function readHolds(
  circuit: StoreCircuitBreaker,
  holdKeys: readonly HoldKey[],
): Promise<{ readonly epoch: string; readonly found: readonly KeyedHold[] } | undefined> {
  const found: KeyedHold[] = [];
  let epoch = '';
  for (let from = 0; from < holdKeys.length; from += MAX_BATCH) {
    const some = holdKeys.slice(from, from + MAX_BATCH);
    // oxlint-disable-next-line no-await-in-loop -- see above
    const page = await circuit.call('read-holds', (store) => store.readHolds(some));
    if (page.kind !== 'ok') return undefined;
    found.push(...page.value);
    ({ epoch } = page.meta);
  }
  return { epoch, found };
}

/**
 * True if the store has an older record than this pod knew when the read began: it lost writes, and later ones have
 * filled the gap in the sequence.
 */
function wasLost(knownVersion: number, stored: StoredRecord, readingSince: StoreTime): boolean {
  return stored.kind === 'record' && stored.record.version < knownVersion && knownVersion <= readingSince;
}
