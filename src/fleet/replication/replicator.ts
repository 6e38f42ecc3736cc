import type { StoreTime } from '../../health/index.ts';
import { MAX_AHEAD_US } from '../../ports/index.ts';
import type { FleetEvent, StoreMeta, Timer } from '../../ports/index.ts';
import { applyEvent } from './apply-event.ts';
import { PushChannel } from './push-channel.ts';
import { InvalidMessageLog } from './invalid-message-log.ts';
import { PushFilter } from './push-filter.ts';
import { HoldRefresh } from './hold-refresh.ts';
import type { Incidents, StoreCircuitBreaker } from '../store/index.ts';
import type { FleetOptions } from '../options.ts';
import { ResyncPlan } from './resync-plan.ts';
import { readEverything, type ResyncScope } from './resync.ts';
import { FLEET_KEYS, holdKeysOf, targetIndexOf } from '../target-index.ts';
import type { Replica } from './replica.ts';
import type { ReplicaLag } from './replica-lag.ts';

const AHEAD_MS = 1_000;
/** After missing events, all records are read a second time, this much later. */
const AGAIN_MS = 5_000;
const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 2_000;
const ANTI_ENTROPY_MS = 300_000;
/** Events kept during a resync. If more come, another resync follows. */
const MOST_BUFFERED = 20_000;
/** Shortest interval of resyncs because of invalid messages. A gap in the sequence shows a replaced event as well. */
const GARBAGE_EVERY_MS = 5_000;
/** Reactions that all pods have at once are spread over this time, so that they do not overload the store again. */
const SPREAD_PER_POD_MS = 20;
const MAX_SPREAD_MS = 2_000;

/** Reports of the replicator, and values that it reads. */
export interface ReplicatorParts {
  /** A pushed event was applied to the replica. */
  applied(event: FleetEvent): void;
  /** The replica equals the store again, after a loss of data in the store or after a gap in the events. */
  synced(after: 'data-loss' | 'gap'): void;
  /** Number of pods in the fleet. */
  pods(): number;
  /** The latest that the store's clock can show; absent: unknown. */
  latest?(): StoreTime;
  /** Log of forged messages; absent: none. */
  readonly incidents?: Pick<Incidents, 'note' | 'forgedHold'>;
  /** Measures how far the replica is behind; absent: not measured. */
  readonly lag?: ReplicaLag;
}

/**
 * Keeps the replica equal to the store. It applies pushed events, detects missing ones (a gap in the sequence, an
 * answer ahead of the applied events, another epoch, a silent connection) and then reads all records again (resync).
 */
export class Replicator {
  readonly #options: FleetOptions;
  readonly #circuit: StoreCircuitBreaker;
  readonly #replica: Replica;
  readonly #parts: ReplicatorParts;
  readonly #channel: PushChannel;
  readonly #invalidMessages: InvalidMessageLog;
  readonly #plan: ResyncPlan;
  readonly #holdRefresh: HoldRefresh;
  #retryMs = FIRST_RETRY_MS;
  #ahead: Timer | undefined;
  #again: Timer | undefined;
  #antiEntropy: Timer | undefined;
  /** Events that came during a resync; undefined at other times. */
  #buffer: FleetEvent[] | undefined;
  /** Events up to this sequence and time may still arrive although a resync has read past them. */
  #read: { readonly seq: number; readonly at: StoreTime } = { seq: 0, at: 0 };
  /** The store lost data and no resync has finished since: events are applied, but prove nothing. */
  #dataLost = false;
  #stopped = false;
  /** True if the replica was equal to the store at some time since the store last became unreachable. */
  synced = false;

