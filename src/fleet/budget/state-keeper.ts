import type { StoreTime } from '../../health/index.ts';
import { HOUR_US } from '../../ports/index.ts';
import type { KeptState, PodState, Timer } from '../../ports/index.ts';
import type { FallbackHistory } from './fallback-history.ts';
import type { Incidents } from '../store/index.ts';
import type { Membership } from '../membership/index.ts';
import type { FleetOptions } from '../options.ts';
import type { BudgetLimits } from './budget-limits.ts';
import type { PodCount } from './pod-count.ts';
import { targetIndexOf } from '../target-index.ts';
import { waitFor } from '../wait-for.ts';

/** Shortest time between two writes, and its increase per target, since a large state takes longer to write. */
const EVERY_MS = 1_000;
const PER_TARGET_MS = 1;
/** Longest wait of a stopping pod for its last write. */
const LAST_WRITE_MS = 1_000;

/** Parts whose state is saved. */
export interface StateKeeperParts {
  readonly budgets: BudgetLimits;
  readonly fallbackHistory: FallbackHistory;
  readonly membership: Pick<Membership, 'known'>;
  readonly podCount: PodCount;
  readonly now: () => StoreTime;
  readonly incidents: Pick<Incidents, 'note'>;
}

/**
 * Saves this pod's share of the budgets, and its paid probes without the store, for the process after a restart. The
 * first change is written at once, so that a crash loses little. Later changes are written together.
 */
export class StateKeeper {
  readonly #options: FleetOptions;
  readonly #parts: StateKeeperParts;
  readonly #state: PodState | undefined;
  /** Highest number of live pods in this hour and in the one before it. */
  #peak = { hour: 0, pods: 1, before: 1 };
  #timer: Timer | undefined;
  #writing = false;
  #unwritten = false;
  #writtenMs = -Infinity;
  #running = false;

  constructor(options: FleetOptions, parts: StateKeeperParts) {
    this.#options = options;
    this.#parts = parts;
    this.#state = options.state;
  }

  /** Restores the state that the previous process saved, and takes over the file. */
  start(): void {
    if (this.#state === undefined) return;
    const kept = this.#state.read();
    if (kept !== null) this.#restore(kept);
    this.#running = true;
    this.changed();
  }

  /** Saved state has changed: a write is due. */
  changed(): void {
    if (!this.#running) return;
    this.#countPods();
    this.#unwritten = true;
    if (this.#timer !== undefined || this.#writing) return;
    const everyMs = Math.max(EVERY_MS, this.#options.targets.length * PER_TARGET_MS);
    const waitMs = Math.max(0, this.#writtenMs + everyMs - this.#options.clock.monotonicMs());
    this.#timer = this.#options.clock.setTimer(waitMs, () => void this.#write());
  }

  /** Writes what is not written yet. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    await waitFor(this.#options.clock, () => !this.#writing, LAST_WRITE_MS);
    this.#timer?.cancel();
    if (this.#unwritten && !this.#writing) void this.#write();
    this.#running = false;
    await waitFor(this.#options.clock, () => !this.#writing, LAST_WRITE_MS);
  }

  async #write(): Promise<void> {
    this.#timer = undefined;
    if (this.#state === undefined) return;
    this.#writing = true;
    this.#unwritten = false;
    this.#writtenMs = this.#options.clock.monotonicMs();
    const outcome = await this.#state.write(this.#kept());
    this.#writing = false;
    if (outcome === 'failed') {
      this.#parts.incidents.note(
        'state-not-kept',
        'after a restart without Redis, this pod makes no paid probes for targets that have a budget',
      );
    }
    if (outcome === 'taken') {
      this.#running = false;
      this.#parts.budgets.shareTaken();
    } else if (this.#unwritten) this.changed();
  }

  #kept(): KeptState {
    const { budgets, fallbackHistory, membership, podCount } = this.#parts;
    // If all pods of a fleet stop one after the other and start without the store, each must count the most that ran.
    const pods = Math.max(podCount.pods, membership.known ? Math.max(this.#peak.pods, this.#peak.before) : 0);
    return { pods, uses: budgets.toSave(), fallbackProbes: membership.known ? [] : fallbackHistory.toSave() };
  }

  #countPods(): void {
    const hour = Math.floor(this.#parts.now() / HOUR_US);
    const { hour: last, pods, before } = this.#peak;
    const now = this.#parts.podCount.pods;
    if (hour === last) this.#peak = { hour, pods: Math.max(pods, now), before };
    else this.#peak = { hour, pods: now, before: hour === last + 1 ? pods : now };
  }

  /**
   * Restores saved state. The port has removed unreadable data. Entries of other targets or with future times are
   * skipped.
   */
  #restore({ pods, uses, fallbackProbes }: KeptState): void {
    const { budgets, fallbackHistory, podCount, now } = this.#parts;
    const index = targetIndexOf(this.#options);
    podCount.restore(pods);
    budgets.restore(uses);
    for (const probe of fallbackProbes) if (index.has(probe.target)) fallbackHistory.restore(probe, now());
  }
}
