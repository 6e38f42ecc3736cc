import type { Facts, Grant, Level, EvidenceStamps, PodId, StoreTime, TargetId, Version } from '../health/index.ts';
import type { HistoryLimits, HistoryPoint, TargetHistory } from './fleet-history.ts';
import type { Hold, HoldAnswer, HoldInput, HoldKey, HoldSweepInput, KeyedHold } from './fleet-holds.ts';
import type {
  ProbeCost,
  Budget,
  BudgetOwner,
  BudgetUses,
  CountsAnswer,
  CountsInput,
  FleetMoney,
  PaidProbe,
} from './fleet-money.ts';
import type { HeartbeatAnswer, HeartbeatInput, TargetsInput, TargetsKnown, TargetsPiece } from './fleet-members.ts';
import type { StoreListener, StoreSubscribed } from './fleet-push.ts';
import type { StoreAnswer } from './store-answer.ts';
import type { StoredRecord } from './stored-record.ts';

/**
 * The fleet's shared memory: leases, records, members and a push channel. Implementations: `store/memory` (one
 * process) and `store/redis` (Redis, Valkey, Cluster, Sentinel). One contract suite holds for all of them.
 *
 * Every method is bounded in time by its implementation and never rejects: a store that does not answer is
 * `{ kind: 'lost' }`. A command that timed out may still run later, so every writing command takes `notAfter` and
 * does nothing once the store's clock is past it.
 */
export interface FleetStore {
  /** Claims leases; answers in the order of the requests. At most {@link MAX_BATCH}. */
  claim(input: ClaimInput): Promise<StoreAnswer<readonly ClaimAnswer[]>>;
  /** Extends the live leases that the pod still holds; publishes one lease event. */
  renew(input: RenewInput): Promise<StoreAnswer<RenewAnswer>>;
  /** Writes records, ends their leases, publishes one commit event. Answers in the order of the requests. */
  commit(input: CommitInput): Promise<StoreAnswer<readonly CommitAnswer[]>>;
  /** Gives back leases that the pod still holds, without a result; publishes one lease event. */
  release(input: ReleaseInput): Promise<StoreAnswer<null>>;
  /** Extends the pod's membership; refreshes the seven-day expiry of all keys; answers the live members. */
  heartbeat(input: HeartbeatInput): Promise<StoreAnswer<HeartbeatAnswer>>;
  /** Ends this pod's membership, at a graceful stop. */
  leave(input: { readonly pod: PodId; readonly notAfter: StoreTime }): Promise<StoreAnswer<null>>;
  /** A sample of the stored data, for the sweeper. Removes fields whose names no version of allswell writes. */
  sample(input: SampleInput): Promise<StoreAnswer<StoreSample>>;
  /**
   * Removes records that still have the given version and no live lease; publishes one forget event. Version 0 means a
   * target without a record: its leases, budget use and history are removed.
   */
  sweep(input: SweepInput): Promise<StoreAnswer<readonly TargetId[]>>;
  /** The live leases of the given targets. At most {@link MAX_BATCH} targets. */
  readLeases(targets: readonly TargetId[]): Promise<StoreAnswer<readonly LiveLease[]>>;
  /** The existing records of the given targets. At most {@link MAX_BATCH} targets. */
  readRecords(targets: readonly TargetId[]): Promise<StoreAnswer<readonly KeyedRecord[]>>;
  /** Writes one piece of a target list; `known` once the store has the whole list. */
  writeTargets(input: TargetsInput): Promise<StoreAnswer<TargetsKnown>>;
  /** One piece of a target list, from 0; `null` while the store does not have the whole list. */
  readTargets(targetsHash: string, piece: number): Promise<StoreAnswer<TargetsPiece | null>>;
  /** Writes holds; publishes one hold event. Answers in the order of the requests. At most {@link MAX_BATCH}. */
  hold(input: HoldInput): Promise<StoreAnswer<readonly HoldAnswer[]>>;
  /** The existing holds of the given keys, including ended ones. At most {@link MAX_BATCH} keys. */
  readHolds(keys: readonly HoldKey[]): Promise<StoreAnswer<readonly KeyedHold[]>>;
  /** Removes holds that ended long ago; answers which. No event, because they have no effect any more. */
  sweepHolds(input: HoldSweepInput): Promise<StoreAnswer<readonly HoldKey[]>>;
  /**
   * Restores budget use in a store of another epoch. It replaces smaller counts as in a claim (rule 7 of
   * {@link ClaimAnswer}). Answers the use now. At most {@link MAX_BATCH} targets.
   */
  restoreCounts(input: CountsInput): Promise<StoreAnswer<CountsAnswer>>;
  /** Use of the budgets, spend and savings. At most {@link MAX_BATCH} targets. */
  readMoney(targets: readonly TargetId[]): Promise<StoreAnswer<FleetMoney>>;
  /** The histories of targets, in the order of the request. At most {@link MAX_BATCH} targets. */
  readHistory(targets: readonly TargetId[]): Promise<StoreAnswer<readonly TargetHistory[]>>;
  /** The store's clock, epoch and sequence only. */
  time(): Promise<StoreAnswer<null>>;
  /** Opens the push channel on a connection of its own; resolves once events flow or with `lost`. */
  subscribe(listener: StoreListener): Promise<StoreSubscribed>;
  /** Closes all connections. Safe to repeat. */
  close(): Promise<void>;
}