  constructor(options: FleetOptions, circuit: StoreCircuitBreaker, replica: Replica, parts: ReplicatorParts) {
    this.#options = options;
    this.#circuit = circuit;
    this.#replica = replica;
    this.#parts = parts;
    this.#invalidMessages = new InvalidMessageLog(options, (what) => parts.incidents?.note('forged-messages', what));
    this.#plan = new ResyncPlan(options.clock, async (why) => await this.#resyncNow(why));
    this.#holdRefresh = new HoldRefresh(options, circuit, {
      holdReplica: replica.holds,
      forged: (name) => parts.incidents?.forgedHold(name),
    });
    const filter = new PushFilter(options, {
      holdAnnounced: (key) => this.#holdRefresh.refresh(key),
      overflowed: () => this.#readSoon('a flood on the channel'),
    });
    this.#channel = new PushChannel(options, {
      event: (event) => this.#receive(event),
      wants: (kind, name) => filter.wants(kind, name),
      invalid: (shown) => {
        this.#invalidMessages.add(shown);
        this.#readSoon('garbage on the channel');
      },
      closed: () => this.#channelBroke(),
    });
  }

  start(): void {
    this.resync('start');
    this.#scheduleAntiEntropy();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#plan.stop();
    this.#invalidMessages.stop();
    this.#holdRefresh.stop();
    this.#ahead?.cancel();
    this.#again?.cancel();
    this.#antiEntropy?.cancel();
    await this.#channel.close();
  }

  /** The store is unreachable: the replica may be outdated from now on. */
  storeUnreachable(): void {
    this.synced = false;
    this.#parts.lag?.storeUnreachable();
  }

  /** The store is reachable again, for all pods at once. */
  storeReachable(): void {
    this.#retryMs = FIRST_RETRY_MS;
    this.#plan.reschedule('Redis is back', this.#spreadMs());
  }

  /** Checks the epoch and sequence of every answer of the store. */
  answered(meta: StoreMeta, seqWhenSent: number): void {
    const { epoch, appliedSeq } = this.#replica;
    if (epoch === '' || epoch === meta.epoch) this.#parts.lag?.answered(meta, appliedSeq);
    if (this.#buffer !== undefined || this.#dataLost || this.#stopped) return;
    if (this.#replica.epoch !== '' && meta.epoch !== this.#replica.epoch) this.#lostData('another epoch');
    else if (meta.epoch === this.#replica.epoch && meta.seq < seqWhenSent) this.#lostData('Redis lost writes');
    else if (meta.seq > this.#replica.appliedSeq) this.#expectEvents(meta.seq);
  }

  /** Resyncs now, or after the running resync. */
  resync(why: string): void {
    this.#plan.request(why, 0);
  }

  /**
   * Opens the channel if it is closed, then reads all records. In this order nothing is missed, and one read suffices:
   * earlier commits are in the pages, which are read after the store returned its sequence; later commits are pushed,
   * and buffered until the pages are read.
   *   t0 the channel broke · t1 commit 7, missed · t2 subscribed · t3 sequence 7 · commit 8, received · t4 pages with 7
   * Every request before t3 is served by this resync: that of the subscription at t2, and that of the answer of t3
   * itself.
   */
  async #resyncNow(why: string): Promise<void> {
    this.#buffer ??= [];
    await this.#channel.open();
    const startedMs = this.#options.clock.monotonicMs();
    const read = this.#stopped ? undefined : await this.#readEverything();
    const events = this.#buffer;
    this.#buffer = undefined;
    if (this.#stopped) return;
    if (read !== undefined) this.#resynced(why, { ...read, startedMs }, events);
    // Without a channel the pod follows the store by periodic resyncs.
    if (read === undefined || !this.#channel.isOpen) this.#retryLater(read === undefined ? why : 'no push channel');
    else this.#retryMs = FIRST_RETRY_MS;
  }

  async #readEverything(): Promise<{ seq: number; at: StoreTime } | undefined> {
    return await readEverything(this.#circuit, this.#replica, this.#scope(), {
      seq: this.#replica.appliedSeq,
      begun: () => this.#plan.started(),
      dataLost: () => {
        this.#dataLost = true;
        this.#replica.appliedSeq = 0;
      },
    });
  }

  #scope(): ResyncScope {
    const [targets, holdKeys] = [targetIndexOf(this.#options).keys(), holdKeysOf(this.#options)];
    return { targets: Array.from(targets), holdKeys: [...FLEET_KEYS, ...holdKeys] };
  }

  #resynced(
    why: string,
    read: { readonly seq: number; readonly at: StoreTime; readonly startedMs: number },
    events: readonly FleetEvent[],
  ): void {
    const { seq } = read;
    this.#replica.appliedSeq = seq;
    this.#read = read;
    this.synced = true;
    this.#options.metrics.resynced(why);
    this.#options.logger.debug(`Read all records again (${why}), sequence ${seq}`, { why, seq });
    const dataLost = this.#dataLost;
    this.#dataLost = false;
    this.#parts.lag?.resynced(read.startedMs, { appliedSeq: seq, follows: this.#channel.isOpen });
    for (const event of events) this.#receive(event);
    this.#parts.synced(dataLost ? 'data-loss' : 'gap');
  }

  #retryLater(why: string): void {
    const { random } = this.#options;
    this.#plan.request(why, this.#retryMs * (0.5 + random.next() / 2) + this.#spreadMs());
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
  }

  /** Random delay of this pod: up to two seconds with a hundred pods, and up to 60 ms with three. */
  #spreadMs(): number {
    return this.#options.random.next() * Math.min(MAX_SPREAD_MS, this.#parts.pods() * SPREAD_PER_POD_MS);
  }

  #channelBroke(): void {
    this.#parts.lag?.needsResync();
    this.#retryLater('the push channel broke');
    // The store may be unreachable too. This command finds out before the next regular one.
    void this.#circuit.call('time', (store) => store.time());
  }

  #receive(event: FleetEvent): void {
    if (this.#stopped) return;
    if (this.#buffer === undefined) this.#apply(event);
    else if (this.#buffer.length < MOST_BUFFERED) this.#buffer.push(event);
    else this.#readSoon('a flood on the channel');
  }

  /** A message on the channel was unusable, from whatever sender: resyncs, at a limited rate. */
  #readSoon(why: string): void {
    this.#plan.request(why, Math.max(this.#spreadMs(), GARBAGE_EVERY_MS - this.#plan.sinceStartMs));
  }

  #apply(event: FleetEvent): void {
    if (this.#isFuture(event)) {
      this.#invalidMessages.add(`an event of ${event.kind} that is dated after tomorrow`);
      return;
    }
    if (event.kind !== 'lease' && !this.#inOrder(event)) return;
    applyEvent(this.#replica, event);
    if (event.kind !== 'lease') this.#parts.lag?.applied(event.at, this.#replica.appliedSeq);
    this.#parts.applied(event);
  }

  /** True for an event dated in the future, which would override all commits until then. */
  #isFuture({ at }: FleetEvent): boolean {
    return at > (this.#parts.latest?.() ?? Infinity) + MAX_AHEAD_US;
  }

  /** Returns true if the event may be applied; detects gaps, lost data and a store that went back. */
  #inOrder(event: Exclude<FleetEvent, { kind: 'lease' }>): boolean {
    if (this.#dataLost) return true;
    if (event.epoch !== this.#replica.epoch) {
      // The first record ever: nothing to read again.
      if (this.#replica.epoch !== '' || event.seq !== 1) this.#lostData('another epoch');
      else this.#replica.epoch = event.epoch;
    } else if (event.seq <= this.#replica.appliedSeq) {
      const repeated = event.seq > this.#read.seq || event.at > this.#read.at;
      if (repeated) this.#lostData('Redis lost writes');
      return repeated;
    } else if (event.seq > this.#replica.appliedSeq + 1) {
      this.#parts.lag?.needsResync();
      this.resync('a missing event');
    }
    this.#replica.appliedSeq = Math.max(this.#replica.appliedSeq, event.seq);
    return true;
  }

  #lostData(why: string): void {
    this.#parts.lag?.needsResync();
    this.#replica.dataLost();
    this.#dataLost = true;
    this.#replica.appliedSeq = 0;
    this.#plan.request(why, this.#spreadMs());
  }

  /** An answer was ahead of the events: they are under way, or lost. */
  #expectEvents(seq: number): void {
    this.#ahead ??= this.#options.clock.setTimer(AHEAD_MS, () => {
      this.#ahead = undefined;
      if (this.#buffer !== undefined || this.#replica.appliedSeq >= seq) return;
      this.resync('events are missing');
      this.#readAgainSoon();
    });
  }

  /**
   * Schedules a second resync. A channel that lost events may hide a store that went back and has reached the same
   * sequence again by the next answer.
   */
  #readAgainSoon(): void {
    this.#again?.cancel();
    this.#again = this.#options.clock.setTimer(AGAIN_MS, () => this.resync('as a precaution after missing events'));
  }

  #scheduleAntiEntropy(): void {
    const { clock, random } = this.#options;
    this.#antiEntropy = clock.setTimer(ANTI_ENTROPY_MS * (0.75 + random.next() / 2), () => {
      this.resync('as a precaution');
      this.#scheduleAntiEntropy();
    });
  }
}
