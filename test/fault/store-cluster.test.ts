import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import type { RedisServer } from '../../src/testing/redis-server/index.ts';
import { until } from '../../src/testing/until.ts';
import { grantOf, listen, probed } from '../contract/fleet-store/under-test.ts';
import { startCluster, type TestCluster } from '../contract/servers/cluster.ts';
import { answering, DEADLINE_MS, KEYS, lossOf, onEnd, openStore, SLACK_MS, timed } from './store-support.ts';

describe('a cluster that loses the node of our slot', () => {
  it('answers lost within the deadline, drops the subscription, and comes back with the node', async () => {
    const cluster = await startCluster();
    onEnd(() => cluster.stop());
    const store = openStore(cluster.connection);
    await answering(store, 10_000);
    const heard = await listen(store);
    await probed(store);
    const owner = await ownerOf(cluster);
    await owner.kill();
    await until(() => heard.dropped.length === 1, { withinMs: 2_000, what: 'the subscription to be dropped' });
    const codes = new Set<string>();
    const endsAt = performance.now() + 2_500;
    while (performance.now() < endsAt) {
      const { value, ms } = await timed(store.time());
      expect(ms).toBeLessThan(2 * DEADLINE_MS + SLACK_MS);
      codes.add(lossOf(value).code);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect([...codes].filter((code) => !['cluster-down', 'disconnected', 'timeout'].includes(code))).toEqual([]);
    await owner.restart();
    await answering(store, 20_000);
    const again = await listen(store);
    expect(await grantOf(store)).toBeGreaterThan(0);
    await until(() => again.events.length === 1, { withinMs: 2_000, what: 'the event after the return' });
  });

  it('answers within the deadline while the node hangs', async () => {
    const cluster = await startCluster();
    onEnd(() => cluster.stop());
    const store = openStore(cluster.connection);
    await answering(store, 10_000);
    const owner = await ownerOf(cluster);
    owner.pause();
    onEnd(() => owner.resume());
    const endsAt = performance.now() + 4_500;
    let slowest = 0;
    while (performance.now() < endsAt) {
      const { value, ms } = await timed(store.time());
      expect(value.kind).toBe('lost');
      slowest = Math.max(slowest, ms);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(slowest).toBeLessThan(2 * DEADLINE_MS + SLACK_MS);
    owner.resume();
    await answering(store, 10_000);
  });
});

async function ownerOf(cluster: TestCluster): Promise<RedisServer> {
  for (const server of cluster.servers) {
    const node = new Redis(server.url);
    const owns = await node.exists(KEYS.records).then(
      () => 'ours',
      () => 'moved',
    );
    node.disconnect();
    if (owns === 'ours') return server;
  }
  throw new Error('no node owns the slot');
}
