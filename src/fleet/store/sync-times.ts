import type { StoreTime } from '../../health/index.ts';

/** Times since which this pod has known the fleet's state, by the store's clock. */
export class SyncTimes {
  readonly #now: () => StoreTime;
  #syncedAt: StoreTime = 0;
  #sharedSince: StoreTime = 0;

  constructor(now: () => StoreTime) {
    this.#now = now;
  }

  /** Time of the first resync; 0 before that. */
  get syncedAt(): StoreTime {
    return this.#syncedAt;
  }

  /** Start of uninterrupted sharing without a jump of the store's clock; 0 before that. */
  get sharedSince(): StoreTime {
    return this.#sharedSince;
  }

  /** All records were read. */
  synced(): void {
    this.#syncedAt ||= this.#now();
    this.#sharedSince ||= this.#now();
  }

  /** Sharing began or ended. */
  modeChanged(): void {
    this.#sharedSince = this.#now();
  }

  /** The store's clock was set, so times of the old clock may be ahead. */
  clockSet(): void {
    this.#syncedAt = Math.min(this.#syncedAt, this.#now());
    this.#sharedSince = this.#now();
  }
}
