import type { FleetEvent, StoreListener, StoreSubscription, Timer } from '../../ports/index.ts';
import type { FleetOptions } from '../options.ts';

const PING_MS = 1_500;

/** Reports of the push channel. */
export interface ChannelListener {
  event(event: FleetEvent): void;
  wants: NonNullable<StoreListener['wants']>;
  /** A message that does not parse; `shown` is a short safe excerpt. */
  invalid(shown: string): void;
  /** No events come any more until it is opened again. */
  closed(): void;
}

/** One subscription. Events of earlier subscriptions are ignored. */
interface OpenSubscription {
  subscription?: StoreSubscription;
  isClosed: boolean;
}

/**
 * This pod's subscription to the fleet's push channel. It never opens by itself, because events that were missed
 * meanwhile have to be read first. Pings detect a connection that hangs.
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

  /**
   * Tries to subscribe once, unless it is open. Events are delivered from then on. Must not be called again while it
   * runs.
   */
  async open(): Promise<void> {
    if (this.#stopped || this.isOpen) return;
    const { store, clock, metrics } = this.#options;
    const opened: OpenSubscription = { isClosed: false };
    // Set before the answer, since an event may arrive together with the confirmation of the subscription.
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
    // While the subscription is being opened, `open` handles this.
    if (dropped.subscription === undefined || this.#stopped) return;
    this.#options.logger.debug(`The push channel broke: ${why}`, { why });
    void this.#closeSubscription(dropped);
    this.#listener.closed();
  }

  async #closeSubscription(closing: OpenSubscription): Promise<void> {
    closing.isClosed = true;
    if (this.#current === closing) {
      this.#current = undefined;
      this.#ping?.cancel();
    }
    await closing.subscription?.close();
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
