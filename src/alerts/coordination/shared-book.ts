import type { PodId, StoreTime, Version } from '../../health/index.ts';
import type { AlertReport, AlertStore, Clock, Logger } from '../../ports/index.ts';
import { emptyBook } from '../incidents/index.ts';
import type { AlertBook } from '../incidents/index.ts';
import { bookFrom, textOfBook } from './book-text.ts';

/** Short, so that another pod takes over within 11 s: this time and one more attempt. */
const LEASE_MS = 8_000;
/** Distance between two renewals, and between two attempts of a pod on standby. */
const RENEW_MS = 2_500;

export interface SharedBookParts {
  readonly pod: PodId;
  readonly store: AlertStore;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'warn'>;
  /** Deadline of one command to the store. */
  readonly deadlineMs: () => number;
  /** The store's clock. */
  readonly now: () => StoreTime;
}

/**
 * This pod's copy of the fleet's book, and its lease. The lease counts from the moment when it was requested, on this pod's
 * clock, so that a pod that was suspended stops before another one begins. Of two books the one with the higher version counts:
 * a store that lost its data or its last writes gets the newer one back. So does a store whose document cannot be read, but for
 * one of a newer format: then this pod leaves the alerts to the pods that know the format.
 */
export class SharedBook {
  readonly #parts: SharedBookParts;
  #endsMs = -Infinity;
  #nextMs = -Infinity;
  #version: Version = 0;
  #stored: Version = 0;
  /** Version that this pod wrote last. */
  #written: Version = 0;
  #yielded = false;
  #isNewer = false;
  #isUnreadable = false;
  book: AlertBook = emptyBook;
  /** What pods with other configurations see; empty unless this pod leads. */
  reports: readonly string[] = [];
  holder: PodId | null = null;

  constructor(parts: SharedBookParts) {
    this.#parts = parts;
  }

  get leads(): boolean {
    return this.#parts.clock.monotonicMs() < this.#endsMs;
  }

  get due(): boolean {
    return this.#parts.clock.monotonicMs() >= this.#nextMs;
  }

  /** Takes or extends the lease, and reads the book. Leaves this pod's report, and as the holder reads those of others. */
  async lead(report?: AlertReport): Promise<void> {
    await this.#lead(LEASE_MS, report);
  }

  /** Reads the book and leaves this pod's report, without the lease. */
  async look(report?: AlertReport): Promise<void> {
    await this.#lead(0, report);
  }

  async #lead(ttlMs: number, report: AlertReport | undefined): Promise<void> {
    const { pod, store, clock } = this.#parts;
    const sentMs = clock.monotonicMs();
    this.#nextMs = sentMs + RENEW_MS;
    const answer = await store.lead({ pod, ttlMs, notAfter: this.#notAfter(), known: this.#version, report });
    if (answer.kind !== 'ok') {
      // Retried soon: three failed renewals lose a lease, not one.
      this.#nextMs = sentMs + RENEW_MS / 5;
      return;
    }
    const { pod: holder, version, text, reports } = answer.value;
    this.reports = reports;
    this.holder = holder;
    this.#endsMs = holder === pod ? sentMs + LEASE_MS : -Infinity;
    this.#stored = version;
    if (version > this.#version && text !== null) this.#take(version, text);
    if (this.#isNewer && version === this.#version) return await this.resign();
    this.#isNewer = false;
    const isAuthor = this.#written === this.#version;
    if (!this.isAhead) this.#yielded = false;
    else if (holder === pod && !isAuthor && !this.#isUnreadable && !this.#yielded) await this.#yieldOnce(sentMs);
  }

  #take(version: Version, text: string): void {
    const read = bookFrom(text);
    this.#version = version;
    if (read === 'newer' && !this.#isNewer) {
      this.#parts.logger.warn(
        'Alerts: their document in Redis has a newer format, so this pod sends no alerts. To fix: finish the deploy',
      );
    }
    this.#isNewer = read === 'newer';
    this.#isUnreadable = read === 'unreadable';
    if (typeof read !== 'string') this.book = read;
  }

  /**
   * The store lost data, and the lease with it. The pod that wrote last has the newest book, so it comes first. If it is gone,
   * this pod takes the lease at the next attempt.
   */
  async #yieldOnce(sentMs: number): Promise<void> {
    this.#yielded = true;
    await this.resign();
    this.#nextMs = sentMs + 2 * RENEW_MS;
  }

  /** True if the store has an older book, or none that can be read. */
  get isAhead(): boolean {
    return this.#version > this.#stored || this.#isUnreadable;
  }

  /** Replaces the fleet's book. False if this pod may not or could not; then the book is as before. */
  async write(book: AlertBook): Promise<boolean> {
    const { pod, store } = this.#parts;
    const answer = await store.write({
      pod,
      notAfter: this.#notAfter(),
      expects: this.#stored,
      above: this.#version,
      text: textOfBook(book),
    });
    if (answer.kind !== 'ok' || answer.value.kind !== 'written') {
      // The lease may be another pod's by now, and so may the book.
      this.#nextMs = -Infinity;
      return false;
    }
    this.#version = answer.value.version;
    this.#written = answer.value.version;
    this.#stored = answer.value.version;
    this.#isUnreadable = false;
    this.book = book;
    return true;
  }

  /** Gives the lease back, if this pod holds it. */
  async resign(): Promise<void> {
    if (!this.leads) return;
    const { pod, store } = this.#parts;
    this.#endsMs = -Infinity;
    this.holder = null;
    await store.lead({ pod, ttlMs: 0, notAfter: this.#notAfter(), known: this.#version });
  }

  #notAfter(): StoreTime {
    return this.#parts.now() + this.#parts.deadlineMs() * 1_000;
  }
}
