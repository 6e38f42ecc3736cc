import type { FleetOptions, FleetSettings, FleetTarget } from '../../src/fleet/index.ts';
import { defaultPolicy, transition } from '../../src/health/index.ts';
import type {
  AblePod,
  Failure,
  VerdictContext,
  Observation,
  Level,
  Outcome,
  TargetId,
} from '../../src/health/index.ts';
import { HISTORY_LIMITS } from '../../src/ports/index.ts';
import type {
  FleetMetrics,
  FleetStore,
  LogFields,
  Logger,
  Prober,
  ProbeResult,
  Random,
} from '../../src/ports/index.ts';
import { memoryFleet } from '../../src/store/memory/index.ts';
import type { MemoryFleet } from '../../src/store/memory/index.ts';
import { manualClock } from '../../src/testing/manual-clock.ts';
import type { ManualClock } from '../../src/testing/manual-clock.ts';

/** Default settings of a pod, as shipped. */
export const plainSettings: Omit<FleetSettings, 'policy' | 'policyHash' | 'targetsHash'> = {
  fleet: 'test',
  version: '0.0.0',
  sharing: 'shared',
  cacheTtlMs: 300_000,
  leaseMs: 10_000,
  storeDeadlineMs: 250,
  bootWindowMs: 2_000,
  expectedPods: 1,
  maxProbes: 16,
  maxProbesPerHost: 8,
  drainMs: 10_000,
  budget: {},
  history: HISTORY_LIMITS,
};

/** A target of the coordinator, with changes. */
export function fleetTarget(changes: Partial<FleetTarget> = {}): FleetTarget {
  return {
    id: '80000000aaaa',
    holdKey: 'd0000000aaaa',
    name: 'openai/gpt-4o-mini',
    level: 'inference',
    intervalMs: 10_000,
    timeoutMs: 5_000,
    upstreamHost: 'api.example.com',
    background: true,
    deployments: 1,
    ...changes,
  };
}

/** A probe that passed at `at`, with changes. */
export function okProbe(at: number, changes: Partial<Observation> = {}): Observation {
  const fixed = { source: 'probe', reason: 'scheduled', level: 'inference', ok: true, latencyMs: 100 } as const;
  return { at, answeredAt: at + 100_000, pod: 'pod_a', ...fixed, ...changes };
}

/** A probe that failed at `at`, with changes. */
export function failedProbe(
  at: number,
  failure: Partial<Failure> = {},
  changes: Partial<Observation> = {},
): Observation {
  return okProbe(at, { ok: false, failure: { class: 'server', status: 500, message: 'boom', ...failure }, ...changes });
}

/** A pod that can probe a target, with changes. */
export function ablePod(pod: string, changes: Partial<AblePod> = {}): AblePod {
  return { pod, host: pod, domain: pod, level: 'inference', ...changes };
}

/** A context in which only the able pods matter: `pod_a`, and another one while there are `peers`. */
export function contextOf(changes: Partial<VerdictContext> & { readonly peers?: boolean } = {}): VerdictContext {
  const { peers = true, self = 'pod_a', ...rest } = changes;
  const others = peers ? [ablePod('pod_x'), ablePod('pod_y')] : [];
  const able = (): readonly AblePod[] => [ablePod(self), ...others];
  return { self, host: self, now: 0, level: 'inference', intervalMs: 10_000, able, waitMs: Infinity, ...rest };
}

/** Facts after probes, one after the other. */
export function factsOf(first: Observation, ...more: readonly Observation[]): ReturnType<typeof transition> {
  return more.reduce((facts, probe) => transition(facts, probe), transition(undefined, first));
}

export interface LoggedLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
}

