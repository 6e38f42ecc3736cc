import type { HoldKey, KeyedHold, Timer } from '../../ports/index.ts';
import type { HoldReplica } from './hold-replica.ts';
import { holdName } from '../target-index.ts';
import type { StoreCircuitBreaker } from '../store/index.ts';
import type { FleetOptions } from '../options.ts';
import { readHolds } from './resync.ts';

/** However many hints come, holds are read no more often than this. */
const EVERY_MS = 250;
const RETRY_MS = 1_000;

/** What hints are compared with. */
export interface HoldRefreshParts {
  readonly holdReplica: HoldReplica;
  /** Told of a place of which neither the store nor this pod has a hold, though the channel announced one. */
  readonly forged: (name: string) => void;
}

/**
 * Reads holds from the store where the channel says that one was decided. What the message says counts for nothing: whoever
 * can publish could pause the fleet, and a flood of such messages could hide the one that ends it. One read serves all hints
 * that came before it.
 */
export class HoldRefresh {
  readonly #options: FleetOptions;
  readonly #circuit: StoreCircuitBreaker;
  readonly #parts: HoldRefreshParts;
  readonly #holdKeys = new Set<HoldKey>();
  #timer: Timer | undefined;
  #reading = false;
  #readMs = Number.NEGATIVE_INFINITY;
  #stopped = false;

  constructor(options: FleetOptions, circuit: StoreCircuitBreaker, parts: HoldRefreshParts) {
    this.#options = options;
    this.#circuit = circuit;
    this.#parts = parts;
  }

  /** A hold at this place may be another one now. */
  refresh(key: HoldKey): void {
    this.#holdKeys.add(key);
    if (this.#timer === undefined) this.#readIn(this.#readMs + EVERY_MS - this.#options.clock.monotonicMs());
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #readIn(delayMs: number): void {
    if (this.#stopped || this.#reading) return;
    if (delayMs <= 0) {
      void this.#read();
      return;
    }
    this.#timer = this.#options.clock.setTimer(delayMs, () => {
      this.#timer = undefined;
      void this.#read();
    });
  }

  async #read(): Promise<void> {
    const holdKeys = Array.from(this.#holdKeys);
    this.#holdKeys.clear();
    this.#reading = true;
    this.#readMs = this.#options.clock.monotonicMs();
    const read = await readHolds(this.#circuit, holdKeys);
    this.#reading = false;
    if (read === undefined) for (const key of holdKeys) this.#holdKeys.add(key);
    else if (!this.#stopped) this.#take(holdKeys, read.found);
    if (this.#holdKeys.size > 0) this.#readIn(read === undefined ? RETRY_MS : EVERY_MS);
  }

  /** Ended holds are kept for a day: where the store has none, and this pod knows of none, nobody decided anything. */
  #take(holdKeys: readonly HoldKey[], found: readonly KeyedHold[]): void {
    const { holdReplica, forged } = this.#parts;
    for (const { key, stored } of found) holdReplica.apply(key, stored);
    const there = new Set(found.map(({ key }) => key));
    for (const key of holdKeys) {
      if (!there.has(key) && holdReplica.get(key) === undefined) forged(holdName(this.#options, key));
    }
  }
}
