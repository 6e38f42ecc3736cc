import type { StoreTime } from '../../health/index.ts';
import type { Logger } from '../../ports/index.ts';

/** Key of the line about unknown counts. No target has an empty name. */
const UNKNOWN_COUNTS = '';

/** Logs once that a budget is spent, and once that it allows paid probes again. */
export class BudgetLog {
  readonly #logger: Logger;
  /** End of the spent time in the last line, by owner. */
  readonly #loggedUntil = new Map<string, StoreTime>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** @param whose `fleet`, or the name of a target */
  spent(whose: string, until: StoreTime): void {
    if (this.#loggedUntil.get(whose) === until) return;
    this.#loggedUntil.set(whose, until);
    const owner = ownerOf(whose);
    const at = new Date(until / 1000).toISOString();
    this.#logger.warn(
      `The probe budget of ${owner} is spent until ${at}: unbilled checks replace paid probes. To fix: raise fleet_health.budget or the interval`,
    );
  }

  /** No store answers, and no count was ever read. */
  unknown(): void {
    if (this.#loggedUntil.has(UNKNOWN_COUNTS)) return;
    this.#loggedUntil.set(UNKNOWN_COUNTS, 0);
    this.#logger.warn(
      'No paid probes until Redis answers: the remaining budget is unknown. To fix: set fleet_health.state_dir, which keeps it across restarts',
    );
  }

  /** A paid probe was granted, so a budget that was spent until before `now` allows probes again. */
  allowed(whose: string, now: StoreTime): void {
    const until = this.#loggedUntil.get(whose);
    if (until === undefined || until > now) return;
    this.#loggedUntil.delete(whose);
    this.#logger.info(`The probe budget of ${ownerOf(whose)} is available again: paid probes resume`);
  }
}

function ownerOf(whose: string): string {
  return whose === 'fleet' ? 'the fleet' : whose;
}
