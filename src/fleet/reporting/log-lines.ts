import type { FleetOptions } from '../options.ts';
import { shortestIntervalMs } from '../target-index.ts';

const MAX_EVERY_MS = 300_000;

/**
 * LiteLLM's INFO lines, at most once per pod and interval: the first claim, the last release and a summary. Single
 * claims and commits are logged at DEBUG elsewhere.
 */
export class LogLines {
  readonly #options: FleetOptions;
  readonly #counts: () => { healthy: number; unhealthy: number };
  #nextMs = Number.NEGATIVE_INFINITY;
  #open = false;

  constructor(options: FleetOptions, counts: () => { healthy: number; unhealthy: number }) {
    this.#options = options;
    this.#counts = counts;
  }

  started(): void {
    if (this.#options.sharing === 'shared') this.#options.logger.info('Initialized shared health check manager');
  }

  claimed(): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (this.#open || nowMs < this.#nextMs) return;
    this.#open = true;
    this.#nextMs = nowMs + shortestIntervalMs(this.#options, MAX_EVERY_MS);
    this.#options.logger.info(`Pod ${this.#options.pod} acquired health check lock`);
  }

  /** All leases of this pod were released, with their results. */
  finished(): void {
    if (!this.#open) return;
    this.#open = false;
    const { healthy, unhealthy } = this.#counts();
    this.#options.logger.info(
      `Cached health check results for ${healthy} healthy and ${unhealthy} unhealthy endpoints`,
    );
    this.#options.logger.info(`Pod ${this.#options.pod} released health check lock`);
  }
}
