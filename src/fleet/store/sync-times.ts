import type { StoreTime } from '../../health/index.ts';

/** Since when this pod knows what the fleet knows, by the store's clock. */
export class SyncTimes {
  readonly #now: () => StoreTime;
  #syncedAt: StoreTime = 0;
  #sharedSince: StoreTime = 0;

  constructor(now: () => StoreTime) {
    this.#now = now;
  }

  /** When all records were first read; 0 before that. */
  get syncedAt(): StoreTime {
    return this.#syncedAt;
  }

  /** Since when this pod has shared without a break, and without a jump of the store's clock; 0 before that. */
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

  /** The store's clock was set: dates of the old clock may lie ahead. */
  clockSet(): void {
    this.#syncedAt = Math.min(this.#syncedAt, this.#now());
    this.#sharedSince = this.#now();
  }
}
