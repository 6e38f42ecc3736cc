import type { Clock, Timer } from '../../ports/index.ts';

/** Whatever asks, and however often, no more readings begin within this time than so many. */
const SPAN_MS = 10_000;
const MAX_IN_SPAN = 5;

/**
 * When to read everything next. Many causes ask, often several at once; one reading serves all that asked before it
 * began, and there is never more than one at a time.
 */
export class ResyncPlan {
  readonly #clock: Clock;
  readonly #read: (why: string) => Promise<void>;
  #next: { readonly why: string; readonly atMs: number } | undefined;
  #timer: Timer | undefined;
  #running = false;
  #stopped = false;
  #startedMs = Number.NEGATIVE_INFINITY;
  /** When the newest of them began. */
  #starts: readonly number[] = [];

  /** @param read reads everything, and calls {@link started} once it serves whoever asked until then */
  constructor(clock: Clock, read: (why: string) => Promise<void>) {
    this.#clock = clock;
    this.#read = read;
  }

  /** Reads within `delayMs`; one that is planned for earlier will do. */
  request(why: string, delayMs: number): void {
    const atMs = this.#clock.monotonicMs() + delayMs;
    if (this.#next !== undefined && this.#next.atMs <= atMs) return;
    this.#next = { why, atMs };
    this.#arm();
  }

  /** Reads in `delayMs` and not before, whatever was planned. */
  reschedule(why: string, delayMs: number): void {
    this.#next = undefined;
    this.request(why, delayMs);
  }

  /** Whoever asked until now is served by the reading that runs. */
  started(): void {
    this.#next = undefined;
    this.#startedMs = this.#clock.monotonicMs();
    this.#starts = [...this.#starts, this.#startedMs].slice(-MAX_IN_SPAN);
  }

  /** Time since the last reading began, ms. */
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
