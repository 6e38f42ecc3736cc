import type { TargetId } from '../health/index.ts';
import type { Clock, Timer } from '../ports/index.ts';

/** A slice ends after so long, or so many targets: between two slices the event loop does everything else. */
const SLICE_MS = 10;
const SLICE_TARGETS = 250;
const GAP_MS = 1;

/**
 * Work on many targets that may wait a moment, in slices: 10,000 targets at once would block the event loop for longer
 * than a probe of liveness waits. The first slice runs at once.
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

  /** Works on all of these, in this order. What is left of an earlier call keeps its place. */
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
      // Before the work: it may add the target anew.
      this.#waiting.delete(target);
      done += 1;
      this.#work(target);
      if (this.#stopped) return;
    }
  }
}
