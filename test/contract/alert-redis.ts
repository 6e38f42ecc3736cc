import type { Redis } from 'ioredis';
import type { RedisTarget } from '../../src/ports/index.ts';
import { openRedisStore } from '../../src/store/redis/index.ts';
import { until } from '../../src/testing/index.ts';
import type { AlertStoreUnderTest } from './alert-store.ts';
import { newFleetName, quiet, realClock } from './redis-fleet.ts';
import type { TestCluster } from './servers/cluster.ts';

/** The alerts of a fleet on a real server. */
export function alertsOnRedis(
  connection: RedisTarget,
  client: Redis | TestCluster['admin'],
  fleet: string = newFleetName(),
): AlertStoreUnderTest {
  const key = `allswell:{${fleet}}:alerts`;
  const opened: { close(): Promise<void> }[] = [];
  return {
    open: async () => {
      const store = openRedisStore({ fleet, connection, clock: realClock, logger: quiet, commandTimeoutMs: 2_000 });
      opened.push(store);
      await until(async () => (await store.time()).kind === 'ok', { withinMs: 10_000, what: 'the store to connect' });
      return store.alerts();
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
