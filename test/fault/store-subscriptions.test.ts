import { queryObjects } from 'node:v8';
import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { until } from '../../src/testing/until.ts';
import { claimInput, listen, request } from '../contract/fleet-store/under-test.ts';
import type { Heard } from '../contract/fleet-store/under-test.ts';
import type { RedisStore } from '../../src/store/redis/index.ts';
import { adminOf, openConnected, openStore, serverFor, targetOf } from './store-support.ts';

const TIMES = 5;

describe('a subscription that ends', () => {
  it('leaves no client behind when the server cuts it (a client object for each cut, until the pod is restarted)', async () => {
    const server = await serverFor();
    const admin = adminOf(server);
    const store = await openConnected(server);
    await cutOnce(store, admin);
    const before = clientObjects();
    for (let i = 0; i < TIMES; i += 1) await cutOnce(store, admin);
    await forgotten(before);
    expect(await subscribers(admin)).toHaveLength(0);
    const heard = await listen(store);
    await store.claim(claimInput([request()]));
    await until(() => heard.events.length === 1, { withinMs: 2_000, what: 'an event after all that' });
  });

  it('leaves no client behind when it is closed, or when the store is closed while it is made', async () => {
    const server = await serverFor();
    const admin = adminOf(server);
    const store = await openConnected(server);
    const before = clientObjects();
    for (let i = 0; i < TIMES; i += 1) await (await listen(store)).subscription.close();
    await until(async () => (await subscribers(admin)).length === 0, { withinMs: 2_000, what: 'no subscriber' });
    await forgotten(before);

    const other = openStore(targetOf(server));
    const making = other.subscribe({ event() {}, garbage() {}, dropped() {} });
    await other.close();
    await making;
    await until(async () => (await subscribers(admin)).length === 0, { withinMs: 2_000, what: 'no subscriber' });
  });

  it('leaves no client behind when it could not be made', async () => {
    const server = await serverFor();
    const store = await openConnected(server);
    const silent = { event() {}, garbage() {}, dropped() {} };
    await server.kill();
    await store.subscribe(silent);
    const before = clientObjects();
    for (let i = 0; i < TIMES; i += 1) expect(await store.subscribe(silent)).toMatchObject({ kind: 'lost' });
    await forgotten(before);
  });
});

async function cutOnce(store: RedisStore, admin: Redis): Promise<void> {
  const heard: Heard = await listen(store);
  expect(await subscribers(admin)).toHaveLength(1);
  await admin.client('KILL', 'TYPE', 'PUBSUB');
  await until(() => heard.dropped.length === 1, { withinMs: 2_000, what: 'the end of the subscription' });
}

async function subscribers(admin: Redis): Promise<string[]> {
  return String(await admin.client('LIST', 'TYPE', 'PUBSUB'))
    .split('\n')
    .filter((line) => line !== '');
}

async function forgotten(before: number): Promise<void> {
  await until(() => clientObjects() <= before, {
    withinMs: 5_000,
    what: `no more than ${before} clients`,
    everyMs: 100,
  });
}

/** Clients that something still holds on to: the count is taken after a garbage collection. */
function clientObjects(): number {
  return queryObjects(Redis, { format: 'count' });
}
