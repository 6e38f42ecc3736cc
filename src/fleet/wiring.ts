import type { PodId, StoreTime, TargetId } from '../health/index.ts';
import type { HoldPlace, StoreLoss } from '../ports/index.ts';
import { Able, Membership } from './membership/index.ts';
import { Accounts, AloneLog, Purse, StateKeeper, Till } from './budget/index.ts';
import { Announcer, countDeployments, LogLines, showTarget } from './reporting/index.ts';
import { Checker, Leases, Publisher, Results, Runner, Scheduler } from './probing/index.ts';
import { Doubts, Knowledge } from './evidence/index.ts';
import { FleetView, Follower } from './replication/index.ts';
import { Hearing } from './reactions/index.ts';
import { Holds } from './holds/index.ts';
import { createStoreClock, Incidents, ModeKeeper, StoreLink } from './store/index.ts';
import type { FleetOptions } from './options.ts';
import type { ShownParts } from './reporting/index.ts';
import type { StoreClock } from './store/index.ts';
import { Sweeper } from './recovery/index.ts';

/** The store's clock was set, or the store is another one, where it jumps by more than this. */
const CLOCK_SET_US = 1_000_000;

/** What the parts report to the coordinator, which answers by moving other parts. */
export interface PartsNews {
  /** What is believed of one target, or of its next probe, may be another. */
  changed(target: TargetId): void;
  allChanged(): void;
  /** Time has passed: any verdict may be another one now. */
  ticked(): void;
  held(place: HoldPlace): void;
  settled(target: TargetId): void;
  selfJudged(impaired: boolean): void;
  synced(dataLost: boolean): void;
  storeLost(loss: StoreLoss): void;
  storeBack(): void;
}

/** Set before the fields of the class below are made, which is what it is for. */
class Given {
  readonly options: FleetOptions;
  readonly news: PartsNews;

  constructor(options: FleetOptions, news: PartsNews) {
    this.options = options;
    this.news = news;
  }
}

/**
 * All parts of one pod's coordinator, and what each is told of the others. A part takes from here what it reads, when it
 * acts and not when it is made: the parts below it are not there yet.
 */
export class FleetParts extends Given implements ShownParts {
  /** When all that the store knows was first read, by its clock; 0 before that. */
  syncedAt: StoreTime = 0;
  /** Since when this pod has shared without a break, and without a jump of the store's clock. */
  sharedSince: StoreTime = 0;

  readonly storeClock: StoreClock = createStoreClock(this.options.clock);
  readonly now = (): StoreTime => this.storeClock.now();
  readonly footing = (): ModeKeeper['footing'] => this.mode.footing;
  readonly others = (): PodId[] => this.membership.members.map(({ pod }) => pod);
  readonly changed = (target: TargetId): void => this.news.changed(target);

  readonly view: FleetView = new FleetView(
    (target, stored) => this.announcer.setAside(target, stored),
    () => this.storeClock.latest(),
  );

  readonly incidents: Incidents = new Incidents(this.options, this.now);

  // The store, and who else is there

  readonly link: StoreLink = new StoreLink(this.options, this.storeClock, () => this.follower.appliedSeq, {
    answered: (meta, seqWhenSent) => this.follower.answered(meta, seqWhenSent),
    clockJumped: (byUs) => {
      this.view.redate(byUs);
      this.knowledge.redate(byUs);
      this.doubts.redate(byUs);
      // Clocks that drift apart, or jitter, jump by milliseconds all the time: nothing that waits begins anew for that.
      if (Math.abs(byUs) < CLOCK_SET_US) return;
      this.syncedAt = Math.min(this.syncedAt, this.now());
      this.sharedSince = this.now();
      this.purse.askAnew();
      this.holds.clockJumped();
      this.scheduler.clockJumped();
    },
    lost: (loss) => this.news.storeLost(loss),
    back: () => this.news.storeBack(),
    trial: async (store, notAfter) => await this.membership.command(store, notAfter),
  });
  readonly membership: Membership = new Membership(this.options, this.link, {
    changed: () => {
      this.keeper.changed();
      this.news.allChanged();
    },
    tick: () => this.news.ticked(),
    unable: () => this.able.unable(),
  });
  readonly follower: Follower = new Follower(this.options, this.link, this.view, {
    applied: (event) => this.hearing.hear(event),
    synced: (dataLost) => this.news.synced(dataLost),
    pods: () => Math.max(this.membership.members.length, this.options.expectedPods ?? 1),
    latest: () => this.storeClock.latest(),
    incidents: this.incidents,
  });
  readonly mode: ModeKeeper = new ModeKeeper(this.options, {
    inTouch: () => this.link.available && this.follower.synced,
    now: this.now,
    problem: () => this.link.loss?.message ?? 'no answer yet',
    changed: (mode) => {
      this.knowledge.sharing = mode !== 'fallback';
      this.sharedSince = this.now();
      this.announcer.emit({ kind: 'mode-changed', mode });
      this.news.allChanged();
    },
  });

  // What is believed

  readonly holds: Holds = new Holds(this.options, this.link, {
    book: this.view.holds,
    now: this.now,
    changed: (place) => this.news.held(place),
  });
  readonly doubts: Doubts = new Doubts(this.options, this.storeClock, {
    changed: (target) => {
      this.membership.ableChanged();
      this.news.changed(target);
    },
    impaired: (impaired) => this.news.selfJudged(impaired),
    waits: () => this.holds.pause !== undefined,
    probe: (target) => this.scheduler.probeInDoubt(target),
  });
  readonly able: Able = new Able(this.options, this);
  readonly waitingSince = (): StoreTime =>
    this.holds.pause === undefined ? Math.max(this.sharedSince, this.holds.resumedAt) : Infinity;
  readonly knowledge: Knowledge = new Knowledge(this.options, this);

  // Money

  readonly purse: Purse = new Purse(this.options, {
    now: this.now,
    pods: () => this.keeper.pods,
    changed: () => this.keeper.changed(),
  });
  readonly accounts: Accounts = new Accounts(this.options, this.link, (money, meta) => this.purse.read(money, meta));
  readonly till: Till = new Till({
    logger: this.options.logger,
    podsKnowing: (target) => this.membership.othersKnowing(target).length + 1,
  });

  // Claim, probe, commit

  readonly leases: Leases = new Leases(this.options, this.link);
  readonly runner: Runner = new Runner(this.options, this.storeClock, {
    saw: (job, probe, sent) => this.results.saw(job, probe, sent),
    blind: (job, why, sent) => this.results.blind(job, why, sent),
    learnt: (target) => this.knowledge.evidence(target)?.facts.adapted,
    freed: () => this.scheduler.slotFreed(),
  });
  readonly publisher: Publisher = new Publisher(this.options, this.link, this, this.news);
  readonly alone: AloneLog = new AloneLog(() => this.keeper.changed());
  readonly keeper: StateKeeper = new StateKeeper(this.options, this);
  readonly scheduler: Scheduler = new Scheduler(this.options, this);
  readonly checker: Checker = new Checker(this.options, this);
  readonly results: Results = new Results(this.options, this);
  readonly sweeper: Sweeper = new Sweeper(this.options, this.link, this);

  // What is shown and said

  readonly announcer: Announcer = new Announcer(this.options, {
    knowledge: this.knowledge,
    doubts: this.doubts,
    show: (target) => showTarget(this, target),
  });
  readonly lines: LogLines = new LogLines(this.options, () => countDeployments(this));
  readonly hearing: Hearing = new Hearing(this.options, this);
}
