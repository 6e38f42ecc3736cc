import type { StoreTime, TargetId } from '../health/index.ts';
import type {
  FleetChange,
  FleetChecker,
  FleetHolder,
  FleetReader,
  FleetStatus,
  Forecast,
  MoneyView,
  HoldOrder,
  HoldOutcome,
  HoldPlace,
  StoreLoss,
  TargetView,
} from '../ports/index.ts';
import { Accounts } from './accounts.ts';
import { Announcer } from './announcer.ts';
import { bringBackLost, bringBackOwn } from './bring-back.ts';
import { Checker } from './checker.ts';
import { Doubts } from './doubts.ts';
import { Follower } from './follower.ts';
import { forecastOf } from './forecast.ts';
import { Hearing } from './hearing.ts';
import { tellOfHold } from './hold-news.ts';
import { Holds } from './holds.ts';
import { Knowledge } from './knowledge.ts';
import { Leases } from './leases.ts';
import { StoreLink } from './link.ts';
import { LogLines } from './log-lines.ts';
import { Membership } from './membership.ts';
import { ModeKeeper } from './mode-keeper.ts';
import type { FleetOptions, FleetReload } from './options.ts';
import { Publisher } from './publisher.ts';
import { countDeployments, showStatus, showTarget } from './reader.ts';
import type { ShownParts } from './reader.ts';
import { Purse } from './purse.ts';
import { Results } from './results.ts';
import { changeBetween, rosterOf } from './roster.ts';
import { Runner } from './runner.ts';
import { Scheduler } from './scheduler.ts';
import { createStoreClock } from './store-clock.ts';
import type { StoreClock } from './store-clock.ts';
import { Sweeper } from './sweeper.ts';
import { FleetView } from './view.ts';
import { Till } from './till.ts';
import { waitFor } from './wait-for.ts';

/** One pod's part in the fleet: probes its share, knows all of it. */
export interface Fleet extends FleetReader, FleetChecker, FleetHolder {
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
  readonly #options: FleetOptions;
  readonly #storeClock: StoreClock;
  readonly #view = new FleetView((target, stored) => this.#announcer.setAside(target, stored));
  readonly #link: StoreLink;
  readonly #membership: Membership;
  readonly #follower: Follower;
  readonly #doubts: Doubts;
  readonly #knowledge: Knowledge;
  readonly #leases: Leases;
  readonly #runner: Runner;
  readonly #results: Results;
  readonly #purse: Purse;
  readonly #accounts: Accounts;
  readonly #publisher: Publisher;
  readonly #scheduler: Scheduler;
  readonly #hearing: Hearing;
  readonly #checker: Checker;
  readonly #sweeper: Sweeper;
  readonly #holds: Holds;
  readonly #lines: LogLines;
  readonly #mode: ModeKeeper;
  readonly #announcer: Announcer;
  readonly #shown: ShownParts;
  #syncedAt: StoreTime = 0;
  #stopping = false;

