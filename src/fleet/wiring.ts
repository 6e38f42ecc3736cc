import type { PodId, StoreTime } from '../health/index.ts';
import { PROBING } from '../ports/index.ts';
import { BudgetLimits, FallbackHistory, PodCount, SpendMeter, SpendReader, StateKeeper } from './budget/index.ts';
import { Beliefs, SelfCheck } from './evidence/index.ts';
import { Holds } from './holds/index.ts';
import { AblePods, Heartbeat, Membership, OwnAbility } from './membership/index.ts';
import type { FleetOptions } from './options.ts';
import { Checker, Committer, Leases, Results, Runner, Scheduler, TrafficEvidence } from './probing/index.ts';
import { Sweeper } from './recovery/index.ts';
import { Replica, ReplicaLag, Replicator } from './replication/index.ts';
import { Announcer, countDeployments, LogLines, showTarget } from './reporting/index.ts';
import type { Emit } from './signals.ts';
import type { SelfCheckProbeReply } from './evidence/index.ts';
import { createStoreClock, FleetModeTracker, Incidents, StoreCircuitBreaker, SyncTimes } from './store/index.ts';
import type { ProbePermission, StoreClock } from './store/index.ts';

/** The lowest parts: state of this pod alone. */
interface LocalParts {
  readonly options: FleetOptions;
  readonly storeClock: StoreClock;
  readonly now: () => StoreTime;
  readonly syncTimes: SyncTimes;
  readonly replica: Replica;
  readonly replicaLag: ReplicaLag;
  readonly incidents: Incidents;
  readonly selfCheck: SelfCheck;
  readonly ability: OwnAbility;
  readonly heartbeat: Heartbeat;
}

/** Parts that exchange state with other pods through the store. */
interface SharedParts extends LocalParts {
  readonly circuit: StoreCircuitBreaker;
  readonly membership: Membership;
  readonly replicator: Replicator;
  readonly mode: FleetModeTracker;
  readonly permission: () => ProbePermission;
  readonly holds: Holds;
}

/** Parts that compute and report beliefs. */
interface BeliefParts extends SharedParts {
  readonly ablePods: AblePods;
  readonly beliefs: Beliefs;
  readonly announcer: Announcer;
  readonly lines: LogLines;
}

/** Parts that limit and count paid probes. */
interface BudgetParts extends BeliefParts {
  readonly budgets: BudgetLimits;
  readonly spend: SpendReader;
  readonly spendMeter: SpendMeter;
  readonly fallbackHistory: FallbackHistory;
  readonly keeper: StateKeeper;
}

/** All parts of one pod's coordinator. */
export interface Parts extends BudgetParts {
  readonly leases: Leases;
  readonly runner: Runner;
  readonly committer: Committer;
  readonly scheduler: Scheduler;
  readonly checker: Checker;
  readonly results: Results;
  readonly sweeper: Sweeper;
  readonly traffic: TrafficEvidence;
}

/** Builds the parts bottom-up: each part reads only parts below it, and reports upwards through `emit`. */
export function buildParts(options: FleetOptions, emit: Emit): Parts {
  const local = buildLocal(options, emit);
  const shared = buildShared(local, emit);
  return buildProbing(buildBudgets(buildBeliefs(shared), emit), emit);
}

function buildLocal(options: FleetOptions, emit: Emit): LocalParts {
  const storeClock = createStoreClock(options.clock);
  const now = (): StoreTime => storeClock.now();
  const syncTimes = new SyncTimes(now);
  const replica = new Replica(
    (target, stored) => emit({ kind: 'record-quarantined', target, stored }),
    () => storeClock.latest(),
  );
  const incidents = new Incidents(options, now);
  const selfCheck = new SelfCheck(options, storeClock, {
    changed: (target) => emit({ kind: 'self-check-changed', target }),
    impaired: (impaired) => emit({ kind: 'impaired-changed', impaired }),
    isPaused: () => replica.holds.inForce(PROBING, now()) !== undefined,
    requestProbe: (target) => {
      let answer: SelfCheckProbeReply = 'deferred';
      emit({ kind: 'self-check-probe-requested', target, reply: (reply) => (answer = reply) });
      return answer;
    },
  });
  const ability = new OwnAbility(options, selfCheck);
  const replicaLag = new ReplicaLag({ clock: options.clock, now, latest: () => storeClock.latest() });
  const heartbeat = new Heartbeat(
    options,
    () => ability.unable(),
    () => replicaLag.publish(),
  );
  return { options, storeClock, now, syncTimes, replica, replicaLag, incidents, selfCheck, ability, heartbeat };
}

