import type { Clock, Timer } from '../../ports/index.ts';

/**
 * Distance between two renewals. A pod of LiteLLM goes by what it read up to a second ago, so of the life of a cooldown two
 * seconds are left for late renewals. With a read, these are three commands per second.
 */
export const RENEW_MS = 500;
/** Changes of verdicts that are written without a delay, if there were none before. */
const BURST = 3;

export interface StepsOptions {
  readonly clock: Clock;
  readonly step: () => Promise<void>;
  /** Called with an error of a step. The steps go on. */
  readonly failed: (error: unknown) => void;
}

/** Runs a step every {@link RENEW_MS} and soon after each change, one at a time, within a budget of writes. */
export class Steps {
  readonly #options: StepsOptions;
  #timer: Timer | undefined;
  #soon: Timer | undefined;
  #running: Promise<void> | undefined;
  #waiting = false;
  /** When the write budget was full or will be: each write moves it by {@link RENEW_MS}. */
  #spentMs = -Infinity;
  #stopped = false;

  constructor(options: StepsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#runIn(0);
  }

  /** Something changed: runs a step at once if the budget allows. */
  changed(): void {
    if (this.#stopped || this.#soon !== undefined) return;
    // A change is written with all cooldowns, so it also counts as a renewal.
    const freeMs = this.#spentMs - (BURST - 1) * RENEW_MS;
    this.#soon = this.#options.clock.setTimer(Math.max(0, freeMs - this.#nowMs()), () => {
      this.#soon = undefined;
      this.#timer?.cancel();
      this.#run();
    });
  }

  /** Begins no step from here on, and waits for the one that runs. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#soon?.cancel();
    await this.#running;
  }

  #runIn(delayMs: number): void {
    if (this.#stopped) return;
    this.#timer?.cancel();
    this.#timer = this.#options.clock.setTimer(delayMs, () => this.#run());
  }

  #run(): void {
    const now = this.#nowMs();
    this.#spentMs = Math.max(now, this.#spentMs + RENEW_MS);
    // A step that still waits will see all that this one would.
    if (!this.#waiting) void this.#afterRunning();
    // Not from the end of the step on: a slow Redis would make renewals rarer.
    this.#runIn(RENEW_MS);
  }

  #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }

  /** Runs one step at a time, in the order in which they were asked for. */
  async #afterRunning(): Promise<void> {
    const before = this.#running;
    this.#waiting = true;
    this.#running = (async () => {
      await before;
      this.#waiting = false;
      try {
        if (!this.#stopped) await this.#options.step();
      } catch (error) {
        this.#options.failed(error);
      }
    })();
    await this.#running;
  }
}
