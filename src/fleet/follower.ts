import type { StoreTime } from '../health/index.ts';
import type { FleetEvent, StoreListener, StoreMeta, StoreSubscription, Timer } from '../ports/index.ts';
import type { StoreLink } from './link.ts';
import type { FleetOptions } from './options.ts';
import { readEverything } from './resync.ts';
import type { FleetView } from './view.ts';

const PING_MS = 1_500;
const AHEAD_MS = 1_000;
const RETRY_MS = 250;
const MAX_RETRY_MS = 2_000;
const ANTI_ENTROPY_MS = 300_000;

/** What the follower tells the rest of the coordinator. */
export interface FollowerListener {
  /** A pushed event was applied to the view. */
  applied(event: FleetEvent): void;
  /** The view equals the store again; `dataLost` if the store had lost some of what this pod knew. */
  synced(dataLost: boolean): void;
}

/**
 * Keeps the view equal to the store: applies pushed events, notices when it became deaf (a hole in the sequence, an
 * answer ahead of what was applied, another epoch, a silent connection) and then reads everything again.
 */
export class Follower {
  readonly #options: FleetOptions;
  readonly #link: StoreLink;
  readonly #view: FleetView;
  readonly #listener: FollowerListener;
  #subscription: StoreSubscription | undefined;
  #connecting = false;
  #retryMs = RETRY_MS;
  #timers = new Map<'retry' | 'ping' | 'ahead' | 'resync' | 'anti-entropy', Timer>();
  /** Events that came while reading everything; undefined when not reading. */
  #buffer: FleetEvent[] | undefined;
  #again: string | undefined;
  /** Events up to here, and from before then, may still be on their way although a resync has read past them. */
  #read: { readonly seq: number; readonly at: StoreTime } = { seq: 0, at: 0 };
  #dataLost = false;
  #stopped = false;
  appliedSeq = 0;
  /** Whether the view was equal to the store at some time since the store last went away. */
  synced = false;

  constructor(options: FleetOptions, link: StoreLink, view: FleetView, listener: FollowerListener) {
    this.#options = options;
    this.#link = link;
    this.#view = view;
    this.#listener = listener;
  }

  start(): void {
    void this.#connect();
    void this.resync('start');
    this.#scheduleAntiEntropy();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers.values()) timer.cancel();
    await this.#subscription?.close();
  }

  /** The store went away: what is known from now on may be old. */
  storeLost(): void {
    this.synced = false;
  }

  /** Looks at what every answer of the store says of its data. */
  answered(meta: StoreMeta, seqWhenSent: number): void {
    if (this.#buffer !== undefined || this.#stopped) return;
    if (this.#view.epoch !== '' && meta.epoch !== this.#view.epoch) this.#lostData('another epoch');
    else if (meta.epoch === this.#view.epoch && meta.seq < seqWhenSent) this.#lostData('the store went back');
    else if (meta.seq > this.appliedSeq) this.#expect(meta.seq);
  }

  /** Reads everything again, at a random moment within `spreadMs`. */
  resyncWithin(why: string, spreadMs: number): void {
    this.#later('resync', this.#options.random.next() * spreadMs, () => void this.resync(why));
  }

  /** Reads everything again; at most one at a time, and once more if asked meanwhile. */
  async resync(why: string): Promise<void> {
    if (this.#stopped) return;
    if (this.#buffer !== undefined) {
      this.#again = why;
      return;
    }
    this.#buffer = [];
    const done = await readEverything(this.#link, this.#view, {
      seq: this.appliedSeq,
      dataLost: () => {
        this.#dataLost = true;
        this.appliedSeq = 0;
      },
    });
    const events = this.#buffer;
    this.#buffer = undefined;
    if (this.#stopped) return;
    if (done === undefined) {
      this.#later('resync', RETRY_MS + this.#options.random.next() * RETRY_MS, () => void this.resync(why));
      return;
    }
    this.#resynced(why, done, events);
  }

  #resynced(why: string, read: { seq: number; at: StoreTime }, events: readonly FleetEvent[]): void {
    const { seq } = read;
    this.appliedSeq = seq;
    this.#read = read;
    this.synced = true;
    this.#options.metrics.resynced(why);
    this.#options.logger.debug(`Read all records again (${why}), sequence ${seq}`, { why, seq });
    const dataLost = this.#dataLost;
    this.#dataLost = false;
    for (const event of events) this.#apply(event);
    this.#listener.synced(dataLost);
    const again = this.#again;
    this.#again = undefined;
    if (again !== undefined) void this.resync(again);
  }

  async #connect(): Promise<void> {
    if (this.#stopped || this.#connecting) return;
    this.#connecting = true;
    const startMs = this.#options.clock.monotonicMs();
    const answer = await this.#options.store.subscribe(this.#storeListener());
    this.#options.metrics.storeCommand('subscribe', this.#options.clock.monotonicMs() - startMs);
    this.#connecting = false;
    if (this.#stopped) {
      if (answer.kind === 'subscribed') await answer.subscription.close();
      return;
    }
    if (answer.kind === 'lost') {
      this.#options.metrics.storeError('subscribe', answer.loss.code);
      this.#reconnectLater();
      return;
    }
    this.#retryMs = RETRY_MS;
    this.#subscription = answer.subscription;
    this.#later('ping', PING_MS, () => void this.#ping());
    await this.resync('subscribed');
  }

  #reconnectLater(): void {
    this.#retryMs = Math.min(this.#retryMs * 2, MAX_RETRY_MS);
    this.#later('retry', this.#retryMs * (0.5 + this.#options.random.next() / 2), () => {
      void this.#connect();
      // Without a channel the pod still follows, by reading everything now and then.
      if (this.#link.available) void this.resync('no push channel');
    });
  }

  #storeListener(): StoreListener {
    return {
      event: (event) => this.#receive(event),
      garbage: (shown) => {
        this.#options.logger.warn(`Ignored a message on the fleet's channel that does not parse: ${shown}`);
        void this.resync('garbage on the channel');
      },
      dropped: (why) => this.#dropped(why),
    };
  }

