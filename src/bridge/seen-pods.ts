import type { Clock } from '../ports/index.ts';

const KEPT_MS = 3_600_000;
/** Limit of the count, in case a client writes ever new names. */
const MOST = 1_000;

/** LiteLLM's pods that left a name within the last hour. Those that only read leave none. */
export class SeenPods {
  readonly #clock: Clock;
  readonly #self: string;
  readonly #lastMs = new Map<string, number>();

  constructor(clock: Clock, self: string) {
    this.#clock = clock;
    this.#self = self;
  }

  add(pod: string): void {
    if (pod === this.#self) return;
    // Moved to the end, so that the first entry is the oldest.
    this.#lastMs.delete(pod);
    this.#lastMs.set(pod, this.#clock.monotonicMs());
    if (this.#lastMs.size > MOST) this.#lastMs.delete(this.#lastMs.keys().next().value ?? '');
  }

  list(): readonly string[] {
    const oldest = this.#clock.monotonicMs() - KEPT_MS;
    return [...this.#lastMs].flatMap(([pod, lastMs]) => (lastMs >= oldest ? [pod] : []));
  }
}
