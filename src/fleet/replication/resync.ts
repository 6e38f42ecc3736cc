import type { StoreTime, TargetId } from '../../health/index.ts';
import { MAX_BATCH } from '../../ports/index.ts';
import type { HoldPlace, PlacedHold, StoredRecord } from '../../ports/index.ts';
import type { StoreLink } from '../store/index.ts';
import type { FleetView } from './replica.ts';

/** What this pod's configuration can have in the store: nothing else is read, whatever is there. */
export interface Wanted {
  readonly targets: readonly TargetId[];
  readonly places: readonly HoldPlace[];
}

/**
 * Reads the wanted records and holds in pages into the view. Not atomic, and need not be: events that come
 * meanwhile are applied after it, and versions settle the order. Answers the sequence from which events must be
 * applied, and when it was read; undefined when the store went away or changed its data while it was read.
 *
 * @param known the sequence applied so far, what to call when the store holds less than that, and what to call once
 *   everything that happened until then will be read
 */
export async function readEverything(
  link: StoreLink,
  view: FleetView,
  wanted: Wanted,
  known: { readonly seq: number; readonly begun: () => void; readonly dataLost: () => void },
): Promise<{ seq: number; at: StoreTime } | undefined> {
  const start = await link.call('time', (store) => store.time());
  if (start.kind !== 'ok') return undefined;
  known.begun();
  const { epoch, seq } = start.meta;
  if (view.epoch !== '' && (view.epoch !== epoch || seq < known.seq)) {
    view.dataLost();
    known.dataLost();
  }
  view.epoch = epoch;
  const gone = new Set(view.known());
  for (let from = 0; from < wanted.targets.length; from += MAX_BATCH) {
    const targets = wanted.targets.slice(from, from + MAX_BATCH);
    // oxlint-disable-next-line no-await-in-loop -- pages are read one after another so that nobody else waits for us
    const page = await link.call('read-records', (store) => store.readRecords(targets));
    if (page.kind !== 'ok' || page.meta.epoch !== epoch) return undefined;
    for (const { target, stored } of page.value) {
      if (wasLost(view.version(target), stored, start.meta.now)) {
        view.dataLost();
        known.dataLost();
        return await readEverything(link, view, wanted, { ...known, seq: 0 });
      }
      view.apply(target, stored);
      gone.delete(target);
    }
  }
  const holds = await readHolds(link, wanted.places);
  if (holds === undefined || holds.epoch !== epoch) return undefined;
  view.holds.read(holds.found);
  // What was there and is there no more has been forgotten; had it been written since, an event would bring it back.
  for (const target of gone) view.forget(target);
  return { seq, at: start.meta.now };
}

/** Reads the holds at some places, however many. Answers the epoch that the last page was read in. */
export async function readHolds(
  link: StoreLink,
  places: readonly HoldPlace[],
): Promise<{ readonly epoch: string; readonly found: readonly PlacedHold[] } | undefined> {
  const found: PlacedHold[] = [];
  let epoch = '';
  for (let from = 0; from < places.length; from += MAX_BATCH) {
    const some = places.slice(from, from + MAX_BATCH);
    // oxlint-disable-next-line no-await-in-loop -- see above
    const page = await link.call('read-holds', (store) => store.readHolds(some));
    if (page.kind !== 'ok') return undefined;
    found.push(...page.value);
    ({ epoch } = page.meta);
  }
  return { epoch, found };
}

/**
 * The store holds an older record than this pod knew when the reading began: it lost writes, and later ones have made
 * up for them in the sequence.
 */
function wasLost(knownVersion: number, stored: StoredRecord, readingSince: StoreTime): boolean {
  return stored.kind === 'record' && stored.record.version < knownVersion && knownVersion <= readingSince;
}
