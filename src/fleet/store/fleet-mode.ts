import type { StoreTime } from '../../health/index.ts';
import type { FleetMode, Timer } from '../../ports/index.ts';
import type { FleetOptions } from '../options.ts';
import { shortestIntervalMs } from '../target-index.ts';

const MAX_GRACE_MS = 5_000;
/** Two test commands at their longest distance, so that a slow connection does not count as a lost store. */
const MIN_GRACE_MS = 1_000;

/** Mode in which this pod may probe. `wait`: in neither, until the store answered or the grace ended. */
export type ProbePermission = 'shared' | 'fallback' | 'wait';

/** Values that the mode depends on, and its report. */
export interface ModeParts {
  /** The store answers, and its records were read since. */
  readonly inSync: () => boolean;
  readonly now: () => StoreTime;
  /** Cause of the loss. */
  readonly problem: () => string;
  readonly changed: (mode: FleetMode) => void;
}

/** The mode of this pod, shared or fallback. A lost store has a grace; a reachable one is used at once. */
export class FleetModeTracker {
  readonly #options: FleetOptions;
  readonly #parts: ModeParts;
  #timer: Timer | undefined;
  #stopped = false;
  mode: FleetMode;
  since: StoreTime = 0;

  constructor(options: FleetOptions, parts: ModeParts) {
    this.#options = options;
    this.#parts = parts;
    this.mode = options.sharing;
  }

  get permission(): ProbePermission {
    if (this.#stopped) return 'wait';
    if (this.mode === 'fallback') return 'fallback';
    return this.#parts.inSync() ? 'shared' : 'wait';
  }

  start(): void {
    this.since = this.#parts.now();
    this.storeUnreachable(this.#options.joinGraceMs);
  }

  /** Falls back unless the store is in sync again within the grace. */
  storeUnreachable(graceMs: number = this.#graceMs()): void {
    this.#timer ??= this.#options.clock.setTimer(graceMs, () => {
      this.#timer = undefined;
      if (!this.#stopped && !this.#parts.inSync()) this.#set('fallback');
    });
  }

  #graceMs(): number {
    return Math.max(MIN_GRACE_MS, shortestIntervalMs(this.#options, 4 * MAX_GRACE_MS) / 4);
  }

  /** The store's records were read: shares again, unless it still refuses writes. */
  synced(): void {
    if (!this.#parts.inSync()) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#set(this.#options.sharing);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #set(mode: FleetMode): void {
    if (mode === this.mode) return;
    this.mode = mode;
    this.since = this.#parts.now();
    const { logger, trials } = this.#options;
    if (mode !== 'fallback') logger.info('Sharing health again: Redis answers');
    else if (trials !== undefined) {
      logger.warn(
        `Without the fleet: Redis does not answer: ${this.#parts.problem()}; this process knows only its own requests; sharing begins without a restart when it answers`,
      );
    } else {
      logger.warn(
        `Falling back to local health checks: Redis does not answer: ${this.#parts.problem()}; sharing resumes without a restart when it answers`,
      );
    }
    this.#parts.changed(mode);
  }
}
