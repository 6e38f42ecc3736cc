import type { HoldKey, KeyedHold, Timer } from '../../ports/index.ts';
import type { HoldReplica } from './hold-replica.ts';
import { holdName } from '../target-index.ts';
import type { StoreCircuitBreaker } from '../store/index.ts';
import type { FleetOptions } from '../options.ts';
import { readHolds } from './resync.ts';

/** Shortest interval between two reads of holds, however many messages come. */
const EVERY_MS = 250;
const RETRY_MS = 1_000;

/** Parts that the refresh uses. */
export interface HoldRefreshParts {
  readonly holdReplica: HoldReplica;
  /** Called for a hold that the channel announced and neither the store nor this pod has. */
  readonly forged: (name: string) => void;
}

/**
 * Reads holds from the store after the channel announced a decision. The content of the message is ignored: anyone who
 * can publish could otherwise pause the fleet, or hide the end of a pause in a flood. One read serves all earlier
 * messages.
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

  /** The hold on this key may have changed. */
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

  /** Ended holds are kept for a day. If the store and this pod have none, there was no decision. */
  #take(holdKeys: readonly HoldKey[], found: readonly KeyedHold[]): void {
    const { holdReplica, forged } = this.#parts;
    for (const { key, stored } of found) holdReplica.apply(key, stored);
    const there = new Set(found.map(({ key }) => key));
    for (const key of holdKeys) {
      if (!there.has(key) && holdReplica.get(key) === undefined) forged(holdName(this.#options, key));
    }
  }
}
