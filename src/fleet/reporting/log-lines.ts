import type { FleetOptions } from '../options.ts';
import { shortestIntervalMs } from '../target-index.ts';

const MAX_EVERY_MS = 300_000;

/**
 * LiteLLM's lines, at INFO, each at most once per pod and interval: the first claim, the last release with a summary, and
 * the first result of another pod. Single claims and commits are logged at DEBUG elsewhere.
 */
export class LogLines {
  readonly #options: FleetOptions;
  readonly #counts: () => { healthy: number; unhealthy: number };
  #nextMs = Number.NEGATIVE_INFINITY;
  #open = false;
  #nextReadMs = Number.NEGATIVE_INFINITY;

  constructor(options: FleetOptions, counts: () => { healthy: number; unhealthy: number }) {
    this.#options = options;
    this.#counts = counts;
  }

  get #isOn(): boolean {
    return this.#options.litellmLines !== 'none';
  }

  started(): void {
    const { sharing, logger } = this.#options;
    if (sharing === 'shared' && this.#isOn) logger.info('Initialized shared health check manager');
  }

  claimed(): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (!this.#isOn || this.#open || nowMs < this.#nextMs) return;
    this.#open = true;
    this.#nextMs = nowMs + shortestIntervalMs(this.#options, MAX_EVERY_MS);
    this.#options.logger.info(`Pod ${this.#options.pod} acquired health check lock`);
  }

  /** A result of another pod counts in this pod. LiteLLM logs this line at DEBUG; it is the one that proves sharing. */
  usedResult(): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (!this.#isOn || nowMs < this.#nextReadMs) return;
    this.#nextReadMs = nowMs + shortestIntervalMs(this.#options, MAX_EVERY_MS);
    this.#options.logger.info('Using cached health check results');
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