/** Most targets in one command. */
export const MAX_BATCH = 100;

/** Reason of a claim. A scheduled one must be due; the others are extra probes. */
export type ClaimReason = 'scheduled' | 'confirmation' | 'forced';

/** One target that a pod wants to probe. */
export interface ClaimRequest {
  readonly target: TargetId;
  readonly reason: ClaimReason;
  /** Interval of the target in the claimant's configuration: the window in which {@link guardOf} limits its grants. */
  readonly intervalMs: number;
  /** Time between probes that the claimant wants now: the interval, or a multiple while backing off. */
  readonly everyMs: number;
  /** Version of the record that the claim is based on; 0 for none. */
  readonly version: Version;
  /** Level of the probe. Only evidence at this level or deeper makes it not due. Absent: `inference`. */
  readonly level?: Level;
  /** Most unforced grants within one interval; absent: {@link GUARD_PER_INTERVAL}. See {@link guardOf}. */
  readonly guard?: number;
  /** Absent: the probe is not billed. */
  readonly paid?: PaidProbe;
  /** Present for a check on demand, which a pause does not stop. */
  readonly despite?: 'pause';
}

/** A batch of claims for leases of `ttlMs`; nothing is done past `notAfter`. */
export interface ClaimInput {
  readonly pod: PodId;
  readonly ttlMs: number;
  readonly notAfter: StoreTime;
  /** Budget of the fleet. */
  readonly budget?: Budget;
  readonly requests: readonly ClaimRequest[];
}

/**
 * Rules, in this order, all on the store's clock and on clamped values (`evidenceAt <= now`, lease `until <= now + ttl`):
 *
 * 0. Probing is paused, and the request is not `despite` that: `paused`, even if the claimant holds the lease.
 * 1. A live lease of another pod: `held`. A live lease of the claimant itself: `granted` again with the same grant, as far
 *    as rule 7 allows, because the first answer may have been lost.
 * 2. `forced`: granted, unless the evidence is younger than {@link FORCED_REUSE_MS} (then `not-due`).
 * 3. Guard: {@link guardOf} unforced grants within the running `intervalMs` window: `not-due` until it ends.
 * 4. No record, or one that does not parse: granted.
 * 5. `confirmation`: granted if the record is still of the given version, else `not-due`.
 * 6. `scheduled`: granted if `now >= dueAt`, where `dueAt` is `gridDue(evidenceAt, target, everyMs)` for the current
 *    version, else the record's own `nextDueAt` clamped to `evidenceAt + 2 x everyMs`.
 * 7. A paid probe under a budget, the fleet's or the target's: `over-budget` if it exceeds the probes of this hour, or if
 *    its highest cost exceeds the rest of the day's dollars. Else both are counted, for the fleet and for the target. A
 *    lease granted again counts again, because the pod may have probed twice. Counts of this hour or day that the claimant
 *    knows replace smaller ones first, if they are of another epoch than the data, and up to the limit (a target's also up
 *    to the fleet's limit). A count without a limit is not replaced.
 *
 * `evidenceAt` in these rules is the newest evidence at the claim's level or deeper. Shallower evidence neither postpones a
 * deeper probe nor is reused for it.
 *
 * `not-due` contains the record if its version is not the claimant's, and `paused` the hold, so that a pod that missed the
 * event updates its replica.
 */
export type ClaimAnswer =
  | {
      readonly kind: 'granted';
      readonly grant: Grant;
      readonly until: StoreTime;
      readonly record: StoredRecord | null;
      /** Excerpt of a value that was stored as the lease and is none; absent for none. */
      readonly replaced?: string;
      /** Use of the budgets now; absent for a probe that no budget counts. */
      readonly uses?: BudgetUses;
    }
  | { readonly kind: 'held'; readonly by: PodId; readonly until: StoreTime }
  | { readonly kind: 'paused'; readonly hold: Hold }
  /** `until`: end of the hour or day, from which a claim can succeed; the later one if both are exceeded. */
  | { readonly kind: 'over-budget'; readonly until: StoreTime; readonly owner: BudgetOwner; readonly uses: BudgetUses }
  | {
      readonly kind: 'not-due';
      readonly dueAt: StoreTime;
      readonly version: Version;
      readonly record: StoredRecord | null;
    };

