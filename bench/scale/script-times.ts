import { setTimeout as pass } from 'node:timers/promises';
import type { FleetStore, StoreAnswer } from '../../src/ports/index.ts';
import { openRedisStore } from '../../src/store/redis/index.ts';
import { realClock, until } from '../../src/testing/index.ts';
import { goodFacts } from '../../test/contract/fleet-store/under-test.ts';
import { FLEET, FOREVER, memberInfo, targetsOf } from './fleet-of-many.ts';
import { startMeasuredRedis } from './server.ts';
import type { MeasuredRedis } from './server.ts';

/** One script at its largest: how long the server did nothing else. */
export interface ScriptTime {
  readonly script: string;
  readonly runs: number;
  /** Half of the runs took no longer; other processes on the machine make some of the rest longer. */
  readonly medianUs: number;
  readonly longestUs: number;
}

const ROUNDS = 15;
const BATCH = 100;
const pod = 'pod_a';
const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** Runs every script of a fleet at its largest on a Redis of its own. */
export async function scriptTimes(shape: { pods: number; targets: number }): Promise<readonly ScriptTime[]> {
  const redis = await startMeasuredRedis();
  const connection = { kind: 'single', host: '127.0.0.1', port: redis.server.port } as const;
  const store = openRedisStore({
    fleet: FLEET,
    connection,
    clock: realClock(),
    logger: quiet,
    commandTimeoutMs: 5_000,
  });
  await until(async () => (await store.time()).kind === 'ok', { withinMs: 5_000, what: 'Redis to answer' });
  const ids = targetsOf(shape.targets, 300_000).map(({ id }) => id);
  await fill(redis, store, { ...shape, ids });
  await redis.longest();
  await redis.admin.config('SET', 'slowlog-log-slower-than', 0);
  const times: ScriptTime[] = [];
  for (const [script, work] of Object.entries(largest(redis, store, ids))) {
    const runs: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after another, on a server that does nothing else
      await work(round);
      // oxlint-disable-next-line no-await-in-loop -- see above
      runs.push(...((await redis.longest()).get(script) ?? []));
      // oxlint-disable-next-line no-await-in-loop -- see above
      await pass(5);
    }
    const sorted = runs.toSorted((a, b) => a - b);
    const medianUs = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
    times.push({ script, runs: runs.length, medianUs, longestUs: sorted.at(-1) ?? Number.NaN });
  }
  await store.close();
  await redis.stop();
  return times.toSorted((a, b) => b.medianUs - a.medianUs);
}

/** Members, records, histories, and a lease for every target. */
async function fill(
  redis: MeasuredRedis,
  store: FleetStore,
  { pods, ids }: { pods: number; ids: readonly string[] },
): Promise<void> {
  const ends = (await now(store)) + 50_000_000;
  const members = Array.from({ length: pods }, (_, index) => memberInfo(index, Date.now()));
  const texts = members.map((info) => [info.pod, `${ends} ${JSON.stringify(info)}`] as const);
  await redis.admin.hset(`allswell:{${FLEET}}:pods`, Object.fromEntries(texts));
  for (let from = 0; from < ids.length; from += BATCH) {
    // Leases first: without a record every target is due. What is committed then is seen without a lease and ends none.
    // oxlint-disable-next-line no-await-in-loop -- batch after batch
    await claimAll(store, ids.slice(from, from + BATCH));
    // oxlint-disable-next-line no-await-in-loop -- batch after batch
    await commitAll(store, ids.slice(from, from + BATCH), 0);
  }
}

