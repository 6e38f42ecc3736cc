import type { StoreTime } from '../../health/index.ts';
import { MAX_AHEAD_US, PROBING } from '../../ports/index.ts';
import type { FleetEvent, StoreMeta, Timer } from '../../ports/index.ts';
import { PushChannel } from './push-channel.ts';
import { InvalidMessageLog } from './invalid-message-log.ts';
import { PushFilter } from './push-filter.ts';
import { HoldRefresh } from './hold-refresh.ts';
import type { Incidents, StoreCircuitBreaker } from '../store/index.ts';
import type { FleetOptions } from '../options.ts';
import { ResyncPlan } from './resync-plan.ts';
import { readEverything, type ResyncScope } from './resync.ts';
import { holdKeysOf, targetIndexOf } from '../target-index.ts';
import type { Replica } from './replica.ts';

const AHEAD_MS = 1_000;
/** After events were missing everything is read once more, this much later. */
const AGAIN_MS = 5_000;
const FIRST_RETRY_MS = 500;
const MAX_RETRY_MS = 2_000;
const ANTI_ENTROPY_MS = 300_000;
/** Events kept while everything is read; more of them are read once more instead. */
const MOST_BUFFERED = 20_000;
/** Garbage makes nobody read more often than this: what it may have replaced shows as a hole as well. */
const GARBAGE_EVERY_MS = 5_000;
/** What happens to all pods at once is answered over this time, so that the store is not lost again by it. */
const SPREAD_PER_POD_MS = 20;
const MAX_SPREAD_MS = 2_000;

/** What the follower tells the rest of the coordinator, and asks it. */
export interface ReplicatorParts {
  /** A pushed event was applied to the view. */
  applied(event: FleetEvent): void;
  /** The view equals the store again; `dataLost` if the store had lost some of what this pod knew. */
  synced(after: 'data-loss' | 'gap'): void;
  /** How many pods the fleet has. */
  pods(): number;
  /** The latest that the store's clock can show; absent: not known. */
  latest?(): StoreTime;
  /** Where forged messages are told; absent: nowhere. */
  readonly incidents?: Pick<Incidents, 'note' | 'forgedHold'>;
}

