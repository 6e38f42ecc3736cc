import type { FleetEvent, StoreListener, StoreSubscription, Timer } from '../../ports/index.ts';
import type { FleetOptions } from '../options.ts';

const PING_MS = 1_500;

/** What the channel tells the follower. */
export interface ChannelListener {
  event(event: FleetEvent): void;
  wants: NonNullable<StoreListener['wants']>;
  /** A message that does not parse; `shown` is a short safe excerpt. */
  garbage(shown: string): void;
  /** Nothing is heard any more, until it is opened again. */
  broke(): void;
}

/** One subscription: whatever comes from one before it is not listened to. */
interface Ears {
  subscription?: StoreSubscription;
  over: boolean;
}

/**
 * This pod's ear on the fleet's push channel. It opens when told to and never by itself: what was missed meanwhile has to
 * be read. A connection that hangs is noticed by its ping.
 */
export class PushChannel {
  readonly #options: FleetOptions;
  readonly #listener: ChannelListener;
  #ears: Ears | undefined;
  #ping: Timer | undefined;
  #stopped = false;

  constructor(options: FleetOptions, listener: ChannelListener) {
    this.#options = options;
    this.#listener = listener;
  }

  get isOpen(): boolean {
    return this.#ears?.subscription !== undefined;
  }

  /** Tries once, unless it is open. From then on every event is heard. Not to be called again before it answered. */
  async open(): Promise<void> {
    if (this.#stopped || this.isOpen) return;
    const { store, clock, metrics } = this.#options;
    const ears: Ears = { over: false };
    // Listened to at once: an event may come together with the answer that says "subscribed".
    this.#ears = ears;
    const startMs = clock.monotonicMs();
    const answer = await store.subscribe({
      event: (event) => this.#ears === ears && this.#listener.event(event),
      garbage: (shown) => this.#ears === ears && this.#listener.garbage(shown),
      wants: (kind, name) => this.#ears === ears && this.#listener.wants(kind, name),
      dropped: (why) => this.#dropped(ears, why),
    });
    metrics.storeCommand('subscribe', clock.monotonicMs() - startMs);
    if (answer.kind === 'lost') {
      metrics.storeError('subscribe', answer.loss.code);
      this.#ears = undefined;
      return;
    }
    ears.subscription = answer.subscription;
    if (this.#stopped || ears.over) await this.#forget(ears);
    else this.#pingLater(ears);
  }

  async close(): Promise<void> {
    this.#stopped = true;
    this.#ping?.cancel();
    if (this.#ears !== undefined) await this.#forget(this.#ears);
  }

  #dropped(ears: Ears, why: string): void {
    if (ears.over) return;
    ears.over = true;
    // While it is being opened, `open` sees to it.
    if (ears.subscription === undefined || this.#stopped) return;
    this.#options.logger.debug(`The push channel broke: ${why}`, { why });
    void this.#forget(ears);
    this.#listener.broke();
  }

  async #forget(ears: Ears): Promise<void> {
    ears.over = true;
    if (this.#ears === ears) {
      this.#ears = undefined;
      this.#ping?.cancel();
    }
    await ears.subscription?.close();
  }

  #pingLater(ears: Ears): void {
    this.#ping = this.#options.clock.setTimer(PING_MS, () => void this.#pingNow(ears));
  }

  async #pingNow(ears: Ears): Promise<void> {
    const { clock, metrics } = this.#options;
    const startMs = clock.monotonicMs();
    const answer = await ears.subscription?.ping();
    metrics.storeCommand('ping', clock.monotonicMs() - startMs);
    if (answer === undefined || ears.over || this.#stopped) return;
    if (answer.kind === 'ok') this.#pingLater(ears);
    else this.#dropped(ears, answer.loss.message);
  }
}
