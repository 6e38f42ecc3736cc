import { isProbedRarely } from '../../src/health/index.ts';
import type { Level, PodId, TargetId } from '../../src/health/index.ts';
import type { Budget, FleetStore, Logger } from '../../src/ports/index.ts';
import { memoryFleet } from '../../src/store/memory/index.ts';
import type { MemoryFleet } from '../../src/store/memory/index.ts';
import { makeDeploys } from './deploys.ts';
import type { Deploy } from './deploys.ts';
import { LONGEST_BACKOFF } from './invariants/probe-coverage.ts';
import type { ClockState } from './invariants/probe-coverage.ts';
import { createHistories } from './histories.ts';
import type { Histories } from './histories.ts';
import { checkNeverFailed } from './invariants/agreement.ts';
import { LATE_MS, runLate } from './invariants/late-scripts.ts';
import { seededRandom } from './seeded-random.ts';
import type { SeededRandom } from './seeded-random.ts';
import { simPod } from './sim-pod.ts';
import type { PodOverrides, SimPod } from './sim-pod.ts';
import { simStore } from './sim-store.ts';
import type { StoreFaults } from './sim-store.ts';
import { scheduleOutages } from './sim-upstream.ts';
import type { Truth } from './sim-upstream.ts';
import { watchedStore } from './store-watch.ts';
import { FaultTimes } from './fault-times.ts';
import { VirtualTime } from './virtual-time.ts';

/** A pod in self-check makes an unbilled check at least every 80 s, and a probe of its own within 16 intervals. */
const LONGEST_SELF_CHECK_MS = 100_000;
const OWN_PROBE_INTERVALS = 16;
const START_MS = 1_800_000_000_000;
/** While the store hangs, pods use an estimate of its clock that may be outdated. */
const UNCERTAIN_CLOCK_MS = 60_000;

/** Changes a pod's store commands as a bug in the product would. */
export type PlantedBug = (store: FleetStore, world: World) => FleetStore;

export interface WorldOptions {
  readonly seed: number;
  readonly pods: number;
  readonly targets: number;
  readonly planted?: PlantedBug;
  /** Limits paid probes. */
  readonly budget?: Budget;
  readonly log?: (line: string) => void;
  /** Called as a pod's probe begins. */
  readonly probed?: (probe: { readonly pod: SimPod; readonly target: TargetId; readonly level: Level }) => void;
  /** Absent: `targets` targets that fail and recover at random. */
  readonly truths?: readonly Truth[];
  /** Absent: in some worlds operators set holds. */
  readonly operators?: 'none';
}

/** Pods, store, upstreams and time, all derived from one seed. */
export class World {
  readonly options: WorldOptions;
  readonly time: VirtualTime = new VirtualTime();
  readonly random: SeededRandom;
  readonly memory: MemoryFleet;
  readonly storeFaults: StoreFaults = { down: false, hung: false, lostReplies: 0, refuses: undefined, waiting: [] };
  readonly truths: Map<TargetId, Truth> = new Map<TargetId, Truth>();
  readonly pods: Set<SimPod> = new Set<SimPod>();
  readonly deploys: readonly [Deploy, Deploy];
  readonly faultTimes: FaultTimes;
  readonly histories: Histories;
  /** How often each fault occurred, and how often each check applied. */
  readonly occurred: Map<string, number> = new Map<string, number>();
  readonly checked: Map<string, number> = new Map<string, number>();
  lastHealedMs: number = Number.NEGATIVE_INFINITY;
  /** When a pod last waited for the end of a pause. */
  pausedAtMs: number = Number.NEGATIVE_INFINITY;
  #started = 0;
  #storeOffsetMs = 0;
  #furthestMs = 0;
  #setBackMs = 0;
  #clockErrorMs = 0;
  #violation: Error | undefined;