  #dropped(why: string): void {
    if (this.#subscription === undefined || this.#stopped) return;
    this.#subscription = undefined;
    this.#timers.get('ping')?.cancel();
    this.#options.logger.debug(`The push channel broke: ${why}`, { why });
    this.#reconnectLater();
  }

  async #ping(): Promise<void> {
    const subscription = this.#subscription;
    if (subscription === undefined || this.#stopped) return;
    const startMs = this.#options.clock.monotonicMs();
    const answer = await subscription.ping();
    this.#options.metrics.storeCommand('ping', this.#options.clock.monotonicMs() - startMs);
    if (this.#subscription !== subscription || this.#stopped) return;
    if (answer.kind === 'ok') {
      this.#later('ping', PING_MS, () => void this.#ping());
      return;
    }
    this.#dropped(answer.loss.message);
    await subscription.close();
  }

  #receive(event: FleetEvent): void {
    if (this.#stopped) return;
    if (this.#buffer === undefined) this.#apply(event);
    else this.#buffer.push(event);
  }

  #apply(event: FleetEvent): void {
    if (event.kind !== 'lease' && !this.#inOrder(event)) return;
    applyEvent(this.#view, event);
    this.#listener.applied(event);
  }

  /** Whether the event may be applied; notices holes, losses and steps back. */
  #inOrder(event: Exclude<FleetEvent, { kind: 'lease' }>): boolean {
    if (event.epoch !== this.#view.epoch) {
      // The first record ever: nothing to read again.
      if (this.#view.epoch !== '' || event.seq !== 1) this.#lostData('another epoch');
      else this.#view.epoch = event.epoch;
    } else if (event.seq <= this.appliedSeq) {
      const repeated = event.seq > this.#read.seq || event.at > this.#read.at;
      if (repeated) this.#lostData('the store went back');
      return repeated;
    } else if (event.seq > this.appliedSeq + 1) void this.resync('a missing event');
    this.appliedSeq = Math.max(this.appliedSeq, event.seq);
    return true;
  }

  #lostData(why: string): void {
    this.#view.dataLost();
    this.#dataLost = true;
    this.appliedSeq = 0;
    void this.resync(why);
  }

  /** An answer was ahead of the events: they are under way, or lost. */
  #expect(seq: number): void {
    if (this.#timers.has('ahead')) return;
    this.#later('ahead', AHEAD_MS, () => {
      if (this.appliedSeq < seq) void this.resync('events are missing');
    });
  }

  #scheduleAntiEntropy(): void {
    this.#later('anti-entropy', ANTI_ENTROPY_MS * (0.75 + this.#options.random.next() / 2), () => {
      void this.resync('as a precaution');
      this.#scheduleAntiEntropy();
    });
  }

  #later(name: 'retry' | 'ping' | 'ahead' | 'resync' | 'anti-entropy', delayMs: number, run: () => void): void {
    this.#timers.get(name)?.cancel();
    const timer = this.#options.clock.setTimer(delayMs, () => {
      if (this.#timers.get(name) === timer) this.#timers.delete(name);
      if (!this.#stopped) run();
    });
    this.#timers.set(name, timer);
  }
}

function applyEvent(view: FleetView, event: FleetEvent): void {
  if (event.kind === 'lease') {
    for (const { target, grant, until } of event.leases) {
      if (until > 0) view.setLease({ target, pod: event.pod, grant, until });
      else view.endLease(target, grant);
    }
    return;
  }
  if (event.kind === 'forget') {
    for (const target of event.targets) view.forget(target);
    return;
  }
  for (const { target, stored } of event.records) {
    view.apply(target, stored);
    if (stored.kind === 'record') view.endLease(target, stored.record.grant);
  }
}
