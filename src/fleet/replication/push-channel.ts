import type { FleetEvent, StoreListener, StoreSubscription, Timer } from '../../ports/index.ts';
import type { FleetOptions } from '../options.ts';

const PING_MS = 1_500;

/** What the channel tells the follower. */
export interface ChannelListener {
  event(event: FleetEvent): void;
  wants: NonNullable<StoreListener['wants']>;
  /** A message that does not parse; `shown` is a short safe excerpt. */
  invalid(shown: string): void;
  /** Nothing is heard any more, until it is opened again. */
  closed(): void;
}

/** One subscription: whatever comes from one before it is not listened to. */
interface OpenSubscription {
  subscription?: StoreSubscription;
  isClosed: boolean;
}

/**
 * This pod's ear on the fleet's push channel. It opens when told to and never by itself: what was missed meanwhile has to
 * be read. A connection that hangs is noticed by its ping.
 */
export class PushChannel {
  readonly #options: FleetOptions;
  readonly #listener: ChannelListener;
  #current: OpenSubscription | undefined;
  #ping: Timer | undefined;
  #stopped = false;

  constructor(options: FleetOptions, listener: ChannelListener) {
    this.#options = options;
    this.#listener = listener;
  }

  get isOpen(): boolean {
    return this.#current?.subscription !== undefined;
  }

  /** Tries once, unless it is open. From then on every event is heard. Not to be called again before it answered. */
  async open(): Promise<void> {
    if (this.#stopped || this.isOpen) return;
    const { store, clock, metrics } = this.#options;
    const opened: OpenSubscription = { isClosed: false };
    // Listened to at once: an event may come together with the answer that says "subscribed".
    this.#current = opened;
    const startMs = clock.monotonicMs();
    const answer = await store.subscribe({
      event: (event) => this.#current === opened && this.#listener.event(event),
      garbage: (shown) => this.#current === opened && this.#listener.invalid(shown),
      wants: (kind, name) => this.#current === opened && this.#listener.wants(kind, name),
      dropped: (why) => this.#dropped(opened, why),
    });
    metrics.storeCommand('subscribe', clock.monotonicMs() - startMs);
    if (answer.kind === 'lost') {
      metrics.storeError('subscribe', answer.loss.code);
      this.#current = undefined;
      return;
    }
    opened.subscription = answer.subscription;
    if (this.#stopped || opened.isClosed) await this.#closeSubscription(opened);
    else this.#pingLater(opened);
  }

  async close(): Promise<void> {
    this.#stopped = true;
    this.#ping?.cancel();
    if (this.#current !== undefined) await this.#closeSubscription(this.#current);
  }

  #dropped(dropped: OpenSubscription, why: string): void {
    if (dropped.isClosed) return;
    dropped.isClosed = true;
    // While it is being opened, `open` sees to it.
    if (dropped.subscription === undefined || this.#stopped) return;
    this.#options.logger.debug(`The push channel broke: ${why}`, { why });
    void this.#closeSubscription(dropped);
    this.#listener.closed();
  }

  async #closeSubscription(ears: OpenSubscription): Promise<void> {
    ears.isClosed = true;
    if (this.#current === ears) {
      this.#current = undefined;
      this.#ping?.cancel();
    }
    await ears.subscription?.close();
  }

  #pingLater(current: OpenSubscription): void {
    this.#ping = this.#options.clock.setTimer(PING_MS, () => void this.#pingNow(current));
  }

  async #pingNow(current: OpenSubscription): Promise<void> {
    const { clock, metrics } = this.#options;
    const startMs = clock.monotonicMs();
    const answer = await current.subscription?.ping();
    metrics.storeCommand('ping', clock.monotonicMs() - startMs);
    if (answer === undefined || current.isClosed || this.#stopped) return;
    if (answer.kind === 'ok') this.#pingLater(current);
    else this.#dropped(current, answer.loss.message);
  }
}
