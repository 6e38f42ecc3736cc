import { describe, expect, it } from 'vitest';
import { litellmKeys } from '../../src/litellm/index.ts';
import { memoryBridge } from '../../src/store/memory/index.ts';
import { redisBridgePlace } from './bridge-redis.ts';
import { describeBridgeStore } from './bridge-store.ts';
import { newFleetName } from './redis-fleet.ts';
import { oneAndCluster } from './servers/one-and-cluster.ts';

const servers = oneAndCluster();

describeBridgeStore('memory', () => {
  const bridge = memoryBridge({ clockUs: () => Date.now() * 1_000, namespace: 'n' });
  return Promise.resolve({
    open: () => Promise.resolve(bridge.open()),
    resultsKey: 'n:health_check_results',
    lockKey: 'n:health_check_lock',
    read: (key) => Promise.resolve(bridge.read(key) ?? null),
    lifeMs: (key) => Promise.resolve(bridge.lifeMs(key)),
    use: (key) => Promise.resolve(bridge.use(key)),
    plant: (key, text) => Promise.resolve(bridge.plant(key, text)),
    remove: (key) => Promise.resolve(bridge.plant(key, undefined)),
  });
});

describeBridgeStore('redis', () =>
  Promise.resolve(redisBridgePlace({ kind: 'single', host: servers.one.host, port: servers.one.port }, servers.admin)),
);

describeBridgeStore('redis cluster', () =>
  Promise.resolve(redisBridgePlace(servers.cluster.connection, servers.cluster.admin)),
);

describeBridgeStore('redis cluster, a namespace in braces', () =>
  Promise.resolve(redisBridgePlace(servers.cluster.connection, servers.cluster.admin, `{${newFleetName()}}`)),
);

describe("LiteLLM's keys", () => {
  it('contain its namespace once', () => {
    expect(litellmKeys(null)).toMatchObject({ results: 'health_check_results', lock: 'health_check_lock' });
    expect(litellmKeys('team')).toMatchObject({ results: 'team:health_check_results', lock: 'team:health_check_lock' });
    // A namespace that only begins like the key is put before it all the same.
    expect(litellmKeys('health').results).toBe('health:health_check_results');
  });

  it('are in one slot with the lease, whatever braces the namespace has', () => {
    expect(litellmKeys('team').lease).toBe('allswell:bridge:{team:health_check_results}');
    expect(litellmKeys('{team}').lease).toBe('allswell:bridge:{team}:health_check_results');
    expect(litellmKeys('{}').lease).toBe('allswell:bridge:{{}:health_check_results}');
  });
});
