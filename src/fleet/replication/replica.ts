import type { PodId, StoreTime, TargetId, TargetRecord } from '../../health/index.ts';
import type { LiveLease, StoredRecord } from '../../ports/index.ts';
import { HoldReplica } from './hold-replica.ts';
import { isAhead } from '../store/index.ts';

interface SeenRecord {
  readonly stored: StoredRecord;
  /** Generation of the data that it was read in: see {@link Replica.dataLost}. */
  readonly generation: number;
  /** Time of the write, which is its version; the time of reading if the version is ahead of the clock. */
  readonly writtenAt: StoreTime;
}

/** A lease as this pod knows it. */
export interface SeenLease extends LiveLease {
  /** Time of the grant; the time of receipt if the grant is ahead of a clock that was set back. */
  readonly since: StoreTime;
  /** When the store last confirmed it; the time of receipt if only the channel announced it. */
  readonly checkedAt: StoreTime;
}

/** The longest lease that can be configured. No pod wrote a pushed lease that ends later. */
const LONGEST_LEASE_US = 300_000_000;

/**
 * This pod's copy of the fleet's records and leases. Applying is idempotent and order does not matter: the higher
 * version wins, unless it was dated before the store's clock was set back. A loss of data starts a new generation: data
 * that is read from then on replaces the old data, and records that only this pod still has can be committed again.
 */
export class Replica {
  readonly #records = new Map<TargetId, SeenRecord>();
  readonly #leases = new Map<TargetId, SeenLease>();
  readonly #lost = new Map<TargetId, TargetRecord>();
  readonly #quarantined = new Set<TargetId>();
  readonly #onQuarantined: (target: TargetId, stored: StoredRecord) => void;
  readonly #latest: () => StoreTime;
  readonly holds: HoldReplica = new HoldReplica();
  #generation = 0;
  epoch = '';
  /** Events of the store up to this sequence number are applied. */
  appliedSeq = 0;
  lastCommitBy: PodId | null = null;
  #lastCommitVersion = 0;

  /**
   * @param onQuarantined called once per unusable record, until a good one has replaced it
   * @param latest the latest that the store's clock can be now
   */
  constructor(
    onSetAside: (target: TargetId, stored: StoredRecord) => void = () => undefined,
    latest: () => StoreTime = () => Infinity,
  ) {
    this.#onQuarantined = onSetAside;
    this.#latest = latest;
  }

