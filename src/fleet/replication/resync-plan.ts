import type { Clock, Timer } from '../../ports/index.ts';

/** Limit of resyncs within this time, whatever requests them. */
const SPAN_MS = 10_000;
const MAX_IN_SPAN = 5;

/**
 * Schedules resyncs. Many causes request one, often several at once. One resync serves all requests made before it
 * started, and there is never more than one at a time.
 */
export class ResyncPlan {
  readonly #clock: Clock;
  readonly #read: (why: string) => Promise<void>;
  #next: { readonly why: string; readonly atMs: number } | undefined;
  #timer: Timer | undefined;
  #running = false;
  #stopped = false;
  #startedMs = Number.NEGATIVE_INFINITY;
  /** Start times of the newest resyncs. */
  #starts: readonly number[] = [];

  /** @param read resyncs, and calls {@link started} once it serves all requests made until then */
  constructor(clock: Clock, read: (why: string) => Promise<void>) {
    this.#clock = clock;
    this.#read = read;
  }

  /** Requests a resync within `delayMs`; an earlier one that is planned suffices. */
  request(why: string, delayMs: number): void {
    const atMs = this.#clock.monotonicMs() + delayMs;
    if (this.#next !== undefined && this.#next.atMs <= atMs) return;
    this.#next = { why, atMs };
    this.#arm();
  }

  /** Plans a resync in `delayMs` instead of the planned one. */
  reschedule(why: string, delayMs: number): void {
    this.#next = undefined;
    this.request(why, delayMs);
  }

  /** The running resync serves all requests made until now. */
  started(): void {
    this.#next = undefined;
    this.#startedMs = this.#clock.monotonicMs();
    this.#starts = [...this.#starts, this.#startedMs].slice(-MAX_IN_SPAN);
  }

  /** Time since the start of the last resync, ms. */
  get sinceStartMs(): number {
    return this.#clock.monotonicMs() - this.#startedMs;
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #arm(): void {
    this.#timer?.cancel();
    if (this.#stopped || this.#running || this.#next === undefined) return;
    const { why, atMs } = this.#next;
    const full = this.#starts.length >= MAX_IN_SPAN;
    const earliestMs = full ? (this.#starts[0] ?? 0) + SPAN_MS : Number.NEGATIVE_INFINITY;
    const delayMs = Math.max(atMs, earliestMs) - this.#clock.monotonicMs();
    if (delayMs <= 0) void this.#run(why);
    else this.#timer = this.#clock.setTimer(delayMs, () => void this.#run(why));
  }

  async #run(why: string): Promise<void> {
    this.#next = undefined;
    this.#running = true;
    await this.#read(why);
    this.#running = false;
    this.#arm();
  }
}