/** A forced check reuses evidence younger than this. */
export const FORCED_REUSE_MS = 10_000;
/** Least guard: grants of one target within one interval, not counting forced ones. */
export const GUARD_PER_INTERVAL = 3;
const MAX_GUARD = 20;

/** The guard of a request: {@link GUARD_PER_INTERVAL}, or more if its policy needs more probes to decide, at most 20. */
export function guardOf({ guard }: Pick<ClaimRequest, 'guard'>): number {
  return Math.max(GUARD_PER_INTERVAL, Math.min(MAX_GUARD, Math.floor(guard ?? 0)));
}

/** A lease as its holder knows it. The grant is the fencing token. */
export interface HeldLease {
  readonly target: TargetId;
  readonly grant: Grant;
}

/** A lease to give back. */
export interface ReturnedLease extends HeldLease {
  /** Present if no request was sent: its budget use is freed. Absent: one may have been sent. */
  readonly probe?: 'never-sent';
}

/** Leases to extend to `ttlMs` from now; nothing is done past `notAfter`. */
export interface RenewInput {
  readonly pod: PodId;
  readonly ttlMs: number;
  readonly notAfter: StoreTime;
  readonly leases: readonly HeldLease[];
}

/** Result of a renewal. `until` is store time. */
export interface RenewAnswer {
  readonly until: StoreTime;
  /** Leases that the pod no longer holds. */
  readonly lost: readonly TargetId[];
}

/** New facts of one target, with the cost and history point of the probe. */
export interface CommitRequest extends EvidenceStamps {
  readonly target: TargetId;
  /** Lease of the probe; absent for an observation without a lease. */
  readonly grant?: Grant;
  /** Version of the record that the facts were computed from; 0 for none. */
  readonly expectedVersion: Version;
  readonly nextDueAt: StoreTime;
  readonly facts: Facts;
  /** Counted only with the write under its grant, so once however often it is sent. Absent: not billed. */
  readonly cost?: ProbeCost;
  /** Added to the target's history with the write. Absent: no point. */
  readonly point?: HistoryPoint;
}

/** A batch of commits; nothing is done past `notAfter`. */
export interface CommitInput {
  readonly pod: PodId;
  readonly notAfter: StoreTime;
  /** Epoch to use if the store has none yet. */
  readonly newEpoch: string;
  /** Absent: `HISTORY_LIMITS`. */
  readonly history?: HistoryLimits;
  readonly commits: readonly CommitRequest[];
}

/**
 * - `ok`: written, or the same grant was committed before (idempotent; `version` is the record's).
 * - `stale`: the pod does not hold the grant's lease, or the record has a newer grant, or (without a grant) the evidence is
 *   not newer than the record's. Drop it.
 * - `conflict`: the lease is live, but the record has another version: recompute on `record` and commit again. The lease
 *   stays.
 *
 * With a grant the record takes it over, and the lease ends (`until` 0, grant kept). Without one the record keeps its grant
 * and no lease changes. The cost replaces what was reserved for the probe; if a lease ends in any other way, the reserved
 * amount stays spent. The new version is `max(previous + 1, store time in us)`.
 */
export type CommitAnswer =
  | { readonly kind: 'ok'; readonly version: Version }
  | { readonly kind: 'stale' }
  | { readonly kind: 'conflict'; readonly record: StoredRecord | null };

/** Leases to give back; nothing is done past `notAfter`. */
export interface ReleaseInput {
  readonly pod: PodId;
  readonly notAfter: StoreTime;
  readonly leases: readonly ReturnedLease[];
}

/** Records to remove, each if it still has the given version; nothing is done past `notAfter`. */
export interface SweepInput {
  readonly pod: PodId;
  readonly notAfter: StoreTime;
  readonly records: readonly { readonly target: TargetId; readonly version: Version }[];
}

/** A live lease; `until` is store time. */
export interface LiveLease {
  readonly target: TargetId;
  readonly pod: PodId;
  readonly grant: Grant;
  readonly until: StoreTime;
}

/** A stored record with its target. */
export interface KeyedRecord {
  readonly target: TargetId;
  readonly stored: StoredRecord;
}

/** Names of each kind of data in one sample. */
export const SAMPLE_NAMES = 50;

/** Request for a sample; nothing is done past `notAfter`. */
export interface SampleInput {
  readonly pod: PodId;
  readonly notAfter: StoreTime;
}

/**
 * Data under at most {@link SAMPLE_NAMES} names of each kind: records, leases, budgets, histories and holds. Consecutive
 * samples cover everything, in any order. So each costs the same, however much the store contains.
 */
export interface StoreSample {
  readonly targets: readonly SampledTarget[];
  readonly holds: readonly KeyedHold[];
}

/** A target under whose name data exists. */
export interface SampledTarget {
  readonly target: TargetId;
  /** Version of its record, for {@link SweepInput}; 0 if there is none or the scripts treat it as garbage. */
  readonly version: Version;
  readonly stored: StoredRecord | null;
}
