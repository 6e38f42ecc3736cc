import fc from 'fast-check';
import type { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import type { RedisTarget } from '../../src/ports/index.ts';
import { memoryFleet } from '../../src/store/memory/index.ts';
import { openRedisStore } from '../../src/store/redis/index.ts';
import { until } from '../../src/testing/index.ts';
import { FOREVER } from './fleet-store/under-test.ts';
import { describeLimitStore, type LimitStoreUnderTest } from './limit-store.ts';
import { newFleetName, quiet, realClock } from './redis-fleet.ts';
import type { TestCluster } from './servers/cluster.ts';
import { oneAndCluster } from './servers/one-and-cluster.ts';

const servers = oneAndCluster();

const single = (): RedisTarget => ({ kind: 'single', host: servers.one.host, port: servers.one.port });

describeLimitStore('memory', () => {
  let last = 0;
  return Promise.resolve(inMemory(() => (last = Math.max(last + 1, Date.now() * 1_000))));
});
describeLimitStore('redis', () => Promise.resolve(onRedis(single(), servers.admin)));
describeLimitStore('redis cluster', () => Promise.resolve(onRedis(servers.cluster.connection, servers.cluster.admin)));

it('the key expires ten minutes after the last lease', async () => {
  const fleet = newFleetName();
  const under = onRedis(single(), servers.admin, fleet);
  const pool = { deployment: 'd', kind: 'rpm', limit: 1, keeps: 0, used: 0, demand: 0, holdMs: 1 } as const;
  await (await under.open()).lease({ pod: 'a', number: 1, ttlMs: 1, pods: 1, notAfter: FOREVER, pools: [pool] });
  const lifeMs = await servers.admin.pttl(`allswell:{${fleet}}:limits`);
  expect(lifeMs).toBeGreaterThan(590_000);
  expect(lifeMs).toBeLessThanOrEqual(600_000);
  await under.close();
});

describe('memory and redis', () => {
  const count = fc.integer({ min: 0, max: 70 });
  const pool = fc.record({
    deployment: fc.constantFrom('d', 'e'),
    kind: fc.constantFrom('rpm', 'parallel'),
    limit: fc.constantFrom(0, 1, 2, 7, 60, 100_000),
    keeps: count,
    used: count,
    demand: fc.oneof(count, fc.integer({ min: 0, max: 1_000_000 })),
    holdMs: fc.constantFrom(0, 2, 1_000_000),
  });
  const command = fc.record({
    pod: fc.constantFrom('a', 'b', 'B', 'c-1'),
    number: fc.integer({ min: 1, max: 50 }),
    ttlMs: fc.constantFrom(0, 1, 3, 60_000, 90_000),
    pods: fc.integer({ min: 0, max: 5 }),
    pools: fc.array(pool, { minLength: 1, maxLength: 3 }),
    before: fc.option(fc.constantFrom('', '1', '1;x 1 5 5 5 9000000000000000 9000000000000000', '2;', '9;;a b'), {
      freq: 8,
    }),
  });

  it('divide equally, to the last bit', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 30 }), async (commands) => {
        let now = 0;
        const [real, memory] = [onRedis(single(), servers.admin), inMemory(() => now)];
        const [first, second] = await Promise.all([real.open(), memory.open()]);
        try {
          for (const { before, ...asked } of commands) {
            if (before !== null) {
              await real.plant('rpm:d', before);
              await memory.plant('rpm:d', before);
            }
            const answer = await first.lease({ ...asked, notAfter: FOREVER });
            if (answer.kind !== 'ok') throw new Error(JSON.stringify(answer));
            now = answer.meta.now;
            expect(await second.lease({ ...asked, notAfter: FOREVER })).toEqual(answer);
            expect(await memory.texts()).toEqual(await real.texts());
          }
        } finally {
          await real.close();
        }
      }),
      { numRuns: Number(process.env['ALLSWELL_TEST_RUNS'] ?? 60) },
    );
  });
});

function inMemory(clockUs: () => number): LimitStoreUnderTest {
  const fleet = memoryFleet({ clockUs });
  return {
    open: () => Promise.resolve(fleet.openLimits()),
    texts: () => Promise.resolve(fleet.texts('limits')),
    plant: (field, text) => Promise.resolve(fleet.plant('limits', field, text)),
    flush: () => Promise.resolve(fleet.flush()),
    close: () => Promise.resolve(),
  };
}

function onRedis(
  connection: RedisTarget,
  client: Redis | TestCluster['admin'],
  fleet: string = newFleetName(),
): LimitStoreUnderTest {
  const key = `allswell:{${fleet}}:limits`;
  const opened: { close(): Promise<void> }[] = [];
  return {
    open: async () => {
      const store = openRedisStore({ fleet, connection, clock: realClock, logger: quiet, commandTimeoutMs: 2_000 });
      opened.push(store);
      await until(async () => (await store.time()).kind === 'ok', { withinMs: 10_000, what: 'the store to connect' });
      return store.limits();
    },
    texts: async () => new Map(Object.entries(await client.hgetall(key))),
    plant: async (field, text) => void (await client.hset(key, field, text)),
    flush: async () => void (await client.del(key)),
    close: async () => {
      await Promise.all(opened.map(async (store) => await store.close()));
      await client.del(key);
    },
  };
}
