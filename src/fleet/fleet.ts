import type { TargetId, Verdict } from '../health/index.ts';
import type {
  FleetChange,
  FleetChecker,
  FleetHistorian,
  FleetHolder,
  FleetReader,
  FleetStatus,
  Forecast,
  HistoryOutcome,
  HoldOrder,
  HoldOutcome,
  MoneyView,
  ObservationSink,
  TargetView,
  TrafficReport,
  TrafficSavings,
  UnconfirmedFailure,
} from '../ports/index.ts';
import { forecastOf } from './probing/index.ts';
import { showStatus, showTarget } from './reporting/index.ts';
import { readHistory } from './store/index.ts';
import { reactionsOf, StoreChanges, TargetChanges } from './reactions/index.ts';
import type { FleetOptions, FleetReload, FleetTarget } from './options.ts';
import { buildParts } from './wiring.ts';
import type { Parts } from './wiring.ts';
import { changeBetween, targetIndexOf } from './target-index.ts';
import { Signals } from './signals.ts';
import { waitFor } from './wait-for.ts';

/** One pod's part in the fleet: it probes its share and serves the verdicts on all targets. */
export interface Fleet extends FleetReader, FleetChecker, FleetHolder, FleetHistorian, ObservationSink {
  /** Starts; returns at once, whether or not the store answers. */
  start(): void;
  /** Stops within the drain time: running probes finish and are committed, all other leases are released. */
  stop(): Promise<void>;
  /**
   * Applies other targets and settings. Targets that stay are not probed because of it; removed ones are not probed
   * again.
   */
  reload(next: FleetReload): void;
  /**
   * Plans a target whose probe is a request of a user ({@link FleetPorts.trials}): call it when such a request comes and the
   * target is not up.
   */
  planTrial(target: TargetId): void;
}

/**
 * Creates one pod's coordinator. Every dependency is passed in, so the same code runs on Redis and under a simulator.
 *
 * @example
 * const fleet = createFleet(options);
 * fleet.start();
 * fleet.targets(); // every configured target with state, age and why
 */
export function createFleet(options: FleetOptions): Fleet {
  // A reload changes the options, so the coordinator has its own copy.
  return new Coordinator({ ...options });
}

class Coordinator implements Fleet {
  readonly #parts: Parts;
  readonly #targets: TargetChanges;
  readonly #store: StoreChanges;
  #stopping = false;

  constructor(options: FleetOptions) {
    const signals = new Signals();
    this.#parts = buildParts(options, signals.emit);
    this.#targets = new TargetChanges(this.#parts);
    this.#store = new StoreChanges(this.#parts, () => this.#targets.allChanged());
    signals.connect(reactionsOf(this.#parts, this.#targets, this.#store));
  }

  start(): void {
    const { lines, mode, membership, replicator, sweeper, keeper } = this.#parts;
    lines.started();
    keeper.start();
    mode.start();
    membership.beat();
    replicator.start();
    sweeper.start();
  }

  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#store.stop();
    const { options, scheduler, checker, mode, sweeper, spend, runner, committer } = this.#parts;
    const { leases, membership, selfCheck, holds, circuit, replicator, keeper } = this.#parts;
    for (const part of [scheduler, mode, sweeper, spend]) part.stop();
    await waitFor(options.clock, () => runner.idle, options.drainMs);
    runner.abort();
    checker.stop();
    committer.flush();
    await waitFor(options.clock, () => runner.idle && committer.idle, 1_000);
    await leases.releaseAll();
    await leases.reconcile();
    await membership.leave();
    await keeper.stop();
    for (const part of [leases, selfCheck, holds, circuit, this.#targets]) part.stop();
    await replicator.stop();
  }

  reload(next: FleetReload): void {
    const { options, announcer, selfCheck, budgets, scheduler, membership, replicator, traffic } = this.#parts;
    const change = changeBetween(options, next);
    Object.assign(options, next);
    for (const part of [announcer, selfCheck, budgets, traffic]) part.forget(change.removed);
    budgets.forgetSpentBudgets();
    scheduler.reloaded(change);
    // Pushed events of targets that were not listed were dropped.
    if (change.added.length > 0) replicator.resync('targets were added');
    membership.beat();
    this.#targets.allChanged();
  }

  planTrial(target: TargetId): void {
    if (!this.#stopping) this.#parts.scheduler.plan(target);
  }

  async check(targets: readonly TargetId[], signal: AbortSignal): Promise<void> {
    await this.#parts.checker.check(targets, signal);
  }

  report(report: TrafficReport): void {
    if (!this.#stopping) this.#parts.traffic.report(report);
  }

  async decide(order: HoldOrder): Promise<HoldOutcome> {
    return await this.#parts.holds.decide(order);
  }

  async history(targets: readonly TargetId[]): Promise<HistoryOutcome> {
    return await readHistory(this.#parts.circuit, this.#parts.options.clock, targets);
  }

  target(id: TargetId): TargetView | undefined {
    const target = this.#known(id);
    return target === undefined ? undefined : showTarget(this.#parts, target);
  }

  targets(): readonly TargetView[] {
    return this.#parts.options.targets.map((target) => showTarget(this.#parts, target));
  }

  fleetVerdict(id: TargetId): Verdict | undefined {
    const target = this.#known(id);
    return target === undefined ? undefined : this.#parts.beliefs.verdict(target);
  }

  forecast(id: TargetId): Forecast | undefined {
    const target = this.#known(id);
    return target === undefined ? undefined : forecastOf(this.#parts, target);
  }

  money(): MoneyView {
    return this.#parts.spend.view();
  }

  unconfirmedFailures(): readonly UnconfirmedFailure[] {
    return this.#parts.traffic.unconfirmedFailures();
  }

  trafficSavings(): TrafficSavings {
    return this.#parts.traffic.savings;
  }

  onChange(listener: (change: FleetChange) => void): () => void {
    return this.#parts.announcer.listen(listener);
  }

  status(): FleetStatus {
    return showStatus(this.#parts);
  }

  #known(id: TargetId): FleetTarget | undefined {
    return targetIndexOf(this.#parts.options).get(id);
  }
}
