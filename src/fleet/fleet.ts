import type { LastProbe, State, StoreTime, TargetId } from '../health/index.ts';
import type {
  FleetChange,
  FleetChecker,
  FleetMode,
  FleetReader,
  FleetStatus,
  StoreLoss,
  TargetView,
  Timer,
} from '../ports/index.ts';
import { Checker } from './checker.ts';
import { Doubts } from './doubts.ts';
import { Follower } from './follower.ts';
import { Knowledge } from './knowledge.ts';
import { Leases } from './leases.ts';
import { StoreLink } from './link.ts';
import { LogLines } from './log-lines.ts';
import { Membership } from './membership.ts';
import type { FleetOptions, FleetTarget } from './options.ts';
import { Publisher } from './publisher.ts';
import { rankOf } from './rank.ts';
import { Runner } from './runner.ts';
import type { Job } from './runner.ts';
import { Scheduler } from './scheduler.ts';
import type { Footing } from './scheduler.ts';
import { createStoreClock } from './store-clock.ts';
import type { StoreClock } from './store-clock.ts';
import { Sweeper } from './sweeper.ts';
import { FleetView } from './view.ts';

const MAX_GRACE_MS = 5_000;
const DRAIN_STEP_MS = 20;

/** One pod's part in the fleet: probes its share, knows all of it. */
export interface Fleet extends FleetReader, FleetChecker {
  /** Begins; returns at once, whether or not the store answers. */
  start(): void;
  /** Ends within the drain time: running probes finish and are committed, the rest is given back. */
  stop(): Promise<void>;
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
  return new Coordinator(options);
}

