import type { PodId, Policy, TargetId } from '../../src/health/index.ts';
import { createFleet } from '../../src/fleet/index.ts';
import type { Fleet, FleetTarget } from '../../src/fleet/index.ts';
import type { FleetMetrics, FleetStore, Logger } from '../../src/ports/index.ts';
import { memoryFleet } from '../../src/store/memory/index.ts';
import type { MemoryFleet } from '../../src/store/memory/index.ts';
import { invariants } from './invariants.ts';
import type { Invariants } from './invariants.ts';
import type { SeededRandom } from './seeded-random.ts';
import { seededRandom } from './seeded-random.ts';
import { simStore } from './sim-store.ts';
import type { PodWeather, StoreWeather } from './sim-store.ts';
import { liveLife, simProber } from './sim-upstream.ts';
import type { Truth } from './sim-upstream.ts';
import { podClock, VirtualTime } from './virtual-time.ts';
import type { PodClock } from './virtual-time.ts';

/** Changes the store's answers or commands as a bug in the product would. */
export type PlantedBug = (store: FleetStore, world: World) => FleetStore;

export interface WorldOptions {
  readonly seed: number;
  readonly pods: number;
  readonly targets: number;
  readonly planted?: PlantedBug;
  readonly log?: (line: string) => void;
}

/** One running pod of a world. */
export interface SimPod {
  readonly id: PodId;
  readonly fleet: Fleet;
  readonly clock: PodClock;
  readonly weather: PodWeather;
  sick: boolean;
}

/** A configuration pods can run: two of them during a rolling deploy. */
interface Deploy {
  readonly targets: readonly FleetTarget[];
  readonly policy: Policy;
  readonly print: string;
}

