import type { StoreTime } from '../../health/index.ts';
import type { Logger } from '../../ports/index.ts';

/** No target has an empty name. */
const UNKNOWN = '';

/** Says once that a budget is spent, and once that it allows paid probes again. */
export class BudgetLog {
  readonly #logger: Logger;
  /** Until when a budget was said to be spent, by whose it is. */
  readonly #loggedUntil = new Map<string, StoreTime>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** @param whose `fleet`, or the name of a target */
  spent(whose: string, until: StoreTime): void {
    if (this.#loggedUntil.get(whose) === until) return;
    this.#loggedUntil.set(whose, until);
    const at = new Date(until / 1000).toISOString();
    this.#logger.warn(`The probe budget of ${whose} is spent until ${at}: unbilled checks replace paid probes`);
  }

  /** There is no store, and no count of a budget that was ever read from it. */
  unknown(): void {
    if (this.#loggedUntil.has(UNKNOWN)) return;
    this.#loggedUntil.set(UNKNOWN, 0);
    this.#logger.warn(
      'No paid probes until the store answers: a budget is set and its remaining amount is unknown; set fleet_health.state_dir to keep it across restarts',
    );
  }

  /** A paid probe was granted: what was spent until before `now` is over. */
  allowed(whose: string, now: StoreTime): void {
    const until = this.#loggedUntil.get(whose);
    if (until === undefined || until > now) return;
    this.#loggedUntil.delete(whose);
    this.#logger.info(`The probe budget of ${whose} allows paid probes again`);
  }
}
