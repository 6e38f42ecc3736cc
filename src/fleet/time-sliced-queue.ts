import type { TargetId } from '../health/index.ts';
import type { Clock, Timer } from '../ports/index.ts';

/** A slice ends after this time or this many targets. The event loop runs other work between slices. */
const SLICE_MS = 10;
const SLICE_TARGETS = 250;
const GAP_MS = 1;

/**
 * Cooperative queue of work on many targets, in time slices: work on 10,000 targets at once would block the event loop
 * for longer than a liveness probe waits. The first slice runs at once.
 */
export class TimeSlicedQueue {
  readonly #clock: Clock;
  readonly #work: (target: TargetId) => void;
  readonly #waiting = new Set<TargetId>();
  #timer: Timer | undefined;
  #stopped = false;

  constructor(clock: Clock, work: (target: TargetId) => void) {
    this.#clock = clock;
    this.#work = work;
  }

  /** Queues these targets in this order. Targets of an earlier call keep their place. */
  add(targets: Iterable<TargetId>): void {
    if (this.#stopped) return;
    for (const target of targets) this.#waiting.add(target);
    if (this.#timer === undefined) this.#runSlice();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#waiting.clear();
  }

  #runSlice(): void {
    this.#timer = undefined;
    const endMs = this.#clock.monotonicMs() + SLICE_MS;
    let done = 0;
    for (const target of this.#waiting) {
      if (done >= SLICE_TARGETS || this.#clock.monotonicMs() >= endMs) {
        this.#timer = this.#clock.setTimer(GAP_MS, () => this.#runSlice());
        return;
      }
      // Removed before the work, which may add the target again.
      this.#waiting.delete(target);
      done += 1;
      this.#work(target);
      if (this.#stopped) return;
    }
  }
}