/**
 * Keeps the view equal to the store: applies pushed events, notices when it became deaf (a hole in the sequence, an
 * answer ahead of what was applied, another epoch, a silent connection) and then reads everything again.
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
  /** Events that came while reading everything; undefined at other times. */
  #buffer: FleetEvent[] | undefined;
  /** Events up to here, and from before then, may still be on their way although a resync has read past them. */
  #read: { readonly seq: number; readonly at: StoreTime } = { seq: 0, at: 0 };
  /** The store lost data, and everything has not been read since: what comes is applied, but proves nothing. */
  #dataLost = false;
  #stopped = false;
  /** Whether the view was equal to the store at some time since the store last went away. */
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
    const intake = new PushFilter(options, {
      holdAnnounced: (key) => this.#holdRefresh.refresh(key),
      overflowed: () => this.#readSoon('a flood on the channel'),
    });
    this.#channel = new PushChannel(options, {
      event: (event) => this.#receive(event),
      wants: (kind, name) => intake.wants(kind, name),
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

  /** The store went away: what is known from now on may be old. */
  storeUnreachable(): void {
    this.synced = false;
  }

  /** The store answers again, and so it does to all other pods. */
  storeReachable(): void {
    this.#retryMs = FIRST_RETRY_MS;
    this.#plan.reschedule('the store is back', this.#spreadMs());
  }

  /** Looks at what every answer of the store says of its data. */
  answered(meta: StoreMeta, seqWhenSent: number): void {
    if (this.#buffer !== undefined || this.#dataLost || this.#stopped) return;
    if (this.#replica.epoch !== '' && meta.epoch !== this.#replica.epoch) this.#lostData('another epoch');
    else if (meta.epoch === this.#replica.epoch && meta.seq < seqWhenSent) this.#lostData('the store went back');
    else if (meta.seq > this.#replica.appliedSeq) this.#expectEvents(meta.seq);
  }

  /** Reads everything again, now, or once what is being read has been. */
  resync(why: string): void {
    this.#plan.request(why, 0);
  }

  /**
   * Opens the channel if it is shut, then reads everything. In this order nothing is missed, and one reading is enough:
   * what was committed until the store told its sequence is in the pages, which are read after that; what is committed
   * later is pushed, and buffered until the pages are in.
   *   t0 the channel broke · t1 commit 7, not heard · t2 subscribed · t3 sequence 7 · commit 8, heard · t4 pages with 7
   * Whoever asks before t3 is served by it: a subscription at t2, or a store that came back with the very answer of t3.
   */
  async #resyncNow(why: string): Promise<void> {
    this.#buffer ??= [];
    await this.#channel.open();
    const read = this.#stopped ? undefined : await this.#readEverything();
    const events = this.#buffer;
    this.#buffer = undefined;
    if (this.#stopped) return;
    if (read !== undefined) this.#resynced(why, read, events);
    // Without a channel the pod still follows, by reading everything now and then.
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
    return { targets: Array.from(targets), holdKeys: [PROBING, ...holdKeys] };
  }

  #resynced(why: string, read: { seq: number; at: StoreTime }, events: readonly FleetEvent[]): void {
    const { seq } = read;
    this.#replica.appliedSeq = seq;
    this.#read = read;
    this.synced = true;
    this.#options.metrics.resynced(why);
    this.#options.logger.debug(`Read all records again (${why}), sequence ${seq}`, { why, seq });
    const dataLost = this.#dataLost;
    this.#dataLost = false;
    for (const event of events) this.#receive(event);
    this.#parts.synced(dataLost ? 'data-loss' : 'gap');
  }

  #retryLater(why: string): void {
    const { random } = this.#options;
    this.#plan.request(why, this.#retryMs * (0.5 + random.next() / 2) + this.#spreadMs());
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
  }

  /** A moment for this pod alone, within two seconds for a hundred pods, and within 60 ms for three. */
  #spreadMs(): number {
    return this.#options.random.next() * Math.min(MAX_SPREAD_MS, this.#parts.pods() * SPREAD_PER_POD_MS);
  }

  #channelBroke(): void {
    this.#retryLater('the push channel broke');
    // The store may be gone as well: find out, rather than wait for the next command.
    void this.#circuit.call('time', (store) => store.time());
  }

  #receive(event: FleetEvent): void {
    if (this.#stopped) return;
    if (this.#buffer === undefined) this.#apply(event);
    else if (this.#buffer.length < MOST_BUFFERED) this.#buffer.push(event);
    else this.#readSoon('a flood on the channel');
  }

  /** What came on the channel cannot be used, whoever sent it: the store knows what is true, and is asked now and then. */
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
    this.#parts.applied(event);
  }

  /** What such an event says would overrule all that is committed until then. */
  #isFuture({ at }: FleetEvent): boolean {
    return at > (this.#parts.latest?.() ?? Infinity) + MAX_AHEAD_US;
  }

  /** Whether the event may be applied; notices holes, losses and steps back. */
  #inOrder(event: Exclude<FleetEvent, { kind: 'lease' }>): boolean {
    if (this.#dataLost) return true;
    if (event.epoch !== this.#replica.epoch) {
      // The first record ever: nothing to read again.
      if (this.#replica.epoch !== '' || event.seq !== 1) this.#lostData('another epoch');
      else this.#replica.epoch = event.epoch;
    } else if (event.seq <= this.#replica.appliedSeq) {
      const repeated = event.seq > this.#read.seq || event.at > this.#read.at;
      if (repeated) this.#lostData('the store went back');
      return repeated;
    } else if (event.seq > this.#replica.appliedSeq + 1) this.resync('a missing event');
    this.#replica.appliedSeq = Math.max(this.#replica.appliedSeq, event.seq);
    return true;
  }

  #lostData(why: string): void {
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
   * A channel that lost events may have hidden more than that: a store that went back and has as many events as before by
   * the time of the next answer. So everything is read once more, a little later.
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

function applyEvent(replica: Replica, event: FleetEvent): void {
  if (event.kind === 'lease') {
    for (const { target, grant, until } of event.leases) {
      if (until > 0) replica.setLease({ target, pod: event.pod, grant, until }, 'channel');
      else replica.endLease(target, grant);
    }
    return;
  }
  if (event.kind === 'forget') {
    for (const target of event.targets) replica.forget(target);
    return;
  }
  // Holds are read from the store; see `HoldHints`.
  if (event.kind === 'hold') return;
  for (const { target, stored } of event.records) {
    replica.apply(target, stored);
    if (stored.kind === 'record') replica.endLease(target, stored.record.grant);
  }
}
