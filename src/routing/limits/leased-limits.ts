import type { PodId } from '../../health/index.ts';
import { MOST_POOLS } from '../../ports/index.ts';
import type {
  Clock,
  FleetMetrics,
  LeaseLimits,
  LimitedDeployment,
  LimitKind,
  LimitShares,
  LimitStore,
  Logger,
  Random,
  ReadLimitUse,
  StoreAnswer,
  StoreCommand,
  Timer,
} from '../../ports/index.ts';
import { FIRST_ANSWER_MS, newLimitPool, nextChangeMs, reportPool, shareAt, takeLease } from './limit-pool.ts';
import type { LimitPool } from './limit-pool.ts';

export interface LeasedLimitsOptions {
  readonly store: LimitStore;
  readonly pod: PodId;
  /** Live pods as this pod knows them, itself included. */
  readonly pods: () => number;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Pick<FleetMetrics, 'storeCommand' | 'storeError'>;
}

/** Shares that are leased in the background. */
export interface LeasedLimits extends LimitShares {
  /** Leases shares from now on. */
  start(): void;
  /** Gives the shares back, and leases no more. */
  stop(): Promise<void>;
}

/** Time between renewals, for one pod and for each further one: the cost of a renewal grows with the pods. */
const RENEWAL_MS = 1_000;
const RENEWAL_PER_POD_MS = 20;
const LONGEST_RENEWAL_MS = 5_000;
/** Renewals in the time of a lease. */
const RENEWALS = 5;
const FIRST_RETRY_MS = 100;
/** A command that the store runs later than this after it was sent does nothing. */
const IN_TIME_US = 1_000_000;
/** How long a computed share is used, at most: the number of pods may change. */
const FRESH_MS = 1_000;

/**
 * Leases this pod's shares of limits from the store, all of them with one command for each renewal. Requests only read
 * memory. Without limits it sends nothing.
 */
export function createLeasedLimits(options: LeasedLimitsOptions): LeasedLimits {
  const { store, pod, clock } = options;
  const deployments = new Map<string, DeploymentLimits>();
  let useOf: ReadLimitUse = () => undefined;
  let phase: 'new' | 'running' | 'stopped' = 'new';
  let timer: Timer | undefined;
  let round: Promise<void> | undefined;
  let number = 0;
  let pods = 1;
  const sends = createSender(options);
  const log = createFallbackLog(options.logger);

  const pools = (): readonly LimitPool[] => [...deployments.values()].flatMap((one) => one.pools);
  // Once for each round: the pods of the last answer count where the members are not known yet.
  const countPods = (): void => {
    pods = pools().reduce((most, pool) => Math.max(most, pool.pods), options.pods());
  };

  const input = (list: readonly LimitPool[], nowMs: number): Omit<LeaseLimits, 'ttlMs'> => {
    const reports = list.map((pool) => reportPool(pool, useOf(pool.deployment, nowMs), pods, nowMs));
    number += 1;
    return { pod, number, pods, notAfter: sends.notAfter(nowMs), pools: reports };
  };
  const renewSome = async (list: readonly LimitPool[]): Promise<void> => {
    const sentMs = clock.monotonicMs();
    const asked = input(list, sentMs);
    const ttlMs = RENEWALS * renewalMs(asked.pods);
    const answer = await sends.send('lease-limits', () => store.lease({ ...asked, ttlMs }));
    if (answer.kind !== 'ok') return;
    const nowMs = clock.monotonicMs();
    for (const [index, pool] of list.entries()) {
      const lease = answer.value[index];
      // From when it was sent: the store counts from when it ran, which is later.
      if (lease !== undefined) takeLease(pool, lease, useOf(pool.deployment, nowMs), sentMs + ttlMs);
    }
  };
  const renewAll = async (): Promise<void> => {
    countPods();
    // oxlint-disable-next-line no-await-in-loop -- one command after the other, so that none overtakes
    for (const some of chunksOf(pools())) await renewSome(some);
    for (const one of deployments.values()) one.freshUntilMs = -Infinity;
    log.note(pools(), clock.monotonicMs());
  };
  // A bug must not end the pod: the shares that it has end by themselves.
  let hasFailed = false;
  const guarded = async (step: () => Promise<void>): Promise<void> => {
    try {
      await step();
      hasFailed = false;
    } catch (error) {
      const why = error instanceof Error ? error.message : 'not an Error';
      if (!hasFailed) {
        options.logger.error(
          `Limits of deployments: a renewal failed: ${why}. To fix: report it with allswell diagnose`,
        );
      }
      hasFailed = true;
    }
  };
  const schedule = (delayMs: number): void => {
    timer?.cancel();
    timer = clock.setTimer(delayMs, () => {
      if (phase !== 'running' || round !== undefined || deployments.size === 0) return;
      round = guarded(renewAll).finally(() => {
        round = undefined;
        schedule(nextDelayMs(pools(), pods, options));
      });
    });
  };

  return {
    configure: (list, read) => {
      useOf = read;
      keep(deployments, list, clock.monotonicMs());
      if (phase === 'running' && round === undefined) schedule(0);
    },
    shareOf: (id) => {
      const found = deployments.get(id);
      if (found === undefined) return UNLIMITED;
      const nowMs = clock.monotonicMs();
      if (nowMs >= found.freshUntilMs) refresh(found, pods, nowMs);
      return found.share;
    },
    used: (id, { inFlight }) => {
      const pool = deployments.get(id)?.parallel;
      if (pool !== undefined && inFlight > pool.peak) pool.peak = inFlight;
    },
    start: () => {
      phase = 'running';
      schedule(0);
    },
    stop: async () => {
      const before = phase;
      phase = 'stopped';
      if (before !== 'running') return;
      timer?.cancel();
      await round;
      await guarded(async () => {
        for (const some of chunksOf(pools())) {
          const asked = input(some, clock.monotonicMs());
          // oxlint-disable-next-line no-await-in-loop -- as above
          await sends.send('give-back-limits', () => store.giveBack(asked));
        }
      });
    },
  };
}

