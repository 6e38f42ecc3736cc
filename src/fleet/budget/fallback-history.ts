import type { StoreTime, TargetId } from '../../health/index.ts';
import type { KeptFallbackProbes } from '../../ports/index.ts';

/** Probes and unbilled checks of one target by this pod without the store. */
export interface FallbackProbes {
  /** Newest probe or unbilled check; 0 for none. */
  readonly checkedAt: StoreTime;
  /** Newest probe at the target's own level; 0 for none. */
  readonly probedAt: StoreTime;
  /** Paid probes since this pod started, and the newest of them. */
  readonly paidProbes: number;
  readonly paidAt: StoreTime;
}

const never: FallbackProbes = { checkedAt: 0, probedAt: 0, paidProbes: 0, paidAt: 0 };

/** Records per target when this pod probed without the store, and how many of those probes were paid. */
export class FallbackHistory {
  readonly #probes = new Map<TargetId, FallbackProbes>();
  readonly #changed: () => void;

  /** @param changed called after each paid probe */
  constructor(changed: () => void = () => undefined) {
    this.#changed = changed;
  }

  of(target: TargetId): FallbackProbes {
    return this.#probes.get(target) ?? never;
  }

  /**
   * @param kind `unpriced-probe`: a probe at the target's level whose price is unknown
   */
  record(target: TargetId, now: StoreTime, kind: 'unbilled-check' | 'unpriced-probe' | 'paid-probe'): void {
    const { probedAt, paidProbes, paidAt } = this.of(target);
    const paid = kind === 'paid-probe' ? { paidProbes: paidProbes + 1, paidAt: now } : { paidProbes, paidAt };
    this.#probes.set(target, { checkedAt: now, probedAt: kind === 'unbilled-check' ? probedAt : now, ...paid });
    if (kind === 'paid-probe') this.#changed();
  }

  /** The paid probes, for the process after a restart. */
  toSave(): KeptFallbackProbes[] {
    return Array.from(this.#probes, ([target, { paidProbes, paidAt }]) => ({ target, paidProbes, paidAt })).filter(
      ({ paidProbes }) => paidProbes > 0,
    );
  }

  /** Restores what the previous process saved. A time in the future comes from a clock that was set back. */
  restore({ target, paidProbes, paidAt }: KeptFallbackProbes, now: StoreTime): void {
    this.#probes.set(target, { ...never, paidProbes, paidAt: Math.min(paidAt, now) });
  }

  forget(target: TargetId): void {
    this.#probes.delete(target);
  }

  /** The store's clock jumped: old times are void, counts of paid probes stay. */
  clockJumped(now: StoreTime): void {
    for (const [target, { paidProbes }] of this.#probes) {
      this.#probes.set(target, { ...never, paidProbes, paidAt: now });
    }
  }
}