  constructor(options: WorldOptions) {
    this.options = options;
    this.random = seededRandom(options.seed);
    this.memory = memoryFleet({ clockUs: () => this.storeNow(), schedule: (deliver) => deliver() });
    this.faultTimes = new FaultTimes(() => this.time.now);
    this.histories = createHistories({
      nowMs: () => this.time.now,
      storeNowUs: () => this.storeNow(),
      clockErrorMs: () => this.#clockErrorMs,
      checked: this.check,
      budget: options.budget ?? {},
      holdTexts: () => this.memory.texts('holds'),
    });
    for (const truth of options.truths ?? []) this.truths.set(truth.id, truth);
    if (options.truths === undefined) for (let i = 0; i < options.targets; i += 1) this.#addTruth();
    this.deploys = makeDeploys(this.random, [...this.truths.keys()], options.budget);
  }

  /** The store's clock, us. */
  storeNow(): number {
    return Math.floor((START_MS + this.time.now + this.#storeOffsetMs) * 1000);
  }

  /** The steps of the store's clock so far. */
  clockState(): ClockState {
    const aheadMs = Math.max(0, this.#furthestMs - this.time.now - this.#storeOffsetMs);
    return { aheadMs, setBackMs: this.#setBackMs };
  }

  stepStoreClock(byMs: number): void {
    this.#furthestMs = Math.max(this.#furthestMs, this.time.now + this.#storeOffsetMs);
    this.#storeOffsetMs += byMs;
    this.#setBackMs += Math.max(0, -byMs);
    this.#clockErrorMs += Math.abs(byMs);
    this.histories.reset();
  }

  /** Counts a fault. */
  note(fault: string): void {
    count(this.occurred, fault);
    this.options.log?.(`${Math.round(this.time.now)} fault: ${fault}`);
  }

  /** Counts a check that applied. */
  readonly check = (name: string): void => count(this.checked, name);

  /** Repairs the path of a sick pod, which detects that after some time. */
  heal(pod: SimPod): void {
    const { path } = pod;
    if (path.kind !== 'broken') return;
    this.note('sick pod healed');
    this.lastHealedMs = this.time.now;
    const backOffMs = isProbedRarely(path.failure.class) ? LONGEST_BACKOFF * pod.deploy.intervalMs : 0;
    const selfCheckMs = LONGEST_SELF_CHECK_MS + OWN_PROBE_INTERVALS * pod.deploy.intervalMs;
    pod.recovering = { sinceMs: this.time.now, forMs: Math.max(selfCheckMs, backOffMs) };
    pod.path = { kind: 'open' };
  }

  /** The pod is not sick, and after a repair it had time, store and probes to detect recovery. */
  isReliable(pod: SimPod): boolean {
    if (pod.path.kind === 'broken') return false;
    if (pod.recovering === undefined) return true;
    const { sinceMs, forMs } = pod.recovering;
    const since = this.time.now - Math.max(sinceMs, this.pausedAtMs);
    if (Math.min(since, this.faultTimes.quietForMs(['store', 'pod'])) < forMs) return false;
    pod.recovering = undefined;
    return true;
  }

  startPod(deploy: Deploy, overrides?: PodOverrides): SimPod {
    this.#started += 1;
    const random = this.random.fork();
    const pod = simPod({
      number: this.#started,
      deploy,
      overrides,
      time: this.time,
      random,
      truths: this.truths,
      store: (clock, storeFaults) =>
        simStore(this.#handles(), {
          time: this.time,
          clock,
          random,
          store: this.storeFaults,
          pod: storeFaults,
          occurred: (fault) => this.note(fault),
          sent: (command) => this.#sent(pod, command),
          late: (sentAgoMs, command) => this.#late(sentAgoMs, command),
        }),
      logger: (id) => this.#logger(id),
      probeStarted: (one, target, level) => this.#probeStarted(one, target, level),
      probeEnded: (one, { target, level, startMs, outcome }) => {
        this.histories.ages.probeEnded(one.id, { target, level, startMs });
        if (level !== 'inference') return;
        if (outcome.kind !== 'no-evidence') this.histories.probeCoverage.probed(target, this.clockState());
      },
    });
    pod.fleet.onChange((change) => {
      if (change.kind === 'verdict-changed' && this.pods.has(pod)) this.guard(() => this.#observe(pod, change.target));
    });
    this.pods.add(pod);
    pod.fleet.start();
    return pod;
  }

  /** Runs until the given time; throws the first violation. */
  async run(untilMs: number): Promise<void> {
    const check = (): void => {
      if (this.#violation !== undefined) throw this.#violation;
    };
    await this.time.runUntil(untilMs, check);
    check();
  }

  /** Runs a check inside a callback of the product, into which it must not throw. */
  guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.#violation ??= error instanceof Error ? error : new Error(String(error));
    }
  }

  #sent({ id, deploy: { intervalMs, targets } }: SimPod, command: string): void {
    const quietMs = this.faultTimes.quietForMs(['store', 'pod']);
    this.guard(() => this.histories.commands.sent({ pod: id, intervalMs, targets: targets.length, quietMs }, command));
  }

  #observe(pod: SimPod, target: TargetId): void {
    const view = pod.fleet.target(target);
    if (view === undefined) return;
    this.histories.ages.shown(pod.id, pod.deploy.level, view);
    if (this.truths.get(target)?.neverFails !== true || !this.isReliable(pod)) return;
    const proxied = [...this.pods].some(({ path }) => path.kind === 'broken' && path.failure.class !== 'network');
    checkNeverFailed(pod.id, view, proxied ? 'a proxy answers for it' : 'no proxy', this.check);
  }

  #probeStarted(pod: SimPod, target: TargetId, level: Level): void {
    this.options.probed?.({ pod, target, level });
    // A pod in self-check makes unbilled checks, which need no lease.
    const asked = pod.deploy.targets.find(({ id }) => id === target)?.level;
    if (level === 'connect') return;
    this.histories.newestStart.set(target, this.time.now);
    if (level === 'models' && asked === 'inference') return;
    const { mode, members } = pod.fleet.status();
    if (level === 'inference') {
      const by = mode === 'shared' ? 'store' : 'share';
      this.guard(() => this.histories.budget.started(pod.id, by, Math.max(1, members.length)));
    }
    // A pod without the store cannot have a lease.
    if (mode !== 'shared') {
      // On-demand checks are allowed during a pause; without the store they cannot be told apart from scheduled ones.
      if (pod.callers.size === 0) this.guard(() => this.histories.holds.probedWithoutStore(pod));
      return;
    }
    this.guard(() => this.histories.leases.probeStarted(pod.id, target));
  }