  constructor(options: FleetOptions) {
    this.#options = options;
    const storeClock = createStoreClock(options.clock);
    this.#storeClock = storeClock;
    const view = this.#view;
    const now = (): StoreTime => storeClock.now();
    const link = this.#createLink();
    this.#link = link;
    const membership = new Membership(options, link, {
      changed: () => this.#allChanged(),
      tick: () => this.#announcer.announceAll(),
    });
    this.#membership = membership;
    const holds = new Holds(options, link, { book: view.holds, now, changed: (place) => this.#held(place) });
    this.#holds = holds;
    const doubts = new Doubts(options, storeClock, {
      changed: (target) => this.#changed(target),
      impaired: (impaired) => this.#selfJudged(impaired),
    });
    this.#doubts = doubts;
    const knowledge = new Knowledge(options, { view, storeClock, membership, doubts });
    this.#knowledge = knowledge;
    const leases = new Leases(options, link);
    this.#leases = leases;
    const runner = new Runner(options, storeClock, {
      saw: (job, probe) => this.#results.saw(job, probe),
      blind: (job, why, sent) => this.#results.blind(job, why, sent),
      freed: () => this.#scheduler.slotFreed(),
    });
    this.#runner = runner;
    const purse = new Purse(options, { now, pods: () => Math.max(membership.members.length, options.expectedPods, 1) });
    this.#purse = purse;
    this.#accounts = new Accounts(options, link);
    const till = new Till((target) => membership.othersKnowing(target).length + 1);
    this.#publisher = new Publisher(
      options,
      link,
      { view, knowledge, leases, now, bill: (target, probe) => till.bill(target, probe) },
      { settled: (target) => this.#settled(target) },
    );
    const follower = new Follower(options, link, view, {
      applied: (event) => this.#hearing.hear(event),
      synced: (dataLost) => this.#synced(dataLost),
      pods: () => Math.max(membership.members.length, options.expectedPods),
    });
    this.#follower = follower;
    const mode = this.#createModeKeeper();
    this.#mode = mode;
    const footing = (): ModeKeeper['footing'] => mode.footing;
    const planning = { view, knowledge, membership, purse, now };
    this.#scheduler = new Scheduler(options, {
      ...planning,
      link,
      leases,
      runner,
      doubts,
      footing,
      syncedAt: () => this.#syncedAt,
      paused: () => holds.pause !== undefined,
    });
    this.#checker = new Checker(options, {
      knowledge,
      scheduler: this.#scheduler,
      runner,
      purse,
      reused: (target) => till.reused(target),
      footing,
      now,
    });
    this.#results = new Results(options, {
      view,
      knowledge,
      doubts,
      leases,
      runner,
      footing,
      publisher: this.#publisher,
      scheduler: this.#scheduler,
      purse,
      changed: (target) => this.#changed(target),
    });
    this.#sweeper = new Sweeper(options, link, {
      view,
      holds,
      others: () => membership.members.map(({ pod }) => pod),
      now,
    });
    this.#shown = { options, view, storeClock, knowledge, link, follower, membership, doubts, mode, holds };
    this.#announcer = new Announcer(options, { knowledge, show: (target) => showTarget(this.#shown, target) });
    this.#lines = new LogLines(options, () => countDeployments(this.#shown));
    this.#hearing = new Hearing(options, {
      view,
      storeClock,
      doubts,
      knowledge,
      announcer: this.#announcer,
      lines: this.#lines,
      scheduler: this.#scheduler,
      changed: (target) => this.#changed(target),
    });
  }

  start(): void {
    this.#lines.started();
    this.#mode.start();
    this.#membership.beat();
    this.#follower.start();
    this.#sweeper.start();
  }

  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#scheduler.stop();
    this.#mode.stop();
    this.#sweeper.stop();
    this.#accounts.stop();
    const { clock } = this.#options;
    const idle = (): boolean => this.#runner.idle && this.#publisher.idle;
    await waitFor(clock, () => this.#runner.idle, this.#options.drainMs);
    this.#runner.abort();
    this.#publisher.flush();
    await waitFor(clock, idle, 1_000);
    await this.#leases.releaseAll();
    await this.#leases.reconcile();
    await this.#membership.leave();
    this.#leases.stop();
    this.#doubts.stop();
    this.#holds.stop();
    this.#link.stop();
    await this.#follower.stop();
  }

  reload(next: FleetReload): void {
    const change = changeBetween(this.#options, next);
    Object.assign(this.#options, next);
    this.#announcer.forget(change.removed);
    this.#doubts.forget(change.removed);
    this.#purse.forget(change.removed);
    this.#purse.reloaded();
    this.#scheduler.reloaded(change);
    this.#membership.beat();
    this.#allChanged();
  }

  async check(targets: readonly TargetId[], signal: AbortSignal): Promise<void> {
    await this.#checker.check(targets, signal);
  }

  async decide(order: HoldOrder): Promise<HoldOutcome> {
    return await this.#holds.decide(order);
  }

  target(id: TargetId): TargetView | undefined {
    const target = rosterOf(this.#options).get(id);
    return target === undefined ? undefined : showTarget(this.#shown, target);
  }

  targets(): readonly TargetView[] {
    return this.#options.targets.map((target) => showTarget(this.#shown, target));
  }

  forecast(id: TargetId): Forecast | undefined {
    const target = rosterOf(this.#options).get(id);
    return target === undefined ? undefined : forecastOf(this.#shown, target);
  }

  money(): MoneyView {
    return this.#accounts.view();
  }

  onChange(listener: (change: FleetChange) => void): () => void {
    return this.#announcer.listen(listener);
  }

  status(): FleetStatus {
    return showStatus(this.#shown);
  }

  #createLink(): StoreLink {
    return new StoreLink(this.#options, this.#storeClock, () => this.#follower.appliedSeq, {
      answered: (meta, seqWhenSent) => this.#follower.answered(meta, seqWhenSent),
      clockJumped: (byUs) => {
        this.#knowledge.redate(byUs);
        this.#syncedAt = Math.min(this.#syncedAt, this.#storeClock.now());
        this.#scheduler.clockJumped();
      },
      lost: (loss) => this.#storeLost(loss),
      back: () => this.#storeBack(),
      trial: async (store, notAfter) => await this.#membership.command(store, notAfter),
    });
  }

  #createModeKeeper(): ModeKeeper {
    return new ModeKeeper(this.#options, {
      inTouch: () => this.#link.available && this.#follower.synced,
      now: () => this.#storeClock.now(),
      problem: () => this.#link.loss?.message ?? 'no answer yet',
      changed: (mode) => {
        this.#knowledge.sharing = mode !== 'fallback';
        this.#announcer.emit({ kind: 'mode-changed', mode });
        this.#allChanged();
      },
    });
  }

  #settled(target: TargetId): void {
    this.#changed(target);
    if (this.#runner.idle && this.#publisher.idle) this.#lines.finished();
  }

  // What the store says

  #synced(dataLost: boolean): void {
    if (this.#stopping) return;
    this.#syncedAt ||= this.#storeClock.now();
    this.#holds.synced();
    for (const target of this.#options.targets) {
      const facts = this.#view.record(target.id)?.facts;
      if (facts !== undefined) this.#doubts.fleetSaw(target.id, facts);
    }
    const parts = { ...this.#shown, publisher: this.#publisher };
    if (dataLost) bringBackLost(parts);
    bringBackOwn(parts);
    this.#mode.synced();
    this.#accounts.synced();
    this.#allChanged();
  }

  #storeLost(loss: StoreLoss): void {
    this.#follower.storeLost();
    this.#options.logger.debug(`The store does not answer: ${loss.code}: ${loss.message}`);
    this.#mode.storeLost();
    this.#scheduler.planAll();
  }

  #storeBack(): void {
    this.#membership.beat();
    this.#follower.storeBack();
  }

  // What changed

  #selfJudged(impaired: boolean): void {
    const { logger, pod } = this.#options;
    if (impaired) {
      logger.warn(`Pod ${pod} is impaired: it fails where other pods succeed; it stops probing for the fleet`);
    } else logger.info(`Pod ${pod} is no longer impaired`);
    this.#membership.impaired = impaired;
    this.#scheduler.planAll();
  }

  #allChanged(): void {
    for (const { id } of this.#options.targets) this.#changed(id);
  }

  #held(place: HoldPlace): void {
    tellOfHold(this.#shown, { announcer: this.#announcer, scheduler: this.#scheduler }, place);
  }

  #changed(id: TargetId): void {
    const target = rosterOf(this.#options).get(id);
    if (target === undefined) return;
    this.#announcer.announce(target);
    this.#scheduler.plan(id);
    this.#checker.changed(id);
  }
}
