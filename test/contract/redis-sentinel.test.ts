import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../src/testing/until.ts';
import { describeFleetStore } from './fleet-store.ts';
import { grantOf, listen, ok, probed } from './fleet-store/under-test.ts';
import { connected, newFleetName, redisFleet } from './redis-fleet.ts';
import { startSentinel, type TestSentinel } from './servers/sentinel.ts';

let setup: TestSentinel;
let admin: Redis;

beforeAll(async () => {
  setup = await startSentinel();
  admin = new Redis(setup.master.url, { retryStrategy: () => 200 });
  admin.on('error', () => undefined);
});

afterAll(async () => {
  admin.disconnect();
  await setup.stop();
});

describeFleetStore('redis behind a sentinel', () => Promise.resolve(redisFleet(setup.connection, admin)));

describe('redis behind a sentinel', () => {
  it('follows a failover: the new master grants larger numbers, and the push channel is dropped', async () => {
    const store = await connected(setup.connection, newFleetName());
    const heard = await listen(store);
    await probed(store);
    const before = await grantOf(store, { target: 'other' });
    const replica = new Redis(setup.replica.url);
    await until(async () => (await replica.info('replication')).includes('slave_repl_offset'), {
      withinMs: 5_000,
      what: 'the replica to follow',
    });
    await setup.master.kill();
    await until(() => heard.dropped.length === 1, { withinMs: 5_000, what: 'the subscription to be dropped' });
    await until(async () => (await replica.info('replication')).includes('role:master'), {
      withinMs: 20_000,
      what: 'the failover',
    });
    replica.disconnect();
    await until(async () => (await store.time()).kind === 'ok', { withinMs: 5_000, what: 'the new master' });
    expect(await grantOf(store, { target: 'other', pod: 'a', reason: 'forced' })).toBeGreaterThanOrEqual(before);
    const again = await listen(store);
    expect(await probed(store, 'third')).toBeGreaterThan(before);
    await until(() => again.events.length >= 2, { withinMs: 2_000, what: 'events from the new master' });
    expect(ok(await store.readRecords(['third'])).length).toBe(1);
    await store.close();
  });
});
