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
  /** Asks for the right to probe; answers in the order of the requests. At most {@link MAX_BATCH}. */
  claim(input: ClaimInput): Promise<StoreAnswer<readonly ClaimAnswer[]>>;
  /** Extends the leases that are still ours, live ones only; publishes one lease event. */
  renew(input: RenewInput): Promise<StoreAnswer<RenewAnswer>>;
  /** Writes records, ends the leases they were made under, publishes one commit event. Answers in order. */
  commit(input: CommitInput): Promise<StoreAnswer<readonly CommitAnswer[]>>;
  /** Gives leases back without a result (only those still ours); publishes one lease event. */
  release(input: ReleaseInput): Promise<StoreAnswer<null>>;
  /** Says "this pod lives" for `ttlMs`; refreshes the seven-day expiry of all keys; answers who else lives. */
  heartbeat(input: HeartbeatInput): Promise<StoreAnswer<HeartbeatAnswer>>;
  /** Ends this pod's membership, at a graceful stop. */
  leave(input: { readonly pod: PodId; readonly notAfter: StoreTime }): Promise<StoreAnswer<null>>;
  /** What the store keeps under some names, for the sweeper; removes fields whose names no version of the product writes. */
  sample(input: SampleInput): Promise<StoreAnswer<StoreSample>>;
  /**
   * Forgets records that are still of the given version and have no live lease; publishes one forget event. Of version 0
   * are targets without a record: their leases, money and history go.
   */
  sweep(input: SweepInput): Promise<StoreAnswer<readonly TargetId[]>>;
  /** Those of the given targets' leases that are live now. At most {@link MAX_BATCH} targets. */
  readLeases(targets: readonly TargetId[]): Promise<StoreAnswer<readonly LiveLease[]>>;
  /** Those records of the given targets that there are. At most {@link MAX_BATCH} targets. */
  readRecords(targets: readonly TargetId[]): Promise<StoreAnswer<readonly KeyedRecord[]>>;
  /** Brings one piece of the list behind a member's print; answers whether the store knows the whole list now. */
  writeTargets(input: TargetsInput): Promise<StoreAnswer<TargetsKnown>>;
  /** One piece of the list behind a member's print, from 0 on; `null` while the list is not known. */
  readTargets(targetsHash: string, piece: number): Promise<StoreAnswer<TargetsPiece | null>>;
  /** Decides on holds; publishes one hold event. Answers in order. At most {@link MAX_BATCH}. */
  hold(input: HoldInput): Promise<StoreAnswer<readonly HoldAnswer[]>>;
  /** Those holds at the given places that there are, ended ones too. At most {@link MAX_BATCH} places. */
  readHolds(places: readonly HoldKey[]): Promise<StoreAnswer<readonly KeyedHold[]>>;
  /** Forgets holds that are long over; answers which. No event: nobody minds them any more. */
  sweepHolds(input: HoldSweepInput): Promise<StoreAnswer<readonly HoldKey[]>>;
  /**
   * Brings counts back to a store whose data is of another epoch than they are: they replace smaller ones as those of a
   * claim do (rule 7 of {@link ClaimAnswer}). Answers what is counted now. At most {@link MAX_BATCH} targets.
   */
  restoreCounts(input: CountsInput): Promise<StoreAnswer<CountsAnswer>>;
  /** Use of the budgets, and what was spent and saved. At most {@link MAX_BATCH} targets. */
  readMoney(targets: readonly TargetId[]): Promise<StoreAnswer<FleetMoney>>;
  /** The histories of targets, in the order of the question. At most {@link MAX_BATCH} targets. */
  readHistory(targets: readonly TargetId[]): Promise<StoreAnswer<readonly TargetHistory[]>>;
  /** The store's clock, epoch and sequence, and nothing else. */
  time(): Promise<StoreAnswer<null>>;
  /** Opens the push channel on a connection of its own; resolves once events flow or with `lost`. */
  subscribe(listener: StoreListener): Promise<StoreSubscribed>;
  /** Closes all connections. Safe to repeat. */
  close(): Promise<void>;
}

/** Most targets in one command that judges each of them. */
export const MAX_BATCH = 100;

/** Why a claim is made. A scheduled one must be due; the others are extra probes with a name. */
export type ClaimReason = 'scheduled' | 'confirmation' | 'forced';

