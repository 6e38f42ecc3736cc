/** The part that a fault affects: the store or a path to it, a pod, or the fleet's membership. */
export type FaultArea = 'store' | 'pod' | 'members';

const all: readonly FaultArea[] = ['store', 'pod', 'members'];

/** Records when faults occur, so that promises for times without other faults can be checked. */
export class FaultTimes {
  readonly #nowMs: () => number;
  readonly #running = new Map<FaultArea, number>();
  readonly #lastMs = new Map<FaultArea, number>();

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Starts a fault; call the returned function at its end. */
  begin(kind: FaultArea): () => void {
    this.#running.set(kind, (this.#running.get(kind) ?? 0) + 1);
    return () => {
      this.#running.set(kind, (this.#running.get(kind) ?? 1) - 1);
      this.#lastMs.set(kind, this.#nowMs());
    };
  }

  /** Records a fault without duration. */
  happened(kind: FaultArea): void {
    this.begin(kind)();
  }

  /** Time since the last fault in these areas, ms; 0 during one. */
  quietForMs(kinds: readonly FaultArea[] = all): number {
    if (kinds.some((kind) => (this.#running.get(kind) ?? 0) > 0)) return 0;
    const last = Math.max(...kinds.map((kind) => this.#lastMs.get(kind) ?? Number.NEGATIVE_INFINITY));
    return this.#nowMs() - last;
  }
}
