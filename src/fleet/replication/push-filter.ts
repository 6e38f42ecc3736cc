import { counted } from '../../health/index.ts';
import type { FleetEvent, HoldKey } from '../../ports/index.ts';
import type { FleetOptions } from '../options.ts';
import { FLEET_KEYS, holdKeysOf, targetIndexOf } from '../target-index.ts';

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
  readonly #unlisted = new DroppedRows();
  readonly #excess = new DroppedRows();

  constructor(options: FleetOptions, listener: PushFilterListener) {
    this.#options = options;
    this.#listener = listener;
  }

  wants(kind: FleetEvent['kind'], name: string): boolean {
    if (!this.#isListed(kind, name)) {
      this.#dropUnlisted(name);
      return false;
    }
    // Holds are read from the store.
    if (kind === 'hold') {
      this.#listener.holdAnnounced(name);
      return false;
    }
    if (this.#isAllowed()) return true;
    this.#dropExcess();
    this.#listener.overflowed();
    return false;
  }

  #isListed(kind: FleetEvent['kind'], name: string): boolean {
    if (kind !== 'hold') return targetIndexOf(this.#options).has(name);
    return FLEET_KEYS.includes(name) || holdKeysOf(this.#options).has(name);
  }

  #isAllowed(): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    const { length } = this.#options.targets;
    // After a loss of the store, all pods write all records at once.
    return this.#rows.take(nowMs, BURST_ROWS + 10 * length);
  }

  #dropUnlisted(name: string): void {
    const { clock, logger } = this.#options;
    const count = this.#unlisted.add(clock.monotonicMs());
    if (count === undefined) return;
    logger.warn(
      `Ignored ${counted(count, 'result')} received on the fleet's channel within a minute: this pod does not have their targets; the last one: ${name.slice(0, 40)}. To fix: compare the pods' model lists, and restrict the channel to the pods' user`,
    );
  }

  #dropExcess(): void {
    const { clock, logger } = this.#options;
    const count = this.#excess.add(clock.monotonicMs());
    if (count === undefined) return;
    logger.warn(
      `Ignored ${counted(count, 'result')} received on the fleet's channel within a minute: pods do not send that many; this pod reads Redis instead. To fix: restrict the channel to the pods' user`,
    );
  }
}

/** Counts rows that were dropped for one reason, for at most one line per minute. */
class DroppedRows {
  #minuteFromMs = Number.NEGATIVE_INFINITY;
  #count = 0;

  /** The number within this minute when it is due for a line. */
  add(nowMs: number): number | undefined {
    if (nowMs - this.#minuteFromMs >= MINUTE_MS) {
      this.#minuteFromMs = nowMs;
      this.#count = 0;
    }
    this.#count += 1;
    return this.#count === WARN_FROM ? this.#count : undefined;
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