/** Pods, store, upstreams and time, all from one seed. */
export class World {
  readonly time: VirtualTime = new VirtualTime();
  readonly random: SeededRandom;
  readonly memory: MemoryFleet;
  readonly weather: StoreWeather = { down: false, hung: false, lostReplies: 0, waiting: [] };
  readonly truths: Map<TargetId, Truth> = new Map<TargetId, Truth>();
  readonly pods: Set<SimPod> = new Set<SimPod>();
  readonly checks: Invariants;
  readonly occurred: Map<string, number> = new Map<string, number>();
  readonly deploys: readonly [Deploy, Deploy];
  readonly #options: WorldOptions;
  #started = 0;
  #storeOffsetMs = 0;
  clockErrorMs = 0;
  violation: Error | undefined;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.random = seededRandom(options.seed);
    this.memory = memoryFleet({ clockUs: () => this.storeNow(), schedule: (deliver) => deliver() });
    this.checks = invariants({
      nowMs: () => this.time.now,
      storeNowMs: () => this.storeNow() / 1000,
      truths: this.truths,
      clockErrorMs: () => this.clockErrorMs,
    });
    for (let i = 0; i < options.targets; i += 1) this.#addTruth();
    this.deploys = this.#makeDeploys();
  }

  storeNow(): number {
    return Math.floor((1_800_000_000_000 + this.time.now + this.#storeOffsetMs) * 1000);
  }

  stepStoreClock(byMs: number): void {
    this.note('clock step');
    this.#storeOffsetMs += byMs;
    this.clockErrorMs += Math.abs(byMs);
    this.checks.historyBroke();
  }

  note(fault: string): void {
    this.occurred.set(fault, (this.occurred.get(fault) ?? 0) + 1);
    this.#options.log?.(`${Math.round(this.time.now)} fault: ${fault}`);
  }

  /** Starts one more pod under the given configuration. */
  startPod(deploy: Deploy): SimPod {
    this.#started += 1;
    const random = this.random.fork();
    const id = `pod_${this.#started}_${random.id(6)}`;
    const clock = podClock(this.time, random.between(0, 3_600_000));
    const weather: PodWeather = { deaf: false, cutOff: false };
    const parts = {
      time: this.time,
      clock,
      random,
      store: this.weather,
      pod: weather,
      occurred: (fault: string) => this.note(fault),
    };
    const store = simStore(this.#planted(), parts);
    const prober = simProber({
      clock,
      time: this.time,
      truths: this.truths,
      sick: () => pod.sick,
      started: (target, level) => {
        if (level !== 'connect') this.checks.probeStarted(id, target);
      },
    });
    const fleet = createFleet({
      pod: id,
      fleet: 'sim',
      version: '0.0.0',
      sharing: 'shared',
      policy: deploy.policy,
      policyPrint: deploy.print,
      targetsPrint: deploy.print,
      cacheTtlMs: 300_000,
      lockTtlMs: 60_000,
      expectedPods: 1,
      maxProbes: 16,
      maxProbesPerHost: 8,
      drainMs: 10_000,
      targets: deploy.targets,
      store,
      prober,
      clock,
      random,
      logger: this.#logger(id),
      metrics: noMetrics,
    });
    const pod: SimPod = { id, fleet, clock, weather, sick: false };
    fleet.onChange((change) => {
      if (change.kind !== 'mode-changed' && this.pods.has(pod)) this.#guard(() => this.#look(pod, change.target));
    });
    this.pods.add(pod);
    fleet.start();
    return pod;
  }

  crash(pod: SimPod): void {
    this.note('crash');
    pod.clock.kill();
    this.pods.delete(pod);
  }

  async run(untilMs: number): Promise<void> {
    await this.time.runUntil(untilMs, () => {
      if (this.violation !== undefined) throw this.violation;
    });
    if (this.violation !== undefined) throw this.violation;
  }

  #look(pod: SimPod, target: TargetId): void {
    const view = pod.fleet.target(target);
    if (view !== undefined) this.checks.shown(pod.id, view, pod.sick);
  }

  #guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.violation ??= error instanceof Error ? error : new Error(String(error));
    }
  }

  /** The memory fleet with its handles spoiled by the planted bug. */
  #planted(): MemoryFleet {
    const { planted } = this.#options;
    const watched = { ...this.memory, open: () => this.#checked(this.memory.open()) };
    return planted === undefined ? watched : { ...watched, open: () => planted(watched.open(), this) };
  }

  /** Looks at the records after every command that may have written them. */
  #checked(inner: FleetStore): FleetStore {
    const afterwards = <T>(answer: T): T => {
      this.#guard(() => this.checks.storeChanged(this.memory.texts('records')));
      return answer;
    };
    return {
      ...inner,
      commit: async (input) => afterwards(await inner.commit(input)),
      claim: async (input) => {
        const answer = await inner.claim(input);
        if (answer.kind !== 'ok') return answer;
        answer.value.forEach((one, i) => {
          const request = input.requests[i];
          if (one.kind !== 'granted' || request === undefined) return;
          this.#guard(() => this.checks.granted(request, one.grant));
        });
        return answer;
      },
    };
  }

  #logger(pod: string): Logger {
    const { log } = this.#options;
    const write = (level: string) => (message: string) =>
      log?.(`${Math.round(this.time.now)} ${pod} ${level} ${message}`);
    return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
  }

  #addTruth(): void {
    const id = Array.from({ length: 24 }, () => Math.floor(this.random.next() * 16).toString(16)).join('');
    const truth: Truth = {
      id,
      alwaysWell: this.random.chance(0.3),
      failure: undefined,
      tookMs: this.random.between(20, 1_500),
      changedAt: 0,
    };
    this.truths.set(id, truth);
    liveLife(this.time, this.random.fork(), truth);
  }

  #makeDeploys(): readonly [Deploy, Deploy] {
    const intervalMs = this.random.pick([5_000, 10_000, 20_000, 30_000]);
    const all = [...this.truths.keys()];
    const some = all.filter(() => this.random.chance(0.8));
    const spec = (id: TargetId, i: number, everyMs: number): FleetTarget => {
      return {
        id,
        name: `t${i}`,
        level: 'inference',
        intervalMs: everyMs,
        timeoutMs: 30_000,
        host: `h${i % 6}`,
        background: true,
        deployments: 1,
      };
    };
    const old = {
      targets: all.map((id, i) => spec(id, i, intervalMs)),
      policy: { rise: 1, fall: 2, edgeIntervalMs: 5_000 },
      print: 'old',
    };
    const newIntervalMs = this.random.pick([intervalMs, intervalMs * 2]);
    const next = {
      targets: some.map((id, i) => spec(id, i, newIntervalMs)),
      policy: { rise: 2, fall: 3, edgeIntervalMs: 3_000 },
      print: 'new',
    };
    return [old, next];
  }
}

const noMetrics: FleetMetrics = {
  probed: () => undefined,
  storeCommand: () => undefined,
  storeError: () => undefined,
  propagated: () => undefined,
  staleCommit: () => undefined,
  resynced: () => undefined,
  leaseLost: () => undefined,
};
