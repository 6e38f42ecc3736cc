import type { PodId, StoreTime } from '../health/index.ts';
import type {
  BridgeReader,
  BridgeStore,
  BridgeView,
  Clock,
  FleetReader,
  LitellmSign,
  Logger,
  OwnModel,
  Timer,
} from '../ports/index.ts';
import { AvoidedProbes } from './avoided-probes.ts';
import type { Round } from './avoided-probes.ts';
import type { Publishable } from './publishable.ts';
import { Retraction } from './retraction.ts';
import { BridgeLease } from './lease.ts';
import { BridgeLog } from './bridge-log.ts';
import { SeenPods } from './seen-pods.ts';
import { ForeignResults } from './foreign-results.ts';
import { bridgeView } from './view.ts';
import { Watch } from './watch.ts';
import { Writer } from './writer.ts';

/** Distance between two reads of LiteLLM's keys: replaced results are published again within a second. */
const TICK_MS = 250;
/** Time for which a change of verdicts waits for others. */
const COALESCE_MS = 20;
/**
 * Distance between two publications of changes: each one writes the whole text, and LiteLLM reads every few seconds.
 */
const SPACING_MS = 200;

export interface BridgeOptions {
  readonly pod: PodId;
  readonly store: BridgeStore;
  readonly fleet: Pick<FleetReader, 'status' | 'onChange'>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Deadline of one command to the store. */
  readonly deadlineMs: number;
  /** The fleet's verdicts on every deployment that LiteLLM would probe, as of now. */
  readonly publishable: () => readonly Publishable[];
  /** All of these deployments, with LiteLLM's ids. */
  readonly models: () => readonly OwnModel[];
  /** Deployments of LiteLLM that this pod does not probe, with LiteLLM's ids. */
  readonly unprobed: () => readonly OwnModel[];
  /** LiteLLM's TTL of results. */
  readonly ttlMs: () => number;
  readonly round: () => Round;
}

/** One pod's part in publishing the fleet's verdicts for LiteLLM. */
export interface Bridge extends Pick<BridgeReader, 'bridge'> {
  /** Starts; returns at once. */
  start(): void;
  /** This pod has the lease and may publish: its verdicts are the fleet's. */
  readonly leads: boolean;
  /** The publishable deployments may have changed. */
  changed(): void;
  /** A LiteLLM pod showed itself in another way than by the keys of shared health checks. */
  sawLitellm(sign: Extract<LitellmSign, 'cooldown' | 'events'>): void;
  /** Releases its lease. Its results stay until they expire, by when another pod or LiteLLM itself has taken over. */
  stop(): Promise<void>;
}

/**
 * Publishes when a verdict changes, before the results become too old for LiteLLM, and after another client replaced
 * them; only while this pod holds the lease.
 */
export function createBridge(options: BridgeOptions): Bridge {
  return new LitellmBridge(options);
}

class LitellmBridge implements Bridge {
  readonly #options: BridgeOptions;
  readonly #now: () => StoreTime;
  readonly #lease: BridgeLease;
  readonly #writer: Writer;
  readonly #retraction: Retraction;
  readonly #watch: Watch;
  readonly #log: BridgeLog;
  readonly #pods: SeenPods;
  readonly #foreign: ForeignResults;
  readonly #avoided = new AvoidedProbes();
  #timer: Timer | undefined;
  #soon: Timer | undefined;
  #ticking: Promise<void> | undefined;
  #unsubscribe: () => void = () => undefined;
  #stopped = false;