/** One target that a pod wants to probe. */
export interface ClaimRequest {
  readonly target: TargetId;
  readonly reason: ClaimReason;
  /** The claimant's plain interval for this target: the window in which {@link guardOf} limits its grants. */
  readonly intervalMs: number;
  /** The distance the claimant wants between probes now: the interval, or a multiple while backing off. */
  readonly everyMs: number;
  /** Version of the record the claimant judged by; 0 for none. */
  readonly version: Version;
  /** How deep the probe will look: only looks as deep count as evidence for it. Absent: `inference`. */
  readonly level?: Level;
  /** Most unforced grants within one interval; absent: {@link GUARD_PER_INTERVAL}. See {@link guardOf}. */
  readonly guard?: number;
  /** Absent: nobody bills it. */
  readonly paid?: PaidProbe;
  /** A person asks for this one. Absent: it waits until probing goes on. */
  readonly despite?: 'pause';
}

/** A batch of claims for leases of `ttlMs`; nothing is done past `notAfter`. */
export interface ClaimInput {
  readonly pod: PodId;
  readonly ttlMs: number;
  readonly notAfter: StoreTime;
  /** The fleet's. */
  readonly budget?: Budget;
  readonly requests: readonly ClaimRequest[];
}

/**
 * Rules, in this order, all on the store's clock and on clamped values (`evidenceAt <= now`, lease `until <= now + ttl`):
 *
 * 0. Probing is paused, and the request is not `despite` that: `paused`, even where the lease is the claimant's own.
 * 1. A live lease of another pod: `held`. A live lease of the claimant itself: `granted` again, same grant (a lost reply),
 *    as far as rule 7 allows.
 * 2. `forced`: granted, unless the evidence is younger than {@link FORCED_REUSE_MS} (then `not-due`).
 * 3. Guard: {@link guardOf} unforced grants within the running `intervalMs` window: `not-due` until it ends.
 * 4. No record, or one that does not parse: granted.
 * 5. `confirmation`: granted if the record is still of the given version, else `not-due`.
 * 6. `scheduled`: granted if `now >= dueAt`, where `dueAt` is `gridDue(evidenceAt, target, everyMs)` for the current
 *    version, else the record's own `nextDueAt` clamped to `evidenceAt + 2 x everyMs`.
 * 7. A paid probe under a budget, its fleet's or its target's: `over-budget` if it would be one too many this hour, or if
 *    its worst price does not fit into what is left of the day. Else both are counted, for the fleet and for the target.
 *    A lease granted again counts again: whoever asks twice may have probed twice. Counts that the claimant knows of this
 *    hour or day replace smaller ones first, where they are of another epoch than the data, and up to the limit (a
 *    target's up to that of the fleet, too). What has no limit is not replaced.
 *
 * `evidenceAt` in these rules is the stamp of the newest look that is as deep as the claim's level: a shallower look neither
 * postpones a deeper probe nor is reused for it.
 *
 * `not-due` carries the record when its version is not the claimant's, and `paused` the decision, so that a deaf pod heals.
 */
export type ClaimAnswer =
  | {
      readonly kind: 'granted';
      readonly grant: Grant;
      readonly until: StoreTime;
      readonly record: StoredRecord | null;
      /** What lay in the lease's place and is none, shortened; absent where nothing or a lease lay there. */
      readonly replaced?: string;
      /** What is counted now; absent for a probe that no budget counts. */
      readonly uses?: BudgetUses;
    }
  | { readonly kind: 'held'; readonly by: PodId; readonly until: StoreTime }
  | { readonly kind: 'paused'; readonly hold: Hold }
  /** `until`: the end of the hour or day, from which on it can be asked again. The longer one where both are over. */
  | { readonly kind: 'over-budget'; readonly until: StoreTime; readonly owner: BudgetOwner; readonly uses: BudgetUses }
  | {
      readonly kind: 'not-due';
      readonly dueAt: StoreTime;
      readonly version: Version;
      readonly record: StoredRecord | null;
    };

/** A forced check reuses evidence younger than this. */
export const FORCED_REUSE_MS = 10_000;
/** The least guard: so many grants of one target within one interval, whatever goes wrong; forced ones not counted. */
export const GUARD_PER_INTERVAL = 3;
const MAX_GUARD = 20;

