import type { Grant, TargetId } from '../../health/index.ts';
import type { HeldLease, ReturnedLease, Timer } from '../../ports/index.ts';
import { MAX_BATCH } from '../../ports/index.ts';
import type { StoreCircuitBreaker } from '../store/index.ts';
import type { FleetOptions } from '../options.ts';
import { targetIndexOf } from '../target-index.ts';

/**
 * The leases that this pod holds, and one timer that renews all of them. A lease counts from the moment when its claim
 * was sent, on this pod's clock, because the store's answer may have taken long.
 */
export class Leases {
  readonly #options: FleetOptions;
  readonly #circuit: StoreCircuitBreaker;
  readonly #held = new Map<TargetId, { grant: Grant; untilMs: number }>();
  /** Leases of commits that got no answer. The store may still hold them for this pod. */
  readonly #unanswered = new Map<TargetId, Grant>();
  #timer: Timer | undefined;
  #stopped = false;

  constructor(options: FleetOptions, circuit: StoreCircuitBreaker) {
    this.#options = options;
    this.#circuit = circuit;
  }

  /** Duration of a lease, ms. */
  get ttlMs(): number {
    return this.#options.leaseMs;
  }

  hold(target: TargetId, grant: Grant, claimSentMs: number): void {
    this.#held.set(target, { grant, untilMs: claimSentMs + this.ttlMs });
    this.#timer ??= this.#options.clock.setTimer(this.ttlMs / 3, () => void this.#renew());
  }

  /** The grant under which this pod may still commit for `target`. */
  grant(target: TargetId): Grant | undefined {
    const held = this.#held.get(target);
    return held !== undefined && held.untilMs > this.#options.clock.monotonicMs() ? held.grant : undefined;
  }

  isHeld(target: TargetId): boolean {
    return this.#held.has(target);
  }

  drop(target: TargetId): void {
    this.#held.delete(target);
  }

  /** A commit got no answer: its lease is released once the store answers again. */
  dropUnanswered(target: TargetId): void {
    const held = this.#held.get(target);
    this.#held.delete(target);
    if (held !== undefined) this.#unanswered.set(target, held.grant);
  }

  /**
   * Releases the leases of commits that got no answer; their evidence is committed without a lease. Otherwise the next
   * claim would get the old grant again, for a probe that is dated too early and billed twice.
   */
  async releaseUnanswered(): Promise<void> {
    const leases = Array.from(this.#unanswered, ([target, grant]) => ({ target, grant }));
    this.#unanswered.clear();
    await this.#release(leases);
  }

  /** Releases all leases without a result. */
  async releaseAll(): Promise<void> {
    await this.release(Array.from(this.#held.keys()));
  }

  /** Releases leases without a result. Their reservations end only if it is known that nothing was sent. */
  async release(targets: readonly TargetId[], probe?: ReturnedLease['probe']): Promise<void> {
    const leases = targets.flatMap((target) => this.#take(target));
    await this.#release(leases.map((lease) => ({ ...lease, ...(probe && { probe }) })));
  }

  /** Releases leases that the store holds for this pod and this pod does not know, because the answer was lost. */
  async reconcile(): Promise<void> {
    const { pod } = this.#options;
    const ids = Array.from(targetIndexOf(this.#options).keys());
    for (let i = 0; i < ids.length; i += MAX_BATCH) {
      const batch = ids.slice(i, i + MAX_BATCH);
      // oxlint-disable-next-line no-await-in-loop -- bounded batches, one after another
      const answer = await this.#circuit.call('read-leases', (store) => store.readLeases(batch));
      if (answer.kind !== 'ok') return;
      const ours = answer.value.filter((lease) => lease.pod === pod && !this.#held.has(lease.target));
      // oxlint-disable-next-line no-await-in-loop -- as above
      await this.#release(ours.map(({ target, grant }) => ({ target, grant })));
    }
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #take(target: TargetId): HeldLease[] {
    const held = this.#held.get(target);
    this.#held.delete(target);
    return held === undefined ? [] : [{ target, grant: held.grant }];
  }

  async #release(leases: readonly ReturnedLease[]): Promise<void> {
    const { pod } = this.#options;
    for (let i = 0; i < leases.length; i += MAX_BATCH) {
      const batch = leases.slice(i, i + MAX_BATCH);
      // oxlint-disable-next-line no-await-in-loop -- bounded batches, one after another
      await this.#circuit.call('release', (store, notAfter) => store.release({ pod, notAfter, leases: batch }));
    }
  }

  async #renew(): Promise<void> {
    this.#timer = undefined;
    const { pod, clock, metrics, logger } = this.#options;
    const leases = [...this.#held].map(([target, { grant }]) => ({ target, grant }));
    if (leases.length === 0 || this.#stopped) return;
    this.#timer = clock.setTimer(this.ttlMs / 3, () => void this.#renew());
    for (let i = 0; i < leases.length; i += MAX_BATCH) {
      const batch = leases.slice(i, i + MAX_BATCH);
      const sentMs = clock.monotonicMs();
      // oxlint-disable-next-line no-await-in-loop -- bounded batches, one after another
      const answer = await this.#circuit.call('renew', (store, notAfter) =>
        store.renew({ pod, ttlMs: this.ttlMs, notAfter, leases: batch }),
      );
      if (answer.kind !== 'ok') continue;
      const lost = new Set(answer.value.lost);
      for (const { target, grant } of batch) {
        const held = this.#held.get(target);
        if (held?.grant !== grant) continue;
        if (!lost.has(target)) this.#held.set(target, { grant, untilMs: sentMs + this.ttlMs });
        else {
          this.#held.delete(target);
          metrics.leaseLost();
          const name = targetIndexOf(this.#options).get(target)?.name ?? target;
          logger.debug(`Lost the lease of ${name}`, { target });
        }
      }
    }
  }
}