function buildShared(local: LocalParts, emit: Emit): SharedParts {
  const { options, storeClock, now, replica, replicaLag, incidents, heartbeat } = local;
  const circuit = new StoreCircuitBreaker(options, storeClock, () => replica.appliedSeq, {
    answered: (meta, seqWhenSent) => emit({ kind: 'store-answered', meta, seqWhenSent }),
    clockJumped: (byUs) => emit({ kind: 'store-clock-jumped', byUs }),
    unreachable: (loss) => emit({ kind: 'store-unreachable', loss }),
    reachable: () => emit({ kind: 'store-reachable' }),
    testCommand: async (store, notAfter) => await heartbeat.send(store, notAfter),
  });
  const membership = new Membership(options, circuit, heartbeat, {
    changed: () => emit({ kind: 'members-changed' }),
    tick: () => emit({ kind: 'heartbeat-sent' }),
  });
  const replicator = new Replicator(options, circuit, replica, {
    applied: (event) => emit({ kind: 'event-applied', event }),
    synced: (after) => emit({ kind: 'resynced', after }),
    pods: () => Math.max(membership.members.length, options.expectedPods ?? 1),
    latest: () => storeClock.latest(),
    incidents,
    lag: replicaLag,
  });
  const mode = new FleetModeTracker(options, {
    inSync: () => circuit.available && replicator.synced,
    now,
    problem: () => circuit.loss?.message ?? 'no answer yet',
    changed: (next) => emit({ kind: 'mode-changed', mode: next }),
  });
  const holds = new Holds(options, circuit, {
    holdReplica: replica.holds,
    now,
    changed: (key) => emit({ kind: 'hold-changed', key }),
  });
  return { ...local, circuit, membership, replicator, mode, permission: () => mode.permission, holds };
}

function buildBeliefs(shared: SharedParts): BeliefParts {
  const { options, replica, storeClock, syncTimes, selfCheck, ability, membership, holds, mode } = shared;
  const ablePods = new AblePods(options, { selfCheck, membership, ability });
  const beliefs = new Beliefs(options, {
    replica,
    storeClock,
    ablePods,
    selfCheck,
    waitingSince: () =>
      holds.pause === undefined ? Math.max(syncTimes.sharedSince, holds.resumedAt) : Number.POSITIVE_INFINITY,
  });
  const shown = { ...shared, beliefs };
  const announcer = new Announcer(options, {
    beliefs,
    selfCheck,
    show: (target) => showTarget(shown, target),
    // Without the store every pod is on its own.
    warns: (by) => mode.mode !== 'shared' || membership.isReporter(by),
  });
  const lines = new LogLines(options, () => countDeployments({ options, announcer, holds }));
  return { ...shown, ablePods, announcer, lines };
}

function buildBudgets(below: BeliefParts, emit: Emit): BudgetParts {
  const { options, now, incidents, circuit, membership } = below;
  const podCount = new PodCount(options, membership);
  const changed = (): void => emit({ kind: 'saved-state-changed' });
  const budgets = new BudgetLimits(options, { now, pods: () => podCount.pods, changed });
  const spend = new SpendReader(options, circuit, (money, meta) => budgets.read(money, meta));
  const spendMeter = new SpendMeter({
    logger: options.logger,
    podsWith: (target) => membership.otherAbleIds(target).length + 1,
  });
  const fallbackHistory = new FallbackHistory(changed);
  const keeper = new StateKeeper(options, { budgets, fallbackHistory, membership, podCount, now, incidents });
  return { ...below, budgets, spend, spendMeter, fallbackHistory, keeper };
}

function buildProbing(below: BudgetParts, emit: Emit): Parts {
  const { options, storeClock, now, replica, incidents, circuit, membership, holds, beliefs, ablePods } = below;
  const { selfCheck, permission, budgets, spendMeter, announcer, fallbackHistory, syncTimes } = below;
  const changed: (target: string) => void = (target) => emit({ kind: 'target-changed', target });
  const leases = new Leases(options, circuit);
  const runner = new Runner(options, storeClock, {
    answered: (job, probe, sent) => emit({ kind: 'probe-answered', job, probe, sent }),
    inconclusive: (job, why, sent) => emit({ kind: 'probe-inconclusive', job, why, sent }),
    adaptation: (target) => beliefs.evidence(target)?.facts.adapted,
    slotFreed: () => emit({ kind: 'probe-slot-freed' }),
  });
  const committing = { replica, beliefs, leases, now, spendMeter };
  const settled = (target: string): void => emit({ kind: 'commit-settled', target });
  const committer = new Committer(options, circuit, committing, { settled });
  const planning = { replica, beliefs, ablePods, membership, budgets, holds, now };
  const claiming = { circuit, leases, runner, fallbackHistory, permission, syncTimes, announcer };
  const scheduler = new Scheduler(options, { ...planning, ...claiming });
  const checker = new Checker(options, { beliefs, scheduler, runner, budgets, spendMeter, permission, now });
  const judging = { replica, beliefs, ablePods, selfCheck, leases, runner, committer, scheduler, budgets };
  const results = new Results(options, { ...judging, permission, changed });
  const others = (): PodId[] => membership.members.map(({ pod }) => pod);
  const sweeper = new Sweeper(options, circuit, { replica, holds, membership, incidents, others, now });
  const traffic = new TrafficEvidence(options, { ...judging, membership, permission, now, changed });
  return { ...below, leases, runner, committer, scheduler, checker, results, sweeper, traffic };
}
