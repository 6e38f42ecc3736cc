import type { Clock, Logger, Timer } from '../../ports/index.ts';

const WARN_EVERY_MS = 60_000;

/** Logs messages that do not parse: the first at once, and all that follow within a minute in one line at its end. */
export class InvalidMessageLog {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #note: (what: string) => void;
  #suppressed = 0;
  #last = '';
  #minute: Timer | undefined;

  /** @param note called for each of them */
  constructor({ clock, logger }: { readonly clock: Clock; readonly logger: Logger }, note: (what: string) => void) {
    this.#clock = clock;
    this.#logger = logger;
    this.#note = note;
  }

  add(shown: string): void {
    this.#note(`ignored a message that does not parse: ${shown}`);
    if (this.#minute !== undefined) {
      this.#suppressed += 1;
      this.#last = shown;
      return;
    }
    this.#logger.warn(
      `Ignored a message on the fleet's channel that does not parse: ${shown}. To fix: find the client that publishes there, or finish the deploy`,
    );
    this.#beginMinute();
  }

  stop(): void {
    this.#minute?.cancel();
  }

  #beginMinute(): void {
    this.#minute = this.#clock.setTimer(WARN_EVERY_MS, () => {
      this.#minute = undefined;
      if (this.#suppressed === 0) return;
      const [held, last] = [this.#suppressed, this.#last];
      this.#suppressed = 0;
      this.#logger.warn(
        `Ignored ${held} more messages on the fleet's channel that do not parse; the last one: ${last}. To fix: restrict the channel to the pods' user`,
      );
      this.#beginMinute();
    });
  }
}
