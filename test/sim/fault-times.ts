/** Where something is wrong: with the store or a way to it, inside a pod, or with who is in the fleet. */
export type FaultArea = 'store' | 'pod' | 'members';

const all: readonly FaultArea[] = ['store', 'pod', 'members'];

/** Knows how long nothing has been wrong, so that promises "when nothing else was wrong" can be checked. */
export class FaultTimes {
  readonly #nowMs: () => number;
  readonly #running = new Map<FaultArea, number>();
  readonly #lastMs = new Map<FaultArea, number>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Something is wrong until the answer is called. */
  begin(kind: FaultArea): () => void {
    this.#running.set(kind, (this.#running.get(kind) ?? 0) + 1);
    return () => {
      this.#running.set(kind, (this.#running.get(kind) ?? 1) - 1);
      this.#lastMs.set(kind, this.#nowMs());
    };
  }

  /** Something went wrong just now and is over. */
  happened(kind: FaultArea): void {
    this.begin(kind)();
  }

  /** For how long nothing of these kinds has been wrong; 0 while something is. */
  quietForMs(kinds: readonly FaultArea[] = all): number {
    if (kinds.some((kind) => (this.#running.get(kind) ?? 0) > 0)) return 0;
    const last = Math.max(...kinds.map((kind) => this.#lastMs.get(kind) ?? Number.NEGATIVE_INFINITY));
    return this.#nowMs() - last;
  }
}
