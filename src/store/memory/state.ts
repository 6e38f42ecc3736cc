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

/** Text of a record with its parsed values, so that no text is parsed twice. */
export interface RecordEntry {
  readonly text: string;
  /** Undefined if the header does not parse. */
  readonly header: RecordHeader | undefined;
  stored?: StoredRecord;
}

/** A fleet's data as texts, as in Redis. Entries are never changed in place, so a copy of the maps is a snapshot. */
export interface FleetState {
  readonly records: Map<string, RecordEntry>;
  /** Lease texts by target. */
  readonly leases: Map<string, string>;
  /** Member texts by pod, target lists by `!targets:<hash>`, and changes of the members. */
  readonly pods: Map<string, string>;
  /** Members after the last heartbeat. */
  roster: MemberList;
  /** Hold texts by hold key. */
  readonly holds: Map<string, string>;
  /** Budgets, by the fields of `format/money`. */
  readonly budget: Map<string, string>;
  /** Histories by target. */
  readonly history: Map<string, string>;
  /** Limits of deployments, by the fields of `format/limit-pool`. */
  readonly limits: Map<string, string>;
  /** Lease and document of alerts. */
  readonly alerts: Map<string, string>;
  /** The reserved fields `!epoch` and `!seq` of the records. */
  readonly life: Map<string, string>;
  /** Start of the next sample. */
  sampled: number;
  /** Publishes to all subscribers. */
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
    limits: new Map(),
    alerts: new Map(),
    life: new Map(),
    sampled: 0,
    publish,
  };
}

export function metaOf(state: FleetState, now: StoreTime): StoreMeta {
  const epoch = state.life.get('!epoch') ?? '';
  const seq = stampFrom(state.life.get('!seq'));
  // Without one of them, or at the largest sequence, there is no epoch: the next commit begins one, and every pod resyncs.
  return seq === undefined || seq >= LATEST_STAMP || !isName(epoch) ? { epoch: '', seq: 0, now } : { epoch, seq, now };
}

/** Increments the sequence; begins the epoch `newEpoch` if there is none. */
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

/** The header; undefined if it is more than a day ahead of the clock, which makes it garbage. */
export function headerAt(entry: RecordEntry | undefined, now: StoreTime): RecordHeader | undefined {
  const header = entry?.header;
  if (header === undefined) return undefined;
  const newest = Math.max(header.version, header.grant, newestEvidenceAt(header, 'connect'));
  return newest <= now + MAX_AHEAD_US ? header : undefined;
}

/** A record for an answer: as stored, including garbage; `null` for none. */
export function shownOf(entry: RecordEntry | undefined, now: StoreTime): StoredRecord | null {
  return entry === undefined || entry.text === '' ? null : storedOf(entry, now);
}

/**
 * Header of a record that a command may rely on; undefined for garbage. The caller passes the version of a record whose JSON
 * it found to be garbage.
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

/** True for a record of a newer version of allswell, which must not be overwritten. */
export function isNewer(entry: RecordEntry | undefined, now: StoreTime): boolean {
  return entry !== undefined && headerAt(entry, now) !== undefined && storedOf(entry, now).kind === 'newer';
}

/** Text of a hold, limited in length. */
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
