import type { PodId, StoreTime, TargetId } from '../health/index.ts';
import type { HoldPlace, StoreLoss } from '../ports/index.ts';
import { EligiblePods, Membership } from './membership/index.ts';
import { SpendReader, FallbackLog, BudgetLimits, StateKeeper, SpendMeter } from './budget/index.ts';
import { Announcer, countDeployments, LogLines, showTarget } from './reporting/index.ts';
import { Checker, Leases, Committer, Results, Runner, Scheduler } from './probing/index.ts';
import { SelfCheck, Beliefs } from './evidence/index.ts';
import { Replica, Replicator } from './replication/index.ts';
import { PushedEvents } from './reactions/index.ts';
import { Holds } from './holds/index.ts';
import { createStoreClock, Incidents, FleetModeTracker, StoreCircuitBreaker } from './store/index.ts';
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
  readonly permission = (): FleetModeTracker['permission'] => this.mode.permission;
  readonly others = (): PodId[] => this.membership.members.map(({ pod }) => pod);
  readonly changed = (target: TargetId): void => this.news.changed(target);

  readonly replica: Replica = new Replica(
    (target, stored) => this.announcer.setAside(target, stored),
    () => this.storeClock.latest(),
  );

  readonly incidents: Incidents = new Incidents(this.options, this.now);

  // The store, and who else is there

  readonly circuit: StoreCircuitBreaker = new StoreCircuitBreaker(
    this.options,
    this.storeClock,
    () => this.replicator.appliedSeq,
    {
      answered: (meta, seqWhenSent) => this.replicator.answered(meta, seqWhenSent),
      clockJumped: (byUs) => {
        this.replica.redate(byUs);
        this.beliefs.redate(byUs);
        this.selfCheck.redate(byUs);
        // Clocks that drift apart, or jitter, jump by milliseconds all the time: nothing that waits begins anew for that.
        if (Math.abs(byUs) < CLOCK_SET_US) return;
        this.syncedAt = Math.min(this.syncedAt, this.now());
        this.sharedSince = this.now();
        this.budgets.askAnew();
        this.holds.clockJumped();
        this.scheduler.clockJumped();
      },
      lost: (loss) => this.news.storeLost(loss),
      back: () => this.news.storeBack(),
      trial: async (store, notAfter) => await this.membership.command(store, notAfter),
    },
  );
  readonly membership: Membership = new Membership(this.options, this.circuit, {
    changed: () => {
      this.keeper.changed();
      this.news.allChanged();
    },
    tick: () => this.news.ticked(),
    unable: () => this.eligible.unable(),
  });
  readonly replicator: Replicator = new Replicator(this.options, this.circuit, this.replica, {
    applied: (event) => this.pushedEvents.hear(event),
    synced: (dataLost) => this.news.synced(dataLost),
    pods: () => Math.max(this.membership.members.length, this.options.expectedPods ?? 1),
    latest: () => this.storeClock.latest(),
    incidents: this.incidents,
  });
  readonly mode: FleetModeTracker = new FleetModeTracker(this.options, {
    inTouch: () => this.circuit.available && this.replicator.synced,
    now: this.now,
    problem: () => this.circuit.loss?.message ?? 'no answer yet',
    changed: (mode) => {
      this.beliefs.sharing = mode !== 'fallback';
      this.sharedSince = this.now();
      this.announcer.emit({ kind: 'mode-changed', mode });
      this.news.allChanged();
    },
  });

  // What is believed

  readonly holds: Holds = new Holds(this.options, this.circuit, {
    holdReplica: this.replica.holds,
    now: this.now,
    changed: (place) => this.news.held(place),
  });
  readonly selfCheck: SelfCheck = new SelfCheck(this.options, this.storeClock, {
    changed: (target) => {
      this.membership.ableChanged();
      this.news.changed(target);
    },
    impaired: (impaired) => this.news.selfJudged(impaired),
    waits: () => this.holds.pause !== undefined,
    probe: (target) => this.scheduler.probeInDoubt(target),
  });
  readonly eligible: EligiblePods = new EligiblePods(this.options, this);
  readonly waitingSince = (): StoreTime =>
    this.holds.pause === undefined ? Math.max(this.sharedSince, this.holds.resumedAt) : Infinity;
  readonly beliefs: Beliefs = new Beliefs(this.options, this);

  // Money

  readonly budgets: BudgetLimits = new BudgetLimits(this.options, {
    now: this.now,
    pods: () => this.keeper.pods,
    changed: () => this.keeper.changed(),
  });
  readonly spend: SpendReader = new SpendReader(this.options, this.circuit, (money, meta) =>
    this.budgets.read(money, meta),
  );
  readonly spendMeter: SpendMeter = new SpendMeter({
    logger: this.options.logger,
    podsKnowing: (target) => this.membership.othersKnowing(target).length + 1,
  });

  // Claim, probe, commit

  readonly leases: Leases = new Leases(this.options, this.circuit);
  readonly runner: Runner = new Runner(this.options, this.storeClock, {
    saw: (job, probe, sent) => this.results.saw(job, probe, sent),
    blind: (job, why, sent) => this.results.blind(job, why, sent),
    learnt: (target) => this.beliefs.evidence(target)?.facts.adapted,
    freed: () => this.scheduler.slotFreed(),
  });
  readonly committer: Committer = new Committer(this.options, this.circuit, this, this.news);
  readonly alone: FallbackLog = new FallbackLog(() => this.keeper.changed());
  readonly keeper: StateKeeper = new StateKeeper(this.options, this);
  readonly scheduler: Scheduler = new Scheduler(this.options, this);
  readonly checker: Checker = new Checker(this.options, this);
  readonly results: Results = new Results(this.options, this);
  readonly sweeper: Sweeper = new Sweeper(this.options, this.circuit, this);

  // What is shown and said

  readonly announcer: Announcer = new Announcer(this.options, {
    beliefs: this.beliefs,
    selfCheck: this.selfCheck,
    show: (target) => showTarget(this, target),
  });
  readonly lines: LogLines = new LogLines(this.options, () => countDeployments(this));
  readonly pushedEvents: PushedEvents = new PushedEvents(this.options, this);
}
