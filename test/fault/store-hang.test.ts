import { describe, expect, it } from 'vitest';
import type { RedisStore } from '../../src/store/redis/index.ts';
import type { RedisServer } from '../../src/testing/redis-server/index.ts';
import { until } from '../../src/testing/until.ts';
import {
  claimInput,
  commitRequest,
  FOREVER,
  listen,
  metaOf,
  nowOf,
  ok,
  request,
  T1,
} from '../contract/fleet-store/under-test.ts';
import {
  adminOf,
  answering,
  DEADLINE_MS,
  KEYS,
  lossOf,
  onEnd,
  openConnected,
  openStore,
  serverFor,
  SLACK_MS,
  targetOf,
  timed,
} from './store-support.ts';

describe('a store that hangs with its sockets open', () => {
  it('answers timeout within the deadline, and the claim that runs late grants nothing', async () => {
    const server = await serverFor();
    const store = await openWarm(server);
    const notAfter = (await nowOf(store)) + DEADLINE_MS * 1000;
    server.pause();
    onEnd(() => server.resume());
    const { value, ms } = await timed(store.claim(claimInput([request()], { notAfter })));
    expect(lossOf(value).code).toBe('timeout');
    expect(ms).toBeLessThan(DEADLINE_MS + SLACK_MS);
    server.resume();

    const other = await openConnected(server);
    const [answer] = ok(await other.claim(claimInput([request()], { pod: 'b' })));
    expect(answer).toMatchObject({ kind: 'granted' });
    await lateScriptsRan(server);
    expect(ok(await other.readLeases([T1]))).toMatchObject([{ target: T1, pod: 'b' }]);
  });

  it('would let a late claim through if it had no end: what a caller gave up still runs', async () => {
    const server = await serverFor();
    const store = await openWarm(server);
    server.pause();
    onEnd(() => server.resume());
    expect(lossOf(await store.claim(claimInput([request()], { notAfter: FOREVER }))).code).toBe('timeout');
    server.resume();
    const other = await openConnected(server);
    await lateScriptsRan(server);
    expect(ok(await other.readLeases([T1]))).toMatchObject([{ target: T1, pod: 'a' }]);
  });

  it('lets a commit that runs late change nothing', async () => {
    const server = await serverFor();
    const store = await openWarm(server);
    const [granted] = ok(await store.claim(claimInput([request()])));
    const { grant } = granted as { grant: number };
    const notAfter = (await nowOf(store)) + DEADLINE_MS * 1000;
    server.pause();
    onEnd(() => server.resume());
    const commits = [commitRequest({ grant })];
    expect(lossOf(await store.commit({ pod: 'a', notAfter, newEpoch: 'late', commits })).code).toBe('timeout');
    server.resume();
    await answering(store, 5_000);
    await lateScriptsRan(server);
    expect(await metaOf(store)).toMatchObject({ epoch: '', seq: 0 });
    expect(await adminOf(server).exists(KEYS.records)).toBe(0);
  });

  it('lets a hold that is decided late change nothing', async () => {
    const server = await serverFor();
    const store = await openWarm(server);
    const notAfter = (await nowOf(store)) + DEADLINE_MS * 1000;
    server.pause();
    onEnd(() => server.resume());
    const holds = [{ key: T1, kind: 'drain', until: null, by: 'ops', reason: 'late' }] as const;
    expect(lossOf(await store.hold({ pod: 'a', notAfter, newEpoch: 'late', holds })).code).toBe('timeout');
    server.resume();
    await answering(store, 5_000);
    await lateScriptsRan(server);
    expect(await metaOf(store)).toMatchObject({ epoch: '', seq: 0 });
    expect(await adminOf(server).exists(KEYS.holds)).toBe(0);
  });

  it('never answers later than the deadline while it lasts, and comes back by itself', async () => {
    const server = await serverFor();
    const store = await openConnected(server);
    server.pause();
    onEnd(() => server.resume());
    const endsAt = performance.now() + 4_500;
    const codes = new Set<string>();
    let slowest = 0;
    while (performance.now() < endsAt) {
      const { value, ms } = await timed(store.time());
      codes.add(lossOf(value).code);
      slowest = Math.max(slowest, ms);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(slowest).toBeLessThan(DEADLINE_MS + SLACK_MS);
    expect([...codes].filter((code) => code !== 'timeout' && code !== 'disconnected')).toEqual([]);
    server.resume();
    expect(await answering(store, 5_000)).toBeLessThan(2_000);
  });

  it('does not reset the connection on a first timeout, but after three seconds without an answer', async () => {
    const server = await serverFor();
    const store = await openConnected(server);
    const clients = adminOf(server);
    const before = await storeClients(clients);
    server.pause();
    onEnd(() => server.resume());
    await store.time();
    server.resume();
    await answering(store, 5_000);
    expect(await storeClients(clients)).toEqual(before);

    server.pause();
    const endsAt = performance.now() + 4_000;
    while (performance.now() < endsAt) await store.time();
    server.resume();
    await answering(store, 5_000);
    await until(async () => (await storeClients(clients)).every((id) => !before.includes(id)), {
      withinMs: 5_000,
      what: 'another connection',
    });
  });

  it('opens at once on a server that hangs, and bounds every command and the subscription', async () => {
    const server = await serverFor();
    server.pause();
    onEnd(() => server.resume());
    const { value: store, ms } = await timed(Promise.resolve().then(() => openStore(targetOf(server))));
    expect(ms).toBeLessThan(100);
    expect((await timed(store.time())).ms).toBeLessThan(DEADLINE_MS + SLACK_MS);
    const { value: subscribed, ms: subscribeMs } = await timed(
      store.subscribe({ event() {}, garbage() {}, dropped() {} }),
    );
    expect(subscribed.kind).toBe('lost');
    expect(subscribeMs).toBeLessThan(2 * DEADLINE_MS + SLACK_MS);
    const closing = await timed(store.close());
    expect(closing.ms).toBeLessThan(500);
  });

  it('shows by ping that a subscription hangs, and drops it after three silent seconds', async () => {
    const server = await serverFor();
    const store = await openConnected(server);
    const heard = await listen(store);
    server.pause();
    onEnd(() => server.resume());
    const { value, ms } = await timed(heard.subscription.ping());
    expect(value).toMatchObject({ kind: 'lost', loss: { code: 'timeout' } });
    expect(ms).toBeLessThan(DEADLINE_MS + SLACK_MS);
    await until(() => heard.dropped.length === 1, { withinMs: 5_000, what: 'the subscription to be dropped' });
    expect(await heard.subscription.ping()).toMatchObject({ kind: 'lost' });
    server.resume();
    await answering(store, 5_000);
    const again = await listen(store);
    await store.claim(claimInput([request()]));
    await until(() => again.events.length === 1, { withinMs: 2_000, what: 'the event after subscribing again' });
    expect(heard.dropped).toHaveLength(1);
  });
});

/** A store whose scripts the server knows, so that what is sent while it hangs is the script itself. */
async function openWarm(server: RedisServer): Promise<RedisStore> {
  const store = await openConnected(server);
  ok(await store.claim(claimInput([])));
  ok(await store.commit({ pod: 'a', notAfter: FOREVER, newEpoch: 'warm', commits: [] }));
  return store;
}

/** Commands that the server received while it hung have run once it has answered a later client twice. */
async function lateScriptsRan(server: RedisServer): Promise<void> {
  const admin = adminOf(server);
  await admin.ping();
  await admin.ping();
}

async function storeClients(admin: ReturnType<typeof adminOf>): Promise<string[]> {
  const lines = String(await admin.client('LIST', 'TYPE', 'NORMAL')).split('\n');
  return lines
    .filter((line) => line.includes('cmd=eval'))
    .map((line) => /\bid=(\d+)/.exec(line)?.[1] ?? '')
    .toSorted();
}
