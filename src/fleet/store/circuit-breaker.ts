import type { StoreTime } from '../../health/index.ts';
import type {
  Clock,
  FleetMetrics,
  FleetStore,
  StoreAnswer,
  StoreCommand,
  StoreLoss,
  StoreMeta,
  Timer,
} from '../../ports/index.ts';
import type { FleetOptions } from '../options.ts';
import type { StoreClock } from './store-clock.ts';

/** Failed commands in a row that open the circuit. */
const FAILURES_TO_OPEN = 2;
/** Distance between two test commands while the circuit is open, per pod: short at first, then twice a second. */
const FIRST_TEST_MS = 50;
const TEST_MS = 500;

/** Commands that write nothing: their success does not prove that the store accepts writes. */
const reads: ReadonlySet<StoreCommand> = new Set([
  'time',
  'read-leases',
  'read-records',
  'read-holds',
  'read-targets',
  'read-money',
  'read-history',
]);
/** Losses of a store that answers but refuses writes: full, a replica, or without permission. */
const refusals: ReadonlySet<StoreLoss['code']> = new Set(['out-of-memory', 'read-only', 'no-permission']);

/** Reports of the circuit breaker, and its test command. */
export interface CircuitListener {
  /** An answer came; `seqWhenSent` is the sequence that this pod had applied when it sent the command. */
  answered(meta: StoreMeta, seqWhenSent: number): void;
  /**
   * The estimate of the store's clock jumped by this many microseconds. Times taken without the store shift with it.
   */
  clockJumped(byUs: number): void;
  /** The first command failed after successful ones. */
  unreachable(loss: StoreLoss): void;
  /** The first command succeeded after failed ones; after refused writes, the first command that writes. */
  reachable(): void;
  /** A harmless command that writes, to test whether the store is reachable. */
  testCommand(store: FleetStore, notAfter: StoreTime): Promise<StoreAnswer<unknown>>;
}

/**
 * The only way to the store: measures commands and bounds their time. After two failures in a row the circuit opens:
 * every command returns `lost` at once, and one test command per half second finds out when the store is reachable
 * again.
 */
export class StoreCircuitBreaker {
  readonly #store: FleetStore;
  readonly #clock: Clock;
  readonly #storeClock: StoreClock;
  readonly #metrics: FleetMetrics;
  readonly #deadlineMs: number;
  readonly #listener: CircuitListener;
  readonly #appliedSeq: () => number;
  #failures = 0;
  #testTimer: Timer | undefined;
  #testing = false;
  #stopped = false;
  #lastOkMs = Number.NEGATIVE_INFINITY;
  #loss: StoreLoss | undefined;
  #refusesWrites = false;
  /** The estimate of the store's clock may be wrong. */
  #clockUnknown = true;

  constructor(
    options: Pick<FleetOptions, 'store' | 'clock' | 'metrics' | 'storeDeadlineMs'>,
    storeClock: StoreClock,
    appliedSeq: () => number,
    listener: CircuitListener,
  ) {
    this.#store = options.store;
    this.#clock = options.clock;
    this.#metrics = options.metrics;
    this.#deadlineMs = options.storeDeadlineMs;
    this.#storeClock = storeClock;
    this.#appliedSeq = appliedSeq;
    this.#listener = listener;
  }

  /** True if the last command was answered. */
  get available(): boolean {
    return this.#loss === undefined && this.#lastOkMs > Number.NEGATIVE_INFINITY;
  }

  /** Loss of the last command; undefined while the store answers. */
  get loss(): StoreLoss | undefined {
    return this.#loss;
  }

  /**
   * Runs one command. After `too-late` it runs once more with the store's time from the answer: this pod's estimate was
   * off, or its event loop was busy.
   */
  async call<T>(
    command: StoreCommand,
    run: (store: FleetStore, notAfter: StoreTime) => Promise<StoreAnswer<T>>,
  ): Promise<StoreAnswer<T>> {
    if (this.#failures >= FAILURES_TO_OPEN) {
      return {
        kind: 'lost',
        loss: { code: 'circuit-open', message: this.#loss?.message ?? 'Redis does not answer' },
      };
    }
    const first = await this.#once(command, run);
    return first.kind === 'too-late' ? await this.#once(command, run) : first;
  }

  /** Stops the test commands. */
  stop(): void {
    this.#stopped = true;
    this.#testTimer?.cancel();
  }

  async #once<T>(
    command: StoreCommand,
    run: (store: FleetStore, notAfter: StoreTime) => Promise<StoreAnswer<T>>,
  ): Promise<StoreAnswer<T>> {
    const sentMs = this.#clock.monotonicMs();
    const seqWhenSent = this.#appliedSeq();
    // Before the first answer the store's clock is unknown, and after a loss it may be another store's clock: a
    // deadline of 0 returns the time and changes nothing.
    const answer = await run(this.#store, this.#clockUnknown ? 0 : this.#storeClock.now() + this.#deadlineMs * 1000);
    const receivedMs = this.#clock.monotonicMs();
    this.#metrics.storeCommand(command, receivedMs - sentMs);
    if (answer.kind === 'lost') {
      this.#metrics.storeError(command, answer.loss.code);
      this.#failed(command, answer.loss);
      return answer;
    }
    this.#clockUnknown = false;
    const jump = this.#storeClock.learn(answer.meta.now, sentMs, receivedMs);
    if (jump !== 0) this.#listener.clockJumped(jump);
    this.#lastOkMs = receivedMs;
    // A full store still answers reads. Only a write proves that it accepts writes again.
    const wrote = answer.kind === 'ok' && !reads.has(command);
    if (wrote || !this.#refusesWrites) this.#succeeded();
    this.#listener.answered(answer.meta, seqWhenSent);
    return answer;
  }

  #failed(command: StoreCommand, loss: StoreLoss): void {
    if (!reads.has(command) && refusals.has(loss.code)) this.#refusesWrites = true;
    const first = this.#failures === 0;
    this.#clockUnknown = true;
    this.#failures += 1;
    this.#loss = loss;
    this.#scheduleTest();
    if (first) this.#listener.unreachable(loss);
  }

  #succeeded(): void {
    const wasLost = this.#loss !== undefined;
    this.#failures = 0;
    this.#loss = undefined;
    this.#refusesWrites = false;
    if (wasLost) this.#listener.reachable();
  }

  /** One test command at a time; `tookMs` is the part of the distance that the last one took. */
  #scheduleTest(tookMs = 0): void {
    if (this.#stopped || this.#testing || this.#testTimer !== undefined) return;
    const distanceMs = Math.min(TEST_MS, FIRST_TEST_MS * 2 ** Math.max(0, this.#failures - FAILURES_TO_OPEN));
    this.#testTimer = this.#clock.setTimer(Math.max(FIRST_TEST_MS, distanceMs - tookMs), () => {
      this.#testTimer = undefined;
      if (!this.#stopped && this.#loss !== undefined) void this.#test();
    });
  }

  /** A pod without an answer so far learns the store's time from the first one, and can write with the second. */
  async #test(): Promise<void> {
    const startMs = this.#clock.monotonicMs();
    const run = async (store: FleetStore, notAfter: StoreTime): Promise<StoreAnswer<unknown>> =>
      await this.#listener.testCommand(store, notAfter);
    this.#testing = true;
    const first = await this.#once('heartbeat', run);
    if (first.kind === 'too-late') await this.#once('heartbeat', run);
    this.#testing = false;
    if (this.#loss !== undefined) this.#scheduleTest(this.#clock.monotonicMs() - startMs);
  }
}
