import type { StoreTime, TargetId } from '../../health/index.ts';
import type { KeptFallbackProbes } from '../../ports/index.ts';

/** What this pod did for a target without the store. */
export interface FallbackProbes {
  /** When it last looked, free or not; 0 for never. */
  readonly lookedAt: StoreTime;
  /** When it last probed, as deep as the target asks for; 0 for never. */
  readonly probedAt: StoreTime;
  /** Paid probes since its start, and the newest of them. */
  readonly paidProbes: number;
  readonly paidAt: StoreTime;
}

const never: FallbackProbes = { lookedAt: 0, probedAt: 0, paidProbes: 0, paidAt: 0 };

/** Remembers, by target, when this pod looked without the store, and how often somebody was billed for it. */
export class FallbackLog {
  readonly #looks = new Map<TargetId, FallbackProbes>();
  readonly #changed: () => void;

  /** @param changed called after each paid probe */
  constructor(changed: () => void = () => undefined) {
    this.#changed = changed;
  }

  of(target: TargetId): FallbackProbes {
    return this.#looks.get(target) ?? never;
  }

  /** @param look a free look, a probe that nobody bills, or one that somebody does */
  looked(target: TargetId, now: StoreTime, look: 'free' | 'unbilled' | 'paid'): void {
    const { probedAt, paidProbes, paidAt } = this.of(target);
    const paid = look === 'paid' ? { paidProbes: paidProbes + 1, paidAt: now } : { paidProbes, paidAt };
    this.#looks.set(target, { lookedAt: now, probedAt: look === 'free' ? probedAt : now, ...paid });
    if (look === 'paid') this.#changed();
  }

  /** The paid ones, for the process that comes after this one. */
  kept(): KeptFallbackProbes[] {
    return Array.from(this.#looks, ([target, { paidProbes, paidAt }]) => ({ target, paidProbes, paidAt })).filter(
      ({ paidProbes }) => paidProbes > 0,
    );
  }

  /** What the process before this one paid for. A time to come is one of a clock that was set back. */
  restore({ target, paidProbes, paidAt }: KeptFallbackProbes, now: StoreTime): void {
    this.#looks.set(target, { ...never, paidProbes, paidAt: Math.min(paidAt, now) });
  }

  forget(target: TargetId): void {
    this.#looks.delete(target);
  }

  /** Times of the old clock mean nothing now; what was paid for stays paid. */
  clockJumped(now: StoreTime): void {
    for (const [target, { paidProbes }] of this.#looks) this.#looks.set(target, { ...never, paidProbes, paidAt: now });
  }
}
