import { newestEvidenceAt } from '../../health/index.ts';
import type { StoreTime, TargetId } from '../../health/index.ts';
import { MAX_AHEAD_US } from '../../ports/index.ts';
import type { FleetEvent, HoldKey, StoredRecord, StoreMeta } from '../../ports/index.ts';
import {
  boundedText,
  headerOf,
  isName,
  leaseFrom,
  leaseText,
  LATEST_STAMP,
  memberList,
  stampFrom,
  storedFrom,
  type Lease,
  type MemberList,
  type RecordHeader,
} from '../format/index.ts';

/** A record's text with what was read from it, so that no text is parsed twice. */
export interface RecordEntry {
  readonly text: string;
  /** Undefined where the text is no record even by its header. */
  readonly header: RecordHeader | undefined;
  stored?: StoredRecord;
}

/** What a Redis would hold for one fleet, as texts. Entries are never changed in place, so a copy of the maps is a snapshot. */
export interface FleetState {
  readonly records: Map<string, RecordEntry>;
  /** Lease texts by target. */
  readonly leases: Map<string, string>;
  /** Member texts by pod, target lists by `!targets:<print>`, and what changed among the members. */
  readonly pods: Map<string, string>;
  /** The members as the last heartbeat left them. */
  roster: MemberList;
  /** Hold texts by place. */
  readonly holds: Map<string, string>;
  /** Money, by the fields that `format/money` names. */
  readonly budget: Map<string, string>;
  /** Histories by target. */
  readonly history: Map<string, string>;
  /** The reserved fields `!epoch` and `!seq` of the records. */
  readonly life: Map<string, string>;
  /** Where the next sample begins. */
  sampled: number;
  /** Tells all subscribers. */
  readonly publish: (event: FleetEvent) => void;
}

export function emptyState(publish: (event: FleetEvent) => void): FleetState {
  return {
    records: new Map(),
    leases: new Map(),
    pods: new Map(),
    roster: memberList(),
    holds: new Map(),
    budget: new Map(),
    history: new Map(),
    life: new Map(),
    sampled: 0,
    publish,
  };
}

export function metaOf(state: FleetState, now: StoreTime): StoreMeta {
  const epoch = state.life.get('!epoch') ?? '';
  const seq = stampFrom(state.life.get('!seq'));
  // Half a life is no life, nor is one that can count no further: the next commit begins a new one, every pod resyncs.
  return seq === undefined || seq >= LATEST_STAMP || !isName(epoch) ? { epoch: '', seq: 0, now } : { epoch, seq, now };
}

/** Counts one more event; begins a life under `newEpoch` where there is none. */
export function nextEvent(state: FleetState, newEpoch: string): { epoch: string; seq: number } {
  const { epoch, seq } = metaOf(state, 0);
  const next = epoch === '' ? { epoch: newEpoch, seq: 1 } : { epoch, seq: seq + 1 };
  state.life.set('!epoch', next.epoch);
  state.life.set('!seq', String(next.seq));
  return next;
}

export function putRecord(state: FleetState, target: TargetId, text: string): void {
  state.records.set(target, { text, header: headerOf(boundedText(text), Infinity) });
}

export function storedOf(entry: RecordEntry, now: StoreTime): StoredRecord {
  if (entry.header !== undefined && headerAt(entry, now) === undefined) return storedFrom(boundedText(entry.text), now);
  entry.stored ??= storedFrom(boundedText(entry.text), now);
  return entry.stored;
}

/** A header, unless it is from the future: then it is garbage. */
export function headerAt(entry: RecordEntry | undefined, now: StoreTime): RecordHeader | undefined {
  const header = entry?.header;
  if (header === undefined) return undefined;
  const newest = Math.max(header.version, header.grant, newestEvidenceAt(header, 'connect'));
  return newest <= now + MAX_AHEAD_US ? header : undefined;
}

/** A record as an answer carries it: as found, garbage included, `null` for none. */
export function shownOf(entry: RecordEntry | undefined, now: StoreTime): StoredRecord | null {
  return entry === undefined || entry.text === '' ? null : storedOf(entry, now);
}

/**
 * The record's header as far as a command may rely on it: garbage counts as absent. Who names the version has read the
 * rest before.
 */
export function presentHeader(
  entry: RecordEntry | undefined,
  namedVersion: number,
  now: StoreTime,
): RecordHeader | undefined {
  const header = headerAt(entry, now);
  if (entry === undefined || header === undefined || header.version === namedVersion) return header;
  return storedOf(entry, now).kind === 'garbage' ? undefined : header;
}

/** Written by a newer version of the product: not to be overwritten. */
export function isNewer(entry: RecordEntry | undefined, now: StoreTime): boolean {
  return entry !== undefined && headerAt(entry, now) !== undefined && storedOf(entry, now).kind === 'newer';
}

/** A hold's text as it is read. */
export function holdTextOf(state: FleetState, key: HoldKey): string {
  return boundedText(state.holds.get(key) ?? '');
}

export function leaseOf(state: FleetState, target: TargetId, now: StoreTime): Lease | undefined {
  const text = state.leases.get(target);
  return text === undefined ? undefined : leaseFrom(text, now);
}

export function putLease(state: FleetState, target: TargetId, lease: Lease): void {
  state.leases.set(target, leaseText(lease));
}
