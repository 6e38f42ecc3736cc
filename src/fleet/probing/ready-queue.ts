import type { TargetId } from '../../health/index.ts';
import type { Clock, Timer } from '../../ports/index.ts';

/** Targets due within this time of each other are claimed in one command. */
export const BATCH_MS = 50;
/** Delay of a pending change, which is not batched. */
const URGENT_MS = 2;

/** Due targets that wait for the next batch or for a free slot. */
export class ReadyQueue {
  readonly #clock: Clock;
  readonly #flush: (ids: readonly TargetId[]) => void;
  readonly #ready = new Set<TargetId>();
  #timer: Timer | undefined;
  #flushAtMs = 0;

  /** @param flush takes each target that need not wait any longer with {@link ReadyQueue.remove} */
  constructor(clock: Clock, flush: (ids: readonly TargetId[]) => void) {
    this.#clock = clock;
    this.#flush = flush;
  }

  add(id: TargetId, urgency: 'urgent' | 'batched'): void {
    this.#ready.add(id);
    this.#flushSoon(urgency === 'urgent' ? URGENT_MS : BATCH_MS);
  }

  remove(id: TargetId): void {
    this.#ready.delete(id);
  }

  /** A target that waits for a slot may have one now. */
  slotFreed(): void {
    if (this.#ready.size > 0) this.#flushSoon(URGENT_MS);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#ready.clear();
  }

  #flushSoon(delayMs: number): void {
    const atMs = this.#clock.monotonicMs() + delayMs;
    if (this.#timer !== undefined && this.#flushAtMs <= atMs) return;
    this.#timer?.cancel();
    this.#flushAtMs = atMs;
    this.#timer = this.#clock.setTimer(delayMs, () => {
      this.#timer = undefined;
      this.#flush([...this.#ready]);
    });
  }
}