function largest(
  redis: MeasuredRedis,
  store: FleetStore,
  ids: readonly string[],
): Record<string, (round: number) => Promise<unknown>> {
  const info = memberInfo(0, Date.now());
  const batch = (round: number): readonly string[] => ids.slice(round * BATCH, (round + 1) * BATCH);
  const info0 = { ...info, pod };
  const targetsHash = 'other';
  const targets = ids.slice(0, 1_000);
  return {
    'claim-leases': async (round) => await claimAll(store, batch(round + 20)),
    'commit-records': async (round) => await commitAll(store, batch(round), 1),
    'renew-leases': async (round) => {
      const leases = batch(round + 40).map((target) => ({ target, grant: 1 }));
      return await store.renew({ pod, ttlMs: 10_000, notAfter: FOREVER, leases });
    },
    'release-leases': async (round) => {
      const leases = batch(round + 60).map((target) => ({ target, grant: 1 }));
      return await store.release({ pod, notAfter: FOREVER, leases });
    },
    // What it does once in the time of a membership: look at all members.
    heartbeat: async () => {
      await redis.admin.hset(`allswell:{${FLEET}}:pods`, '!members', 'rubbish');
      return await store.heartbeat({ info: info0, ttlMs: 10_000, notAfter: FOREVER });
    },
    'list-members': async () => {
      await redis.admin.hset(`allswell:{${FLEET}}:pods`, '!members', 'rubbish');
      return await store.heartbeat({ info: info0, ttlMs: 10_000, notAfter: FOREVER });
    },
    'read-fields': async (round) => await store.readRecords(batch(round)),
    'sample-fields': async () => await store.sample({ pod, notAfter: FOREVER }),
    'write-targets': async (round) => {
      await store.heartbeat({
        info: { ...info0, targetsHash: `${targetsHash}${round}` },
        ttlMs: 10_000,
        notAfter: FOREVER,
      });
      const list = { targetsHash: `${targetsHash}${round}`, piece: 0, pieces: 1, targets };
      return await store.writeTargets({ pod, notAfter: FOREVER, ...list });
    },
    'read-targets': async () => await store.readTargets(`${targetsHash}${ROUNDS - 1}`, 0),
    'read-history': async (round) => await store.readHistory(batch(round)),
    'restore-counts': async (round) => {
      const known = { hour: 1_000_000, probes: 1, day: 40_000, nanoUsd: 1, epoch: null };
      const counts = batch(round).map((target) => ({ target, known }));
      return await store.restoreCounts({
        notAfter: FOREVER,
        budget: { probesPerHour: 10 },
        fleet: known,
        targets: counts,
      });
    },
    'read-money': async (round) => await store.readMoney(batch(round)),
    'sweep-records': async (round) => {
      const records = batch(round + 80).map((target) => ({ target, version: 1 }));
      return await store.sweep({ pod, notAfter: FOREVER, records });
    },
  };
}

async function claimAll(store: FleetStore, ids: readonly string[]): Promise<void> {
  const requests = ids.map((target) => {
    const how = { reason: 'scheduled', intervalMs: 300_000, everyMs: 300_000, version: 0 } as const;
    return { target, ...how };
  });
  valueOf(await store.claim({ pod, ttlMs: 3_600_000, notAfter: FOREVER, requests }));
}

async function commitAll(store: FleetStore, targets: readonly string[], expectedVersion: number): Promise<void> {
  const at = (await now(store)) - 1;
  const commits = targets.map((target) => ({
    target,
    expectedVersion,
    evidenceAt: at,
    nextDueAt: at + 300_000_000,
    facts: goodFacts(at),
    point: { at, pod, kind: 'ok' as const, level: 'inference' as const, reason: 'scheduled' as const, latencyMs: 12 },
  }));
  valueOf(await store.commit({ pod, notAfter: FOREVER, newEpoch: 'epoch', commits }));
}

async function now(store: FleetStore): Promise<number> {
  const answer = await store.time();
  if (answer.kind !== 'ok') throw new Error('Redis did not say the time');
  return answer.meta.now;
}

function valueOf<T>(answer: StoreAnswer<T>): T {
  if (answer.kind !== 'ok') throw new Error(`Redis answered ${JSON.stringify(answer)}`);
  return answer.value;
}
