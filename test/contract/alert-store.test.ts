import { expect, it } from 'vitest';
import type { RedisTarget } from '../../src/ports/index.ts';
import { memoryFleet } from '../../src/store/memory/index.ts';
import { alertsOnRedis } from './alert-redis.ts';
import { describeAlertStore } from './alert-store.ts';
import { FOREVER } from './fleet-store/under-test.ts';
import { newFleetName } from './redis-fleet.ts';
import { oneAndCluster } from './servers/one-and-cluster.ts';

const servers = oneAndCluster();

const single = (): RedisTarget => ({ kind: 'single', host: servers.one.host, port: servers.one.port });

describeAlertStore('memory', () => {
  let last = 0;
  const fleet = memoryFleet({ clockUs: () => (last = Math.max(last + 1, Date.now() * 1_000)) });
  return Promise.resolve({
    open: () => Promise.resolve(fleet.openAlerts()),
    texts: () => Promise.resolve(fleet.texts('alerts')),
    plant: (field, text) => Promise.resolve(fleet.plant('alerts', field, text)),
    flush: () => Promise.resolve(fleet.flush()),
    close: () => Promise.resolve(),
  });
});
describeAlertStore('redis', () => Promise.resolve(alertsOnRedis(single(), servers.admin)));
describeAlertStore('redis cluster', () =>
  Promise.resolve(alertsOnRedis(servers.cluster.connection, servers.cluster.admin)),
);

it('the key expires a week after the last lease', async () => {
  const fleet = newFleetName();
  const under = alertsOnRedis(single(), servers.admin, fleet);
  await (await under.open()).lead({ pod: 'a', ttlMs: 1, notAfter: FOREVER, known: 0 });
  const lifeMs = await servers.admin.pttl(`allswell:{${fleet}}:alerts`);
  expect(lifeMs).toBeGreaterThan(604_790_000);
  await under.close();
});