  /** Takes a record; false if it is not newer. */
  apply(target: TargetId, stored: StoredRecord): boolean {
    const known = this.#records.get(target);
    const current = known?.generation === this.#generation;
    if (known !== undefined && current && !isNewer(known.stored, stored, this.#latest())) return false;
    this.#noteQuarantine(target, stored);
    // An unreadable record has no facts, so the known record stays, and its next commit repairs the stored one.
    if (stored.kind === 'garbage' && known?.stored.kind === 'record') return false;
    if (known?.stored.kind === 'record' && !current && versionOf(stored) < known.stored.record.version) {
      this.#lost.set(target, known.stored.record);
    }
    const latest = this.#latest();
    const writtenAt = isAhead(versionOf(stored), latest) ? latest : versionOf(stored);
    this.#records.set(target, { stored, generation: this.#generation, writtenAt });
    this.#noteCommit(stored);
    return true;
  }

  /** The store lost its data or its latest writes, so this pod may know newer records. */
  dataLost(): void {
    this.#generation += 1;
    this.#quarantined.clear();
    // If the store's clock was set back, grants of the lost data may be ahead of all new ones. Such a lease would hide
    // every later lease and look like a probe that runs for minutes.
    this.#leases.clear();
  }

  /** Removes and returns the records that the store has lost. */
  takeLost(): [TargetId, TargetRecord][] {
    const lost = [...this.#lost];
    this.#lost.clear();
    for (const [target, { stored, generation }] of this.#records) {
      if (generation !== this.#generation && stored.kind === 'record') lost.push([target, stored.record]);
    }
    return lost;
  }

  forget(target: TargetId): void {
    this.#records.delete(target);
    this.#leases.delete(target);
    this.#quarantined.delete(target);
  }

  record(target: TargetId): TargetRecord | undefined {
    const stored = this.#records.get(target)?.stored;
    return stored?.kind === 'record' ? stored.record : undefined;
  }

  /** Time of the record's write, by the store's present clock; 0 for none. */
  writtenAt(target: TargetId): StoreTime {
    return this.#records.get(target)?.writtenAt ?? 0;
  }

  /** Version to claim and commit against: 0 if the store has no record that this pod knows. */
  version(target: TargetId): number {
    const seen = this.#records.get(target);
    return seen?.stored.kind === 'record' && seen.generation === this.#generation ? seen.stored.record.version : 0;
  }

  /** Targets whose stored records are quarantined: unreadable, or of a newer format. */
  quarantined(): TargetId[] {
    return [...this.#quarantined];
  }

  isNewerFormat(target: TargetId): boolean {
    return this.#records.get(target)?.stored.kind === 'newer';
  }

  /** Every target with stored data in the present generation. */
  *known(): Generator<TargetId> {
    for (const [target, { generation }] of this.#records) if (generation === this.#generation) yield target;
  }

  /** @param source anyone can publish on the channel, so its leases are bounded and checked with the store */
  setLease(seen: LiveLease, source: 'store' | 'channel' = 'store'): void {
    const receivedAt = this.#latest();
    const until = source === 'store' ? seen.until : Math.min(seen.until, receivedAt + LONGEST_LEASE_US);
    const lease = { ...seen, until };
    const known = this.#leases.get(lease.target);
    if (known !== undefined && isOlder(lease, known, receivedAt)) {
      if (source === 'store') this.#leases.set(lease.target, { ...known, checkedAt: receivedAt });
      return;
    }
    const same = known !== undefined && (lease.grant === 0 || lease.grant === known.grant);
    // Repeated leases from the channel do not count as confirmations by the store.
    const unchecked = source === 'channel' && known !== undefined && known.until > receivedAt;
    const checkedAt = unchecked ? known.checkedAt : receivedAt;
    const since = isAhead(lease.grant, receivedAt) ? receivedAt : lease.grant;
    this.#leases.set(
      lease.target,
      same ? { ...lease, grant: known.grant, since: known.since, checkedAt } : { ...lease, since, checkedAt },
    );
  }

  /** Shifts times that are based on the estimate of the store's clock when the estimate jumps. */
  shiftTimes(byUs: number): void {
    for (const [target, lease] of this.#leases) {
      this.#leases.set(target, { ...lease, since: lease.since + byUs, checkedAt: lease.checkedAt + byUs });
    }
  }

  /** Ends a lease, unless a newer one was granted since. */
  endLease(target: TargetId, grant: number): void {
    const known = this.#leases.get(target);
    if (known !== undefined && known.grant <= grant) this.#leases.delete(target);
  }

  lease(target: TargetId, now: StoreTime): SeenLease | undefined {
    const lease = this.#leases.get(target);
    return lease !== undefined && lease.until > now ? lease : undefined;
  }

  liveLeases(now: StoreTime): LiveLease[] {
    return [...this.#leases.values()].filter((lease) => lease.until > now);
  }

  #noteQuarantine(target: TargetId, stored: StoredRecord): void {
    if (stored.kind === 'record') this.#quarantined.delete(target);
    else if (!this.#quarantined.has(target)) {
      this.#quarantined.add(target);
      this.#onQuarantined(target, stored);
    }
  }

  #noteCommit(stored: StoredRecord): void {
    if (stored.kind !== 'record' || stored.record.version <= this.#lastCommitVersion) return;
    this.#lastCommitVersion = stored.record.version;
    this.lastCommitBy = stored.record.facts.last.pod;
  }
}

/**
 * True if the lease must not replace the known one. Without a grant (`held until`) the later end wins. A grant ahead of
 * the clock is replaced by one that is not.
 */
function isOlder(lease: LiveLease, known: LiveLease, latest: StoreTime): boolean {
  if (lease.grant === 0) return known.until >= lease.until;
  return known.grant > lease.grant && !(isAhead(known.grant, latest) && !isAhead(lease.grant, latest));
}

/**
 * True if a stored record replaces the known one. A record that was repaired after the clock was set back has a lower
 * version than one dated before.
 */
function isNewer(known: StoredRecord, stored: StoredRecord, latest: StoreTime): boolean {
  if (stored.kind === 'garbage') return known.kind !== 'garbage';
  const redated = isAhead(versionOf(known), latest) && !isAhead(versionOf(stored), latest);
  return versionOf(stored) > versionOf(known) || known.kind === 'garbage' || redated;
}

function versionOf(stored: StoredRecord): number {
  if (stored.kind === 'record') return stored.record.version;
  return stored.kind === 'newer' ? stored.version : 0;
}
