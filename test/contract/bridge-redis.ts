import type { Cluster, Redis } from 'ioredis';
import type { RedisTarget } from '../../src/ports/index.ts';
import { openRedisStore } from '../../src/store/redis/index.ts';
import { until } from '../../src/testing/until.ts';
import { afterThisTest, type BridgeStoreUnderTest } from './bridge-store.ts';
import { newFleetName, quiet, realClock } from './redis-fleet.ts';

/** LiteLLM's keys under a namespace of their own on a server that others may use, too. */
export function redisBridgePlace(
  connection: RedisTarget,
  admin: Redis | Cluster,
  namespace: string = newFleetName(),
): BridgeStoreUnderTest {
  const keys = { resultsKey: `${namespace}:health_check_results`, lockKey: `${namespace}:health_check_lock` };
  return {
    ...keys,
    open: async () => {
      const parts = { connection, clock: realClock, logger: quiet, commandTimeoutMs: 2_000 };
      const store = openRedisStore({ fleet: newFleetName(), ...parts });
      afterThisTest(async () => await store.close());
      await until(async () => (await store.time()).kind === 'ok', { withinMs: 10_000, what: 'the store to connect' });
      const bridge = store.bridge(namespace);
      // In a cluster LiteLLM's key is at another node, whose connection begins with the first command to it.
      await until(async () => (await bridge.readAccess()).kind === 'ok', {
        withinMs: 10_000,
        what: 'the node of the key',
      });
      return bridge;
    },
    read: async (key) => await admin.get(key),
    lifeMs: async (key) => await admin.pttl(key),
    use: async (key) => void (await admin.get(key)),
    plant: async (key, text) => void (await admin.set(key, text)),
    plantHash: async (key) => {
      await admin.del(key);
      await admin.hset(key, 'a', 'b');
    },
    remove: async (key) => void (await admin.del(key)),
  };
}