/** A logger that records its lines. */
export function recordingLogger(): Logger & { readonly lines: LoggedLine[] } {
  const lines: LoggedLine[] = [];
  const write = (level: LoggedLine['level']) => (message: string, _fields?: LogFields) =>
    void lines.push({ level, message });
  return { lines, debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
}

export const noMetrics: FleetMetrics = {
  probed: () => undefined,
  storeCommand: () => undefined,
  storeError: () => undefined,
  propagated: () => undefined,
  staleCommit: () => undefined,
  resynced: () => undefined,
  leaseLost: () => undefined,
};

/** A prober whose upstreams always succeed immediately. */
export const wellProber: Prober = {
  probe: (_target, level) => Promise.resolve({ outcome: { kind: 'ok' }, level, latencyMs: 1 }),
};

const middling: Random = { next: () => 0.5, id: (length) => 'r'.repeat(length) };

/** Randomness with a new id each time, for a store that gets a new epoch after a data loss. */
export function countingRandom(): Random {
  let made = 0;
  return { next: () => 0.5, id: (length) => `${(made += 1)}`.padStart(length, '0') };
}

/** One pod's surroundings in a unit test: a manual clock and a store in this process. */
export interface TestWorld {
  readonly clock: ManualClock;
  readonly memory: MemoryFleet;
  readonly logger: ReturnType<typeof recordingLogger>;
  /** The store's clock, us. */
  readonly storeNow: () => number;
  readonly options: (changes?: Partial<FleetOptions>) => FleetOptions;
  /** Advances time in small steps; promises settle after each. */
  readonly pass: (ms: number, stepMs?: number) => Promise<void>;
}

export function testWorld(): TestWorld {
  const clock = manualClock();
  const storeNow = (): number => Math.floor(clock.wallMs() * 1000);
  const memory = memoryFleet({ clockUs: storeNow, schedule: (deliver) => deliver() });
  const logger = recordingLogger();
  return {
    clock,
    memory,
    logger,
    storeNow,
    options: (changes = {}) => ({
      ...plainSettings,
      pod: 'pod_a',
      policy: defaultPolicy,
      policyHash: 'policy',
      targetsHash: 'targets',
      targets: [fleetTarget()],
      store: memory.open(),
      prober: wellProber,
      clock,
      random: middling,
      logger,
      metrics: noMetrics,
      ...changes,
    }),
    pass: async (ms, stepMs = 10) => {
      for (let left = ms; left > 0; left -= stepMs) {
        clock.advance(Math.min(stepMs, left));
        // oxlint-disable-next-line no-await-in-loop -- what a step started must settle before the next
        await settled();
      }
    },
  };
}

/** An upstream that a test controls, and that counts. */
export interface TestUpstream extends Prober {
  readonly probes: { readonly target: TargetId; readonly level: Level; readonly atMs: number }[];
  failure: Failure | undefined;
  /** It accepts connections while it fails. */
  connects: 'yes' | 'no';
  tookMs: number;
}

export function testUpstream(clock: ManualClock): TestUpstream {
  const upstream: TestUpstream = {
    probes: [],
    failure: undefined,
    connects: 'no',
    tookMs: 100,
    probe: async (target, level, signal) => {
      upstream.probes.push({ target, level, atMs: clock.monotonicMs() });
      const { failure, tookMs, connects } = upstream;
      const seen = level === 'connect' && connects === 'yes' ? undefined : failure;
      const outcome: Outcome = seen === undefined ? { kind: 'ok' } : { kind: 'failed', failure: seen };
      const sent = seen?.class === 'network' && connects === 'no' && { sent: 'nothing' as const };
      return await new Promise<ProbeResult>((resolve) => {
        clock.setTimer(tookMs, () => resolve({ outcome, level, latencyMs: tookMs, ...sent }));
        signal.addEventListener('abort', () =>
          resolve({ outcome: { kind: 'no-evidence', why: 'aborted' }, level, latencyMs: 0 }),
        );
      });
    },
  };
  return upstream;
}

/** Lets all promises settle that do not wait for a timer. */
export async function settled(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}

/** A store whose commands can be replaced one by one. */
export function storeWith(inner: FleetStore, changes: Partial<FleetStore>): FleetStore {
  return { ...inner, ...changes };
}

/** A store that can hang: each command then times out after 250 ms, as the port requires. */
export interface HangingStore {
  readonly store: FleetStore;
  hung: boolean;
}

export function hangingStore(clock: ManualClock, inner: FleetStore): HangingStore {
  const hanging: { hung: boolean } = { hung: false };
  const store = new Proxy(inner, {
    get(target, name, receiver) {
      const method = Reflect.get(target, name, receiver) as (...args: unknown[]) => unknown;
      if (name === 'close') return method;
      return async (...args: unknown[]) => {
        if (!hanging.hung) return await method.apply(target, args);
        await new Promise<void>((resolve) => void clock.setTimer(250, resolve));
        return { kind: 'lost', loss: { code: 'timeout', message: 'no answer within 250 ms' } };
      };
    },
  });
  return Object.assign(hanging, { store });
}
