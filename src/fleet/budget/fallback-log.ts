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
  readonly #probes = new Map<TargetId, FallbackProbes>();
  readonly #changed: () => void;

  /** @param changed called after each paid probe */
  constructor(changed: () => void = () => undefined) {
    this.#changed = changed;
  }

  of(target: TargetId): FallbackProbes {
    return this.#probes.get(target) ?? never;
  }

  /** @param kind a free look, a probe that nobody bills, or one that somebody does */
  record(target: TargetId, now: StoreTime, kind: 'free' | 'unbilled' | 'paid'): void {
    const { probedAt, paidProbes, paidAt } = this.of(target);
    const paid = kind === 'paid' ? { paidProbes: paidProbes + 1, paidAt: now } : { paidProbes, paidAt };
    this.#probes.set(target, { lookedAt: now, probedAt: kind === 'free' ? probedAt : now, ...paid });
    if (kind === 'paid') this.#changed();
  }

  /** The paid ones, for the process that comes after this one. */
  toSave(): KeptFallbackProbes[] {
    return Array.from(this.#probes, ([target, { paidProbes, paidAt }]) => ({ target, paidProbes, paidAt })).filter(
      ({ paidProbes }) => paidProbes > 0,
    );
  }

  /** What the process before this one paid for. A time to come is one of a clock that was set back. */
  restore({ target, paidProbes, paidAt }: KeptFallbackProbes, now: StoreTime): void {
    this.#probes.set(target, { ...never, paidProbes, paidAt: Math.min(paidAt, now) });
  }

  forget(target: TargetId): void {
    this.#probes.delete(target);
  }

  /** Times of the old clock mean nothing now; what was paid for stays paid. */
  clockJumped(now: StoreTime): void {
    for (const [target, { paidProbes }] of this.#probes) {
      this.#probes.set(target, { ...never, paidProbes, paidAt: now });
    }
  }
}