class Coordinator implements Fleet {
  readonly #options: FleetOptions;
  readonly #targets: ReadonlyMap<TargetId, FleetTarget>;
  readonly #storeClock: StoreClock;
  readonly #view = new FleetView();
  readonly #link: StoreLink;
  readonly #membership: Membership;
  readonly #follower: Follower;
  readonly #doubts: Doubts;
  readonly #knowledge: Knowledge;
  readonly #leases: Leases;
  readonly #runner: Runner;
  readonly #publisher: Publisher;
  readonly #scheduler: Scheduler;
  readonly #checker: Checker;
  readonly #sweeper: Sweeper;
  readonly #lines: LogLines;
  readonly #listeners = new Set<(change: FleetChange) => void>();
  readonly #states = new Map<TargetId, State>();
  readonly #told = new Set<TargetId>();
  #mode: FleetMode;
  #modeSince: StoreTime = 0;
  #graceTimer: Timer | undefined;
  #syncedAt: StoreTime = 0;
  #stopping = false;

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#mode = options.sharing;
    this.#targets = new Map(options.targets.map((target) => [target.id, target]));
    this.#storeClock = createStoreClock(options.clock);
    const now = (): StoreTime => this.#storeClock.now();
    const view = this.#view;
    this.#link = new StoreLink(options, this.#storeClock, () => this.#follower.appliedSeq, {
      answered: (meta, seqWhenSent) => this.#follower.answered(meta, seqWhenSent),
      clockJumped: (byUs) => this.#knowledge.redate(byUs),
      lost: (loss) => this.#storeLost(loss),
      back: () => void this.#storeBack(),
    });
    const link = this.#link;
    this.#membership = new Membership(options, link, {
      changed: () => this.#allChanged(),
      tick: () => this.#announceAll(),
    });
    this.#doubts = new Doubts(options, this.#storeClock, {
      changed: (target) => this.#changed(target),
      impaired: (impaired) => this.#selfJudged(impaired),
    });
    this.#knowledge = new Knowledge(options, {
      view,
      storeClock: this.#storeClock,
      membership: this.#membership,
      doubts: this.#doubts,
    });
    this.#leases = new Leases(options, link);
    this.#runner = new Runner(options, this.#storeClock, {
      saw: (job, probe) => this.#saw(job, probe),
      blind: (job, why) => this.#blind(job, why),
      freed: () => this.#scheduler.slotFreed(),
    });
    this.#publisher = new Publisher(
      options,
      link,
      { view, knowledge: this.#knowledge, leases: this.#leases, now },
      {
        settled: (target) => this.#settled(target),
      },
    );
    this.#follower = new Follower(options, link, view, {
      applied: (event) => this.#applied(event),
      synced: (dataLost) => this.#synced(dataLost),
    });
    const footing = (): Footing => this.#footing();
    const planning = { view, knowledge: this.#knowledge, membership: this.#membership, now };
    this.#scheduler = new Scheduler(options, {
      ...planning,
      link,
      leases: this.#leases,
      runner: this.#runner,
      doubts: this.#doubts,
      footing,
      syncedAt: () => this.#syncedAt,
    });
    this.#checker = new Checker(options, {
      knowledge: this.#knowledge,
      scheduler: this.#scheduler,
      runner: this.#runner,
      footing,
      now,
    });
    this.#sweeper = new Sweeper(options, link, {
      view,
      others: () => this.#membership.members.map(({ pod }) => pod),
      now,
    });
    this.#lines = new LogLines(options, () => this.#counts());
  }

  start(): void {
    this.#modeSince = this.#storeClock.now();
    this.#lines.started();
    this.#awaitStore();
    this.#membership.beat();
    this.#follower.start();
    this.#sweeper.start();
  }

  async stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#scheduler.stop();
    this.#graceTimer?.cancel();
    this.#sweeper.stop();
    const idle = (): boolean => this.#runner.idle && this.#publisher.idle;
    await this.#waitFor(() => this.#runner.idle, this.#options.drainMs);
    this.#runner.abort();
    this.#publisher.flush();
    await this.#waitFor(idle, 1_000);
    await this.#leases.release(this.#options.targets.map(({ id }) => id));
    await this.#membership.leave();
    this.#leases.stop();
    this.#doubts.stop();
    this.#link.stop();
    await this.#follower.stop();
  }

  async check(targets: readonly TargetId[], signal: AbortSignal): Promise<void> {
    await this.#checker.check(targets, signal);
  }

  target(id: TargetId): TargetView | undefined {
    const target = this.#targets.get(id);
    return target === undefined ? undefined : this.#viewOf(target);
  }

  targets(): readonly TargetView[] {
    return this.#options.targets.map((target) => this.#viewOf(target));
  }

  onChange(listener: (change: FleetChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  status(): FleetStatus {
    const now = this.#storeClock.now();
    const leases = this.#view.liveLeases(now).toSorted((a, b) => b.grant - a.grant);
    const { loss, available } = this.#link;
    return {
      pod: this.#options.pod,
      fleet: this.#options.fleet,
      mode: this.#mode,
      modeSince: this.#modeSince,
      storeAvailable: available,
      storeProblem: available ? null : (loss?.message ?? 'the store has not answered yet'),
      epoch: this.#view.epoch,
      seq: this.#follower.appliedSeq,
      now,
      members: this.#membership.members,
      leases: leases.map(({ target, pod, until }) => ({ target, pod, until })),
      leaseOwner: leases[0]?.pod ?? null,
      lastCommitBy: this.#view.lastCommitBy,
      impaired: this.#doubts.impaired,
      quarantined: this.#view.quarantined().map(({ target }) => target),
    };
  }

  #viewOf(target: FleetTarget): TargetView {
    const evidence = this.#knowledge.evidence(target.id);
    const { state, stale, why, localOnly, since } = this.#knowledge.belief(target);
    const lease = this.#view.lease(target.id, this.#storeClock.now());
    return {
      id: target.id,
      state,
      stale,
      why,
      localOnly,
      since,
      evidenceAt: evidence?.evidenceAt ?? null,
      ageMs: evidence === undefined ? null : this.#knowledge.ageMs(evidence.evidenceAt),
      nextDueAt: evidence === undefined ? null : this.#knowledge.next(target, evidence).dueAt,
      version: this.#view.record(target.id)?.version ?? 0,
      facts: evidence?.facts ?? null,
      lease: lease === undefined ? null : { pod: lease.pod, until: lease.until },
    };
  }

  #footing(): Footing {
    if (this.#stopping) return 'wait';
    if (this.#mode === 'fallback') return 'alone';
    return this.#link.available && this.#follower.synced ? 'shared' : 'wait';
  }

  // A probe's result

  #saw(job: Job, probe: LastProbe): void {
    const { target } = job;
    this.#doubts.ownProbe(target.id, probe);
    const granted = this.#leases.isHeld(target.id);
    if (!granted && this.#footing() !== 'shared') {
      // Without the store a free look may lower what this pod believes, never raise or refresh it.
      if (!probe.ok || probe.level === target.level) this.#knowledge.keepOwn(target, probe);
      this.#changed(target.id);
      return;
    }
    const before = this.#knowledge.evidence(target.id);
    const after = this.#knowledge.after(target, probe);
    const news =
      before === undefined || !probe.ok || job.reason !== 'scheduled' || before.facts.run.kind !== after.facts.run.kind;
    this.#publisher.publish(target, probe, news || this.#stopping ? 'news' : 'refresh');
  }

  #blind({ target }: Job, why: string): void {
    this.#options.logger.debug(`Could not probe ${target.name}: ${why}`, { target: target.id });
    void this.#leases.release([target.id]);
    this.#view.endLease(target.id, Number.MAX_SAFE_INTEGER);
    this.#scheduler.rest(target.id);
    this.#checker.changed(target.id);
  }

  #settled(target: TargetId): void {
    this.#changed(target);
    if (this.#runner.idle && this.#publisher.idle) this.#lines.finished();
  }

  // What the store says

  #applied(event: Parameters<ConstructorParameters<typeof Follower>[3]['applied']>[0]): void {
    if (event.kind === 'lease') {
      for (const { target } of event.leases) this.#scheduler.plan(target);
      if (event.pod === this.#options.pod) this.#lines.claimed();
      return;
    }
    if (event.kind === 'forget') {
      for (const target of event.targets) this.#changed(target);
      return;
    }
    for (const { target, stored } of event.records) {
      if (stored.kind === 'record' && this.#targets.has(target)) this.#heard(target, stored.record.facts.lastProbe);
      this.#changed(target);
    }
  }

  /** Propagation counts where it matters: when another pod's evidence changes what this pod believes. */
  #heard(target: TargetId, probe: LastProbe): void {
    const known = this.#targets.get(target);
    if (known === undefined) return;
    const facts = this.#view.record(target)?.facts;
    if (facts !== undefined) this.#doubts.fleetSaw(target, facts);
    if (this.#knowledge.belief(known).state !== this.#states.get(target)) {
      this.#options.metrics.propagated(Math.max(0, (this.#storeClock.now() - probe.answeredAt) / 1000));
    }
  }

  #synced(dataLost: boolean): void {
    if (this.#stopping) return;
    this.#syncedAt ||= this.#storeClock.now();
    this.#tellQuarantined();
    for (const target of this.#options.targets) {
      const facts = this.#view.record(target.id)?.facts;
      if (facts !== undefined) this.#doubts.fleetSaw(target.id, facts);
    }
    if (dataLost) this.#offerLost();
    this.#offerOwn();
    this.#setMode(this.#options.sharing, 'the store answers');
    this.#allChanged();
  }

  #storeLost(loss: StoreLoss): void {
    this.#follower.storeLost();
    this.#options.logger.debug(`The store does not answer: ${loss.code}: ${loss.message}`);
    this.#awaitStore();
    this.#scheduler.planAll();
  }

  /** Falls back unless the store answers, and its records were read, within the grace. */
  #awaitStore(): void {
    const shortest = Math.min(...this.#options.targets.map(({ intervalMs }) => intervalMs), 4 * MAX_GRACE_MS);
    this.#graceTimer ??= this.#options.clock.setTimer(Math.min(MAX_GRACE_MS, shortest / 4), () => {
      this.#graceTimer = undefined;
      if (this.#stopping || (this.#link.available && this.#follower.synced)) return;
      this.#setMode('fallback', this.#link.loss?.message ?? 'no answer yet');
      this.#allChanged();
    });
  }

  async #storeBack(): Promise<void> {
    await this.#leases.reconcile();
    await this.#follower.resync('the store is back');
  }

  /** After a loss of data the two pods that come first for a target bring back what is known of it. */
  #offerLost(): void {
    for (const [id, record] of this.#view.takeLost()) {
      const target = this.#targets.get(id);
      if (target === undefined || rankOf(id, this.#options.pod, this.#membership.othersKnowing(id)) > 1) continue;
      this.#publisher.offer(target, record);
    }
    this.#publisher.flush();
  }

  #offerOwn(): void {
    for (const { target, facts } of this.#knowledge.own()) {
      if (!this.#doubts.impaired) this.#publisher.publish(target, facts.lastProbe, 'refresh');
    }
    this.#publisher.flush();
  }

  #tellQuarantined(): void {
    const found = this.#view.quarantined();
    for (const { target, stored } of found) {
      if (this.#told.has(target)) continue;
      this.#told.add(target);
      const shown = stored.kind === 'garbage' ? `does not parse: ${stored.shown}` : 'was written by a newer version';
      this.#options.logger.warn(`Set aside the record of ${this.#targets.get(target)?.name ?? target}: it ${shown}`, {
        target,
      });
    }
    const still = new Set(found.map(({ target }) => target));
    for (const target of this.#told) if (!still.has(target)) this.#told.delete(target);
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

  #setMode(mode: FleetMode, why: string): void {
    this.#knowledge.sharing = mode !== 'fallback';
    if (mode === this.#mode) return;
    const wasFallback = this.#mode === 'fallback';
    this.#mode = mode;
    this.#modeSince = this.#storeClock.now();
    if (wasFallback) this.#options.logger.info(`Sharing health again: ${why}`);
    else this.#options.logger.warn(`Falling back to local health checks, the store is lost: ${why}`);
    this.#emit({ kind: 'mode-changed', mode });
  }

  #allChanged(): void {
    for (const id of this.#targets.keys()) this.#changed(id);
  }

  #announceAll(): void {
    for (const target of this.#options.targets) this.#announce(target);
  }

  #changed(id: TargetId): void {
    const target = this.#targets.get(id);
    if (target === undefined) return;
    this.#announce(target);
    this.#scheduler.plan(id);
    this.#checker.changed(id);
    this.#emit({ kind: 'probed', target: id });
  }

  #announce(target: FleetTarget): void {
    const from = this.#states.get(target.id) ?? 'unknown';
    const { state: to, why } = this.#knowledge.belief(target);
    if (from === to) return;
    this.#states.set(target.id, to);
    this.#options.logger.info(`${target.name} is ${to} (was ${from}): ${why}`, { target: target.id, from, to });
    this.#emit({ kind: 'verdict-changed', target: target.id, from, to, view: this.#viewOf(target) });
  }

  #emit(change: FleetChange): void {
    for (const listener of this.#listeners) listener(change);
  }

  #counts(): { healthy: number; unhealthy: number } {
    let [healthy, unhealthy] = [0, 0];
    for (const target of this.#options.targets) {
      const { state } = this.#knowledge.belief(target);
      if (state === 'down') unhealthy += target.deployments;
      else if (state !== 'unknown') healthy += target.deployments;
    }
    return { healthy, unhealthy };
  }

  async #waitFor(condition: () => boolean, withinMs: number): Promise<void> {
    const { clock } = this.#options;
    const deadlineMs = clock.monotonicMs() + withinMs;
    while (!condition() && clock.monotonicMs() < deadlineMs) {
      // oxlint-disable-next-line no-await-in-loop -- a bounded wait for running probes
      await new Promise<void>((resolve) => {
        clock.setTimer(DRAIN_STEP_MS, resolve);
      });
    }
  }
}
