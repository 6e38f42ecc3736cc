import type { PodId, StoreTime } from '../health/index.ts';
import type { BridgeStore, Clock, StoreLoss } from '../ports/index.ts';

/** Short, so that another pod takes over within 11 s: this time and one more attempt. */
export const LEASE_MS = 8_000;
/** Distance between two renewals, and between two attempts of a pod on standby. */
export const RENEW_MS = 2_500;

/** Result of an attempt. */
export type BridgeTurn = 'leads' | 'follows' | 'lost';

export interface LeaseParts {
  readonly pod: PodId;
  readonly store: Pick<BridgeStore, 'lead' | 'resign'>;
  readonly clock: Clock;
  readonly deadlineMs: number;
  /** The store's clock. */
  readonly now: () => StoreTime;
}

/**
 * The right to publish. It counts from the moment when it was requested, on this pod's clock, so that a pod that was
 * suspended or partitioned stops before another one begins.
 */
export class BridgeLease {
  readonly #parts: LeaseParts;
  #endsMs = -Infinity;
  #nextMs = -Infinity;
  holder: PodId | null = null;
  loss: StoreLoss | null = null;

  constructor(parts: LeaseParts) {
    this.#parts = parts;
  }

  get leads(): boolean {
    return this.#parts.clock.monotonicMs() < this.#endsMs;
  }

  /** True if the next attempt is due. */
  get due(): boolean {
    return this.#parts.clock.monotonicMs() >= this.#nextMs;
  }

  /** The store refused a publication, so the holder may have changed: makes the next attempt due now. */
  refreshSoon(): void {
    this.#nextMs = -Infinity;
  }

  async take(): Promise<BridgeTurn> {
    const { pod, store, clock, deadlineMs, now } = this.#parts;
    const sentMs = clock.monotonicMs();
    this.#nextMs = sentMs + RENEW_MS;
    const answer = await store.lead({ pod, ttlMs: LEASE_MS, notAfter: now() + deadlineMs * 1_000 });
    if (answer.kind !== 'ok') {
      this.loss = answer.kind === 'lost' ? answer.loss : null;
      // Retried soon: three failed renewals lose a lease, not one.
      this.#nextMs = sentMs + RENEW_MS / 5;
      return 'lost';
    }
    const { value: leader, meta } = answer;
    this.loss = null;
    this.holder = leader.pod;
    if (leader.pod === pod) {
      this.#endsMs = sentMs + LEASE_MS;
      return 'leads';
    }
    this.#endsMs = -Infinity;
    const validForMs = (leader.until - meta.now) / 1_000;
    this.#nextMs = clock.monotonicMs() + Math.min(RENEW_MS, Math.max(0, validForMs) + 20);
    return 'follows';
  }

  /** Releases the lease. Nothing is published under it from here on. */
  async resign(): Promise<void> {
    if (!this.leads) return;
    this.#endsMs = -Infinity;
    this.holder = null;
    const { pod, store, deadlineMs, now } = this.#parts;
    await store.resign({ pod, notAfter: now() + deadlineMs * 1_000 });
  }
}
