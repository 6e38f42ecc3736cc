import { counted } from '../../health/index.ts';
import { PROBING } from '../../ports/index.ts';
import type { FleetEvent, HoldKey } from '../../ports/index.ts';
import type { FleetOptions } from '../options.ts';
import { holdKeysOf, targetIndexOf } from '../target-index.ts';

const MINUTE_MS = 60_000;
/** A rolling deploy sends some rows of targets that this pod does not list; so many within a minute are told of. */
const WARN_FROM = 1_000;
/** Rows that may come at once, beside some for every target, and how many more each second allows. */
const BURST_ROWS = 1_000;
const ROWS_PER_S = 500;

/** What the intake tells. */
export interface PushFilterListener {
  /** The channel says that a hold at one of this pod's places was decided. */
  holdAnnounced(key: HoldKey): void;
  /** Rows of this pod's own targets were dropped because too many came: what they said has to be read. */
  overflowed(): void;
}

/**
 * Decides which rows of pushed events are read: those of targets and places that this pod lists, and no more of them than a
 * fleet can mean. Whoever can publish on the channel can send any number of rows; each must cost next to nothing.
 */
export class PushFilter {
  readonly #options: FleetOptions;
  readonly #listener: PushFilterListener;
  readonly #rows = new RateLimit(ROWS_PER_S);
  #minuteFromMs = Number.NEGATIVE_INFINITY;
  #dropped = 0;
  #warned = false;

  constructor(options: FleetOptions, news: PushFilterListener) {
    this.#options = options;
    this.#listener = news;
  }

  wants(kind: FleetEvent['kind'], name: string): boolean {
    if (!this.#isListed(kind, name)) {
      this.#drop(name);
      return false;
    }
    // Holds are read from the store.
    if (kind === 'hold') {
      this.#listener.holdAnnounced(name);
      return false;
    }
    if (this.#isAllowed()) return true;
    this.#drop(name);
    this.#listener.overflowed();
    return false;
  }

  #isListed(kind: FleetEvent['kind'], name: string): boolean {
    if (kind !== 'hold') return targetIndexOf(this.#options).has(name);
    return name === PROBING || holdKeysOf(this.#options).has(name);
  }

  #isAllowed(): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    const { length } = this.#options.targets;
    // After a loss of the store every record is written by every pod at once.
    return this.#rows.take(nowMs, BURST_ROWS + 10 * length);
  }

  /** At most one line a minute, however many there are. */
  #drop(name: string): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#minuteFromMs >= MINUTE_MS) {
      this.#minuteFromMs = nowMs;
      this.#dropped = 0;
      this.#warned = false;
    }
    this.#dropped += 1;
    if (this.#warned || this.#dropped < WARN_FROM) return;
    this.#warned = true;
    this.#options.logger.warn(
      `Dropped ${counted(this.#dropped, 'row')} from the fleet's channel within a minute: for targets that this pod does not have, or too many; the last one: ${name.slice(0, 40)}`,
    );
  }
}

/** So many each second, and a burst. */
class RateLimit {
  readonly #perS: number;
  #used = 0;
  #atMs = Number.NEGATIVE_INFINITY;

  constructor(perS: number) {
    this.#perS = perS;
  }

  take(nowMs: number, burst: number): boolean {
    const regained = ((nowMs - this.#atMs) / 1000) * Math.max(this.#perS, burst / 20);
    this.#used = Math.max(0, this.#used - regained);
    this.#atMs = nowMs;
    if (this.#used + 1 > burst) return false;
    this.#used += 1;
    return true;
  }
}
