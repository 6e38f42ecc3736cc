import { counted } from '../../health/index.ts';
import { PROBING } from '../../ports/index.ts';
import type { FleetEvent, HoldKey } from '../../ports/index.ts';
import type { FleetOptions } from '../options.ts';
import { holdKeysOf, targetIndexOf } from '../target-index.ts';

const MINUTE_MS = 60_000;
/** A rolling deploy sends some rows of targets that this pod does not list. More within a minute are logged. */
const WARN_FROM = 1_000;
/** Rows allowed at once, in addition to some per target, and rows per second after that. */
const BURST_ROWS = 1_000;
const ROWS_PER_S = 500;

/** Reports of the filter. */
export interface PushFilterListener {
  /** The channel announced a hold on one of this pod's keys. */
  holdAnnounced(key: HoldKey): void;
  /** Rows of this pod's own targets were dropped because too many came, so the records have to be read. */
  overflowed(): void;
}

/**
 * Decides which rows of pushed events are parsed: those of targets and hold keys that this pod lists, up to a rate that
 * a fleet can reach. Anyone who can publish on the channel can send any number of rows, so a dropped row must cost
 * little.
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
    // After a loss of the store, all pods write all records at once.
    return this.#rows.take(nowMs, BURST_ROWS + 10 * length);
  }

  /** Logs at most one line per minute, however many rows are dropped. */
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

/** Token bucket: a rate per second, and a burst. */
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