  /** The memory fleet with recorded commands, changed by the planted bug. */
  #handles(): MemoryFleet {
    const { planted } = this.options;
    const open = (): FleetStore =>
      watchedStore(this.memory.open(), {
        ...this.histories,
        texts: () => this.memory.texts('records'),
        guard: (check) => this.guard(check),
      });
    return { ...this.memory, open: planted === undefined ? open : () => planted(open(), this) };
  }

  #late<T>(sentAgoMs: number, command: () => T): T {
    if (sentAgoMs <= LATE_MS || this.histories.records.resetAgoMs() < UNCERTAIN_CLOCK_MS) return command();
    const texts = (): ReadonlyMap<string, string>[] =>
      (['records', 'leases', 'pods'] as const).map((key) => this.memory.texts(key));
    let answer: { readonly value: T } | undefined;
    this.guard(() =>
      runLate(
        () => {
          answer = { value: command() };
        },
        texts,
        this.check,
      ),
    );
    if (answer === undefined) throw new Error('a command of the memory store threw');
    return answer.value;
  }

  #logger(pod: PodId): Logger {
    const { log } = this.options;
    const write = (level: string) => (message: string) =>
      log?.(`${Math.round(this.time.now)} ${pod} ${level} ${message}`);
    return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  }

  #addTruth(): void {
    const id = Array.from({ length: 24 }, () => Math.floor(this.random.next() * 16).toString(16)).join('');
    const truth: Truth = {
      id,
      neverFails: this.random.chance(0.3),
      failure: undefined,
      tookMs: this.random.between(20, 1_500),
      frozen: false,
    };
    this.truths.set(id, truth);
    scheduleOutages(this.time, this.random.fork(), truth);
  }
}

function count(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
