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
  StoreLoss,
  TargetView,
} from '../ports/index.ts';
import { bringBackLost, bringBackOwn, bringCountsBack } from './recovery/index.ts';
import { forecastOf } from './probing/index.ts';
import { showStatus, showTarget } from './reporting/index.ts';
import { readHistory } from './store/index.ts';
import { reportHold } from './reactions/index.ts';
import type { FleetOptions, FleetReload, FleetTarget } from './options.ts';
import { FleetParts } from './wiring.ts';
import { changeBetween, targetIndexOf } from './target-index.ts';
import { Slices } from './slices.ts';
import { waitFor } from './wait-for.ts';

/** One pod's part in the fleet: probes its share, knows all of it. */
export interface Fleet extends FleetReader, FleetChecker, FleetHolder, FleetHistorian {
  /** Begins; returns at once, whether or not the store answers. */
  start(): void;
  /** Ends within the drain time: running probes finish and are committed, the rest is given back. */
  stop(): Promise<void>;
  /** Goes on with other targets and settings. Targets that stay are not probed for it, those that went no more. */
  reload(next: FleetReload): void;
}

/**
 * Wires one pod's coordinator. Everything outside is handed in, so the same code runs on Redis and under a simulator.
 *
 * @example
 * const fleet = createFleet(options);
 * fleet.start();
 * fleet.targets(); // every configured target with state, age and why
 */
export function createFleet(options: FleetOptions): Fleet {
  // A copy of its own, for a reload changes it.
  return new Coordinator({ ...options });
}

class Coordinator implements Fleet {
  readonly #parts: FleetParts;
  /** All targets to look at anew, and to announce: in slices, for they may be thousands. */
  readonly #toChange: Slices;
  readonly #toAnnounce: Slices;
  #stopping = false;
  /** Where the store was when it was lost; undefined while it answers. */
  #lostAt: { readonly epoch: string; readonly seq: number } | undefined;

