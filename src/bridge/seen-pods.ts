import type { PodId, StoreTime } from '../health/index.ts';
import type { Clock, LitellmSign, LitellmSigns } from '../ports/index.ts';

const KEPT_MS = 3_600_000;
/** Limit of the count, in case a client writes ever new names. */
const MOST = 1_000;

export interface SeenPodsParts {
  readonly clock: Clock;
  /** The store's clock. */
  readonly now: () => StoreTime;
  readonly pod: PodId;
}

/** Signs of LiteLLM's pods within the last hour: names that they wrote, and what they did without a name. */
export class SeenPods {
  readonly #parts: SeenPodsParts;
  readonly #lastMs = new Map<string, number>();
  readonly #signs = new Map<LitellmSign, { readonly at: StoreTime; readonly atMs: number }>();
  /** False once Redis does not tell when the results were last used; null until it was asked. */
  readsVisible: boolean | null = null;

  constructor(parts: SeenPodsParts) {
    this.#parts = parts;
  }

  /** A pod wrote its name into the lock or the results. */
  add(pod: string): void {
    if (pod === this.#parts.pod) return;
    this.sign('results');
    // Moved to the end, so that the first entry is the oldest.
    this.#lastMs.delete(pod);
    this.#lastMs.set(pod, this.#parts.clock.monotonicMs());
    if (this.#lastMs.size > MOST) this.#lastMs.delete(this.#lastMs.keys().next().value ?? '');
  }

  sign(sign: LitellmSign): void {
    this.#signs.set(sign, { at: this.#parts.now(), atMs: this.#parts.clock.monotonicMs() });
  }

  list(): readonly string[] {
    const oldest = this.#oldestMs();
    return [...this.#lastMs].flatMap(([pod, lastMs]) => (lastMs >= oldest ? [pod] : []));
  }

  signs(): LitellmSigns {
    return {
      results: this.#at('results'),
      read: this.#at('read'),
      cooldown: this.#at('cooldown'),
      events: this.#at('events'),
    };
  }

  /**
   * True if a LiteLLM pod uses the keys of shared health checks, so that published results can replace its probes. Where reads
   * cannot be seen, any sign has to do.
   */
  get useResults(): boolean {
    const { results, read, cooldown, events } = this.signs();
    const isUsed = results !== null || read !== null;
    return this.readsVisible === true ? isUsed : isUsed || cooldown !== null || events !== null;
  }

  #at(sign: LitellmSign): StoreTime | null {
    const seen = this.#signs.get(sign);
    return seen === undefined || seen.atMs < this.#oldestMs() ? null : seen.at;
  }

  #oldestMs(): number {
    return this.#parts.clock.monotonicMs() - KEPT_MS;
  }
}
