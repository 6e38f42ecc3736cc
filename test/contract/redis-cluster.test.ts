import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../src/testing/until.ts';
import { describeFleetStore } from './fleet-store.ts';
import { listen, nowOf, probed } from './fleet-store/under-test.ts';
import { connected, newFleetName, redisFleet } from './redis-fleet.ts';
import { startCluster, type TestCluster } from './servers/cluster.ts';

let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startCluster();
});

afterAll(() => cluster.stop());

describeFleetStore('redis cluster', () => Promise.resolve(redisFleet(cluster.connection, cluster.admin)));

describe('redis cluster', () => {
  it('finds the slot of any fleet from one known node, for commands and for the push channel', async () => {
    for (let fleet = 0; fleet < 12; fleet++) {
      const store = await connected(cluster.connection, newFleetName());
      const heard = await listen(store);
      expect(await probed(store)).toBeLessThan(await nowOf(store));
      await until(() => heard.events.length === 2, { withinMs: 2_000, what: 'both events' });
      expect(await heard.subscription.ping()).toEqual({ kind: 'ok' });
      await store.close();
    }
  });
});