  constructor(options: FleetOptions) {
    this.#parts = new FleetParts(options, {
      changed: (target) => this.#changed(target),
      allChanged: () => this.#allChanged(),
      ticked: () => this.#toAnnounce.add(this.#troubledFirst()),
      held: (place) => reportHold(this.#parts, place),
      settled: (target) => this.#settled(target),
      selfJudged: (impaired) => this.#selfJudged(impaired),
      synced: (dataLost) => this.#synced(dataLost),
      storeLost: (loss) => this.#storeLost(loss),
      storeBack: () => this.#storeBack(),
    });
    this.#toChange = new Slices(options.clock, (id) => this.#changed(id));
    this.#toAnnounce = new Slices(options.clock, (id) => this.#announce(id));
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
    const { options, scheduler, mode, sweeper, spend, runner, committer } = this.#parts;
    const { leases, membership, selfCheck, holds, circuit, replicator, keeper } = this.#parts;
    for (const part of [scheduler, mode, sweeper, spend]) part.stop();
    await waitFor(options.clock, () => runner.idle, options.drainMs);
    runner.abort();
    committer.flush();
    await waitFor(options.clock, () => runner.idle && committer.idle, 1_000);
    await leases.releaseAll();
    await leases.reconcile();
    await membership.leave();
    await keeper.stop();
    for (const part of [leases, selfCheck, holds, circuit, this.#toChange, this.#toAnnounce]) part.stop();
    await replicator.stop();
  }

  reload(next: FleetReload): void {
    const { options, announcer, selfCheck, budgets, scheduler, membership, replicator } = this.#parts;
    const change = changeBetween(options, next);
    Object.assign(options, next);
    for (const part of [announcer, selfCheck, budgets]) part.forget(change.removed);
    budgets.askAnew();
    scheduler.reloaded(change);
    // What was pushed of them while they were not listed was dropped.
    if (change.added.length > 0) replicator.resync('targets were added');
    membership.beat();
    this.#allChanged();
  }

  async check(targets: readonly TargetId[], signal: AbortSignal): Promise<void> {
    await this.#parts.checker.check(targets, signal);
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
    return this.#parts.spend.replica();
  }

  onChange(listener: (change: FleetChange) => void): () => void {
    return this.#parts.announcer.listen(listener);
  }

  status(): FleetStatus {
    return showStatus(this.#parts);
  }

  // What the store says

  #synced(dataLost: boolean): void {
    if (this.#stopping) return;
    const { options, replica, selfCheck, holds, mode, spend, budgets, incidents, now } = this.#parts;
    this.#parts.syncedAt ||= now();
    this.#parts.sharedSince ||= now();
    const lostHolds = replica.holds.unstored().length;
    holds.synced();
    for (const { id } of options.targets) {
      const facts = replica.record(id)?.facts;
      if (facts !== undefined) selfCheck.fleetSaw(id, facts);
    }
    if (dataLost) {
      budgets.dataLost();
      spend.dataLost(now());
    }
    this.#storeAnswersAgain(dataLost);
    void bringCountsBack(this.#parts, replica.epoch);
    if (dataLost) incidents.dataLost({ records: bringBackLost(this.#parts), holds: lostHolds });
    bringBackOwn(this.#parts);
    mode.synced();
    spend.synced();
    this.#allChanged();
  }

  /** Tells the budgets who was without the store. */
  #storeAnswersAgain(dataLost: boolean): void {
    if (this.#lostAt === undefined) return;
    const { replica, budgets, replicator, membership } = this.#parts;
    const { epoch, seq } = this.#lostAt;
    // Memberships of pods that could not reach it either have ended by now, and nobody wrote.
    const othersWent = replicator.appliedSeq > seq || membership.members.length > 1;
    budgets.storeBack(!dataLost && epoch === replica.epoch && othersWent);
    this.#lostAt = undefined;
  }

  #storeLost(loss: StoreLoss): void {
    const { options, replica, replicator, mode } = this.#parts;
    this.#lostAt ??= { epoch: replica.epoch, seq: replicator.appliedSeq };
    replicator.storeLost();
    options.logger.debug(`The store does not answer: ${loss.code}: ${loss.message}`);
    mode.storeLost();
    this.#allChanged();
  }

  #storeBack(): void {
    this.#parts.membership.beat();
    this.#parts.replicator.storeBack();
  }

  // What changed

  #settled(target: TargetId): void {
    this.#changed(target);
    const { runner, committer, lines } = this.#parts;
    if (runner.idle && committer.idle) lines.finished();
  }

  #selfJudged(impaired: boolean): void {
    const { options, membership } = this.#parts;
    if (impaired) {
      options.logger.warn(
        `Pod ${options.pod} is impaired: it fails where other pods succeed; it stops probing for the fleet`,
      );
    } else options.logger.info(`Pod ${options.pod} is no longer impaired`);
    membership.impaired = impaired;
    this.#allChanged();
  }

  #allChanged(): void {
    this.#toChange.add(this.#troubledFirst());
  }

  /** What is not well may wait for a pod that came or went; for all others only the order of turns is another. */
  #troubledFirst(): readonly TargetId[] {
    const { options, announcer } = this.#parts;
    const [troubled, well]: [TargetId[], TargetId[]] = [[], []];
    for (const { id } of options.targets) (announcer.told(id) === 'up' ? well : troubled).push(id);
    return [...troubled, ...well];
  }

  #announce(id: TargetId): void {
    const target = this.#known(id);
    if (target !== undefined) this.#parts.announcer.announce(target);
  }

  #changed(id: TargetId): void {
    const target = this.#known(id);
    if (target === undefined) return;
    this.#parts.announcer.announce(target);
    this.#parts.scheduler.plan(id);
    this.#parts.checker.changed(id);
  }

  #known(id: TargetId): FleetTarget | undefined {
    return targetIndexOf(this.#parts.options).get(id);
  }
}
