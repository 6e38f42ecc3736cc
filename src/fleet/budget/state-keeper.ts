import type { StoreTime } from '../../health/index.ts';
import { HOUR_US } from '../../ports/index.ts';
import type { KeptState, PodState, Timer } from '../../ports/index.ts';
import type { FallbackLog } from './fallback-log.ts';
import type { Incidents } from '../store/index.ts';
import type { Membership } from '../membership/index.ts';
import type { FleetOptions } from '../options.ts';
import type { BudgetLimits } from './budget-limits.ts';
import type { PodCount } from './pod-count.ts';
import { targetIndexOf } from '../target-index.ts';
import { waitFor } from '../wait-for.ts';

/** Least time between two writes, and how much more of it each target takes: a large state is written less often. */
const EVERY_MS = 1_000;
const PER_TARGET_MS = 1;
/** A stopping pod waits no longer for its last write. */
const LAST_WRITE_MS = 1_000;

/** What is kept. */
export interface StateKeeperParts {
  readonly budgets: BudgetLimits;
  readonly fallbackLog: FallbackLog;
  readonly membership: Pick<Membership, 'known'>;
  readonly podCount: PodCount;
  readonly now: () => StoreTime;
  readonly incidents: Pick<Incidents, 'note'>;
}

/**
 * Keeps this pod's share of the budgets, and its paid probes without the store, where a restarted process finds them.
 * The first change is written at once, so that a crash loses little, and the next ones together.
 */
export class StateKeeper {
  readonly #options: FleetOptions;
  readonly #parts: StateKeeperParts;
  readonly #state: PodState | undefined;
  /** Most pods that lived at once in this hour, and in the one before it. */
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

  /** Takes up what the process before this one kept, and takes the place over. */
  start(): void {
    if (this.#state === undefined) return;
    const kept = this.#state.read();
    if (kept !== null) this.#restore(kept);
    this.#running = true;
    this.changed();
  }

  /** Something that is kept has changed. */
  changed(): void {
    if (!this.#running) return;
    this.#countPods();
    this.#unwritten = true;
    if (this.#timer !== undefined || this.#writing) return;
    const everyMs = Math.max(EVERY_MS, this.#options.targets.length * PER_TARGET_MS);
    const waitMs = Math.max(0, this.#writtenMs + everyMs - this.#options.clock.monotonicMs());
    this.#timer = this.#options.clock.setTimer(waitMs, () => void this.#write());
  }

  /** Writes what was not written yet. */
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
    const { budgets, fallbackLog, membership, podCount } = this.#parts;
    // All pods of a fleet may stop one after the other, and start without the store: each was one of the most, not of the last.
    const pods = Math.max(podCount.pods, membership.known ? Math.max(this.#peak.pods, this.#peak.before) : 0);
    return { pods, uses: budgets.toSave(), fallbackProbes: membership.known ? [] : fallbackLog.toSave() };
  }

  #countPods(): void {
    const hour = Math.floor(this.#parts.now() / HOUR_US);
    const { hour: last, pods, before } = this.#peak;
    const now = this.#parts.podCount.pods;
    if (hour === last) this.#peak = { hour, pods: Math.max(pods, now), before };
    else this.#peak = { hour, pods: now, before: hour === last + 1 ? pods : now };
  }

  /** Garbage was sorted out by the port; what is of a time to come, or of no target of this pod, is not taken. */
  #restore({ pods, uses, fallbackProbes }: KeptState): void {
    const { budgets, fallbackLog, podCount, now } = this.#parts;
    const index = targetIndexOf(this.#options);
    podCount.restore(pods);
    budgets.restore(uses);
    for (const look of fallbackProbes) if (index.has(look.target)) fallbackLog.restore(look, now());
  }
}