/** Limits of one deployment, and its share as last computed. */
interface DeploymentLimits {
  readonly pools: readonly LimitPool[];
  readonly parallel: LimitPool | undefined;
  readonly share: { rpm: number | null; tpm: number | null; maxParallel: number | null };
  freshUntilMs: number;
}

const UNLIMITED = { rpm: null, tpm: null, maxParallel: null };
const SHARE_KEYS = { rpm: 'rpm', tpm: 'tpm', parallel: 'maxParallel' } as const;
const KINDS = Object.keys(SHARE_KEYS) as readonly LimitKind[];

/** Pools of limits that stay keep their leases. */
function keep(deployments: Map<string, DeploymentLimits>, list: readonly LimitedDeployment[], nowMs: number): void {
  const before = new Map(deployments);
  deployments.clear();
  for (const deployment of list) {
    const known = before.get(deployment.id)?.pools ?? [];
    const pools = KINDS.flatMap((kind) => {
      const limit = deployment[SHARE_KEYS[kind]];
      if (limit === undefined) return [];
      const whole = Math.max(0, Math.floor(limit));
      const pool = known.find((one) => one.kind === kind) ?? newLimitPool(deployment.id, kind, whole, nowMs);
      pool.limit = whole;
      return [pool];
    });
    if (pools.length === 0) continue;
    const parallel = pools.find(({ kind }) => kind === 'parallel');
    deployments.set(deployment.id, { pools, parallel, share: { ...UNLIMITED }, freshUntilMs: -Infinity });
  }
}

function refresh(one: DeploymentLimits, pods: number, nowMs: number): void {
  let untilMs = nowMs + FRESH_MS;
  for (const pool of one.pools) {
    one.share[SHARE_KEYS[pool.kind]] = shareAt(pool, pods, nowMs);
    untilMs = Math.min(untilMs, nextChangeMs(pool, nowMs));
  }
  one.freshUntilMs = untilMs;
}

function renewalMs(pods: number): number {
  return Math.min(LONGEST_RENEWAL_MS, RENEWAL_MS + RENEWAL_PER_POD_MS * (pods - 1));
}

function nextDelayMs(pools: readonly LimitPool[], pods: number, { clock, random }: LeasedLimitsOptions): number {
  const nowMs = clock.monotonicMs();
  const isNew = pools.some(({ untilMs, openedMs }) => untilMs === -Infinity && nowMs < openedMs + FIRST_ANSWER_MS);
  return isNew ? FIRST_RETRY_MS : renewalMs(pods) * (0.9 + 0.2 * random.next());
}

function chunksOf(pools: readonly LimitPool[]): readonly (readonly LimitPool[])[] {
  const count = Math.ceil(pools.length / MOST_POOLS);
  return Array.from({ length: count }, (_, at) => pools.slice(at * MOST_POOLS, (at + 1) * MOST_POOLS));
}

interface Sender {
  send<T>(command: StoreCommand, work: () => Promise<StoreAnswer<T>>): Promise<StoreAnswer<T>>;
  /** By the store's clock as of its last answer; without one there is no limit. */
  notAfter(nowMs: number): number;
}

/** Measures commands, and learns the store's clock from their answers. */
function createSender({ clock, metrics }: LeasedLimitsOptions): Sender {
  let aheadUs: number | undefined;
  return {
    notAfter: (nowMs) =>
      aheadUs === undefined ? Number.MAX_SAFE_INTEGER : Math.round(nowMs * 1_000 + aheadUs) + IN_TIME_US,
    send: async (command, work) => {
      const sentMs = clock.monotonicMs();
      const answer = await work();
      const nowMs = clock.monotonicMs();
      metrics.storeCommand(command, nowMs - sentMs);
      if (answer.kind === 'lost') metrics.storeError(command, answer.loss.code);
      else aheadUs = answer.meta.now - nowMs * 1_000;
      return answer;
    },
  };
}

/** Logs once that leases have ended without renewal, and once that there are leases again. */
function createFallbackLog(logger: Logger): { note(pools: readonly LimitPool[], nowMs: number): void } {
  let state: 'leased' | 'fallback' = 'leased';
  return {
    note: (pools, nowMs) => {
      const now = pools.some(({ untilMs, openedMs }) => nowMs >= untilMs && nowMs >= openedMs + FIRST_ANSWER_MS)
        ? 'fallback'
        : 'leased';
      if (now === state) return;
      state = now;
      if (now === 'leased') logger.info('Limits of deployments: shares are leased from the store again');
      else {
        logger.warn(
          'Limits of deployments: the store renews no shares. Each pod uses its part of every limit (limit / pods) until it does',
        );
      }
    },
  };
}