/** The guard of a request: more than {@link GUARD_PER_INTERVAL} where its policy needs more looks to decide, 20 at most. */
export function guardOf({ guard }: Pick<ClaimRequest, 'guard'>): number {
  return Math.max(GUARD_PER_INTERVAL, Math.min(MAX_GUARD, Math.floor(guard ?? 0)));
}

/** A lease as its holder knows it: the grant is its fencing token. */
export interface HeldLease {
  readonly target: TargetId;
  readonly grant: Grant;
}

/** A lease given back. */
export interface ReturnedLease extends HeldLease {
  /** Nothing was sent under it: what was counted against budgets is free again. Absent: it may have been. */
  readonly probe?: 'never-sent';
}

/** Leases to extend to `ttlMs` from now; nothing is done past `notAfter`. */
export interface RenewInput {
  readonly pod: PodId;
  readonly ttlMs: number;
  readonly notAfter: StoreTime;
  readonly leases: readonly HeldLease[];
}

/** Until when those that were not lost are held, store time. */
export interface RenewAnswer {
  readonly until: StoreTime;
  /** Leases that are ours no longer: expired, taken or gone. */
  readonly lost: readonly TargetId[];
}

/** New facts of one target, and what came with them. */
export interface CommitRequest extends EvidenceStamps {
  readonly target: TargetId;
  /** Lease this evidence was gathered under; absent for an observation without a lease. */
  readonly grant?: Grant;
  /** Version the facts were computed from; 0 for none. */
  readonly expectedVersion: Version;
  readonly nextDueAt: StoreTime;
  readonly facts: Facts;
  /** Counted if the commit is written under its grant, so once, however often it is sent. Absent: nobody billed it. */
  readonly cost?: ProbeCost;
  /** Put before the target's history if the commit is written. Absent: nothing worth remembering. */
  readonly point?: HistoryPoint;
}

/** A batch of commits; nothing is done past `notAfter`. */
export interface CommitInput {
  readonly pod: PodId;
  readonly notAfter: StoreTime;
  /** Name for the data's life, used only if the store has none yet. */
  readonly newEpoch: string;
  /** Absent: `HISTORY_LIMITS`. */
  readonly history?: HistoryLimits;
  readonly commits: readonly CommitRequest[];
}

/**
 * - `ok`: written, or the same grant was committed before (idempotent; `version` is the record's).
 * - `stale`: the grant's lease is not live and ours, or a newer grant is in the record, or (without a grant) the
 *   evidence is not newer than the record's. Drop it.
 * - `conflict`: the lease is live but the version moved: recompute on `record` and commit again. The lease stays.
 *
 * With a grant the record's `grant` becomes it, and the lease ends (`until` 0, grant kept). Without one the record
 * keeps its grant and no lease is touched. What the grant had reserved becomes what its bill says; a lease that ends in
 * any other way leaves it spent. The new version is `max(previous + 1, store time in us)`.
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

/** Records to forget, each if it is still of the version given; nothing is done past `notAfter`. */
export interface SweepInput {
  readonly pod: PodId;
  readonly notAfter: StoreTime;
  readonly records: readonly { readonly target: TargetId; readonly version: Version }[];
}

/** A lease that is held now; `until` is store time. */
export interface LiveLease {
  readonly target: TargetId;
  readonly pod: PodId;
  readonly grant: Grant;
  readonly until: StoreTime;
}

/** What lies under one target's name. */
export interface KeyedRecord {
  readonly target: TargetId;
  readonly stored: StoredRecord;
}

/** Names that are taken from each kind of data at a time. */
export const SAMPLE_NAMES = 50;

/** Asks for a sample; nothing is done past `notAfter`. */
export interface SampleInput {
  readonly pod: PodId;
  readonly notAfter: StoreTime;
}

/**
 * What the store keeps under {@link SAMPLE_NAMES} names of each kind of data, or fewer: of records, leases, money,
 * histories and holds. Samples that are taken one after another meet everything, in any order: so whatever the store
 * holds, and however much, each costs the same.
 */
export interface StoreSample {
  readonly targets: readonly SampledTarget[];
  readonly holds: readonly KeyedHold[];
}

/** A target under whose name there is something. */
export interface SampledTarget {
  readonly target: TargetId;
  /** Of its record, to be forgotten by; 0 where there is none, or one that scripts take for garbage. */
  readonly version: Version;
  readonly stored: StoredRecord | null;
}
