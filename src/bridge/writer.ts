import type { PodId, StoreTime } from '../health/index.ts';
import type { BridgeStore, Clock, ResultsFingerprint, StoreLoss } from '../ports/index.ts';
import { composeDocument } from './document.ts';
import type { Composed, Document } from './document.ts';
import type { Publishable } from './publishable.ts';

/** The last publication of this pod. */
export interface Publication {
  readonly fingerprint: ResultsFingerprint;
  readonly publishedAt: StoreTime;
  readonly expiresAt: StoreTime;
  /** On this pod's clock. */
  readonly publishedMs: number;
  readonly lifeMs: number;
  readonly healthy: number;
  readonly unhealthy: number;
}

export interface WriterParts {
  readonly pod: PodId;
  readonly store: Pick<BridgeStore, 'publish'>;
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly now: () => StoreTime;
  readonly publishable: () => readonly Publishable[];
  readonly ttlMs: () => number;
  /** Called when the store answers that this pod does not hold the lease. */
  readonly refused: () => void;
}

/** Composes and publishes documents one after another, and tracks the publication in place. */
export class Writer {
  readonly #parts: WriterParts;
  #running: Promise<void> | undefined;
  #again = false;
  /** Grows with every attempt: a read that overlaps an attempt is obsolete. */
  attempts = 0;
  publications = 0;
  publication: Publication | null = null;
  /** When the present row of publications without a gap began. */
  publishingSince: StoreTime | null = null;
  composed: Composed | null = null;
  loss: StoreLoss | null = null;

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  /** Forgets documents of an earlier lease. */
  begin(): void {
    this.publication = null;
    this.composed = null;
    this.loss = null;
  }

  /** Publishes the present verdicts. A call during a publication causes one more. */
  async publish(allowed: () => boolean): Promise<void> {
    this.#again = true;
    return await (this.#running ??= this.#run(allowed).finally(() => (this.#running = undefined)));
  }

  /** True if the publication may still be in place. */
  get isInPlace(): boolean {
    return this.publication !== null && this.publication.expiresAt > this.#parts.now();
  }

  get ageMs(): number {
    return this.publication === null ? Infinity : this.#parts.clock.monotonicMs() - this.publication.publishedMs;
  }

  async #run(allowed: () => boolean): Promise<void> {
    while (this.#again && allowed()) {
      this.#again = false;
      // oxlint-disable-next-line no-await-in-loop -- one after the other is the point
      await this.#once();
    }
  }

  async #once(): Promise<void> {
    const composedAt = this.#parts.now();
    this.composed = this.#compose(composedAt);
    if (this.composed.kind === 'document') await this.#put(this.composed, composedAt);
    else this.loss = null;
  }

  #compose(now: StoreTime): Composed {
    const { pod, deadlineMs, publishable, ttlMs } = this.#parts;
    return composeDocument(publishable(), { pod, now, ttlMs: ttlMs(), marginMs: deadlineMs });
  }

  async #put({ text, lifeMs, healthy, unhealthy }: Document, composedAt: StoreTime): Promise<void> {
    const { pod, store, clock, deadlineMs, refused } = this.#parts;
    const publishedMs = clock.monotonicMs();
    this.attempts += 1;
    const answer = await store.publish({ pod, text, lifeMs, notAfter: composedAt + deadlineMs * 1_000 });
    this.attempts += 1;
    this.loss = answer.kind === 'lost' ? answer.loss : null;
    if (answer.kind !== 'ok') return;
    if (answer.value.kind === 'refused') return refused();
    this.publications += 1;
    const publishedAt = answer.meta.now;
    if (!this.isInPlace) this.publishingSince = publishedAt;
    const expiresAt = publishedAt + lifeMs * 1_000;
    this.publication = {
      fingerprint: answer.value.fingerprint,
      publishedAt,
      expiresAt,
      publishedMs,
      lifeMs,
      healthy,
      unhealthy,
    };
  }
}
