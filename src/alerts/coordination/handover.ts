import type { Clock } from '../../ports/index.ts';

/** Time for which a pod that reaches no receiver leaves the lease to others. */
const AWAY_MS = 60_000;
/** Time after which it may leave the lease again: where no pod reaches a receiver, the lease must not go round. */
const AGAIN_MS = 1_800_000;

/** Leaves the lease to another pod where this one reaches no receiver: the fault may be in its network. */
export class Handover {
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  #sinceMs = -Infinity;

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.#clock = clock;
  }

  /** True while others come first. */
  isAway(input: { readonly leads: boolean; readonly reachesNone: boolean }): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (input.leads && input.reachesNone && nowMs >= this.#sinceMs + AGAIN_MS) this.#sinceMs = nowMs;
    return nowMs < this.#sinceMs + AWAY_MS;
  }
}