  constructor(options: BridgeOptions) {
    const { fleet, clock, logger, pod } = options;
    this.#options = options;
    this.#now = () => fleet.status().now;
    this.#lease = new BridgeLease({ ...options, now: this.#now });
    const refused = (): void => this.#lease.refreshSoon();
    this.#writer = new Writer({ ...options, now: this.#now, refused });
    this.#log = new BridgeLog(logger, clock, options.store.resultsKey);
    this.#pods = new SeenPods({ clock, pod, now: this.#now });
    this.#foreign = new ForeignResults({ ...options, lines: this.#log, now: this.#now });
    this.#retraction = new Retraction({
      ...options,
      writer: this.#writer,
      foreign: this.#foreign,
      lines: this.#log,
      now: this.#now,
    });
    this.#watch = new Watch({
      ...options,
      writer: this.#writer,
      retraction: this.#retraction,
      lines: this.#log,
      pods: this.#pods,
      foreign: this.#foreign,
      now: this.#now,
    });
  }

  get leads(): boolean {
    return this.#allowed();
  }

  start(): void {
    this.#unsubscribe = this.#options.fleet.onChange(({ kind }) => {
      if (kind === 'verdict-changed' || kind === 'hold-changed') this.changed();
    });
    this.#tickIn(0);
  }

  changed(): void {
    if (this.#soon !== undefined || this.#stopped) return;
    const delayMs = Math.max(COALESCE_MS, SPACING_MS - this.#writer.ageMs);
    this.#soon = this.#options.clock.setTimer(delayMs, () => {
      this.#soon = undefined;
      void this.#publishChange();
    });
  }

  sawLitellm(sign: LitellmSign): void {
    this.#pods.sign(sign);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#unsubscribe();
    this.#timer?.cancel();
    this.#soon?.cancel();
    await this.#ticking;
    await this.#lease.resign();
  }

  bridge(): BridgeView {
    const { store, fleet } = this.#options;
    return bridgeView({
      lease: this.#lease,
      writer: this.#writer,
      watch: this.#watch,
      avoided: this.#avoided,
      pods: this.#pods,
      foreign: this.#foreign,
      resultsKey: store.resultsKey,
      status: fleet.status(),
    });
  }

  #tickIn(delayMs: number): void {
    if (this.#stopped) return;
    this.#timer = this.#options.clock.setTimer(delayMs, () => {
      this.#ticking = this.#tick().finally(() => this.#tickIn(TICK_MS));
    });
  }

  async #tick(): Promise<void> {
    try {
      this.#log.unreadable(this.#options.fleet.status().unreadable.length);
      if (!this.#mayPublish()) return await this.#lease.resign();
      if (this.#lease.due) await this.#takeTurn();
      if (this.#lease.leads) {
        const stoodMs = await this.#watch.read(this.#allowed);
        if (stoodMs > 0 && this.#pods.useResults) this.#avoided.add(stoodMs, this.#options.round());
        this.#logComposed(this.#writer);
      }
      const loss = this.#lease.loss ?? this.#writer.loss ?? this.#watch.loss;
      if (loss !== null) this.#log.refused(loss);
    } catch (error) {
      // Composing reads other parts' data. An error there must not end the bridge, and proves nothing about the
      // publication.
      this.#log.failed(error);
    }
  }

  /** Logs a document only once it is published, because Redis may have refused it. */
  #logComposed({ composed, isInPlace }: Writer): void {
    if (composed?.kind === 'withheld' || isInPlace) this.#log.composed(composed);
  }

  async #takeTurn(): Promise<void> {
    const led = this.#lease.leads;
    const turn = await this.#lease.take();
    if (turn === 'leads' && !led) {
      this.#writer.begin();
      this.#retraction.begin();
      this.#log.leads();
    }
    if (turn === 'follows' && led) this.#log.follows(this.#lease.holder ?? '');
  }

  /**
   * False while this pod is impaired or without the store, so that its verdicts must not be published, and while it has no
   * verdict on a target whose record a newer version wrote: a pod of that version can publish.
   */
  #mayPublish(): boolean {
    const { mode, impaired, unreadable } = this.#options.fleet.status();
    return mode === 'shared' && !impaired && unreadable.length === 0;
  }

  readonly #allowed = (): boolean => !this.#stopped && this.#lease.leads && this.#mayPublish();

  async #publishChange(): Promise<void> {
    try {
      if (this.#allowed()) await this.#writer.publish(this.#allowed);
    } catch (error) {
      this.#log.failed(error);
    }
  }
}
