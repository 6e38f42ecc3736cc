import { Redis, type Cluster } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cooldownText } from '../../src/litellm/index.ts';
import type { CooldownStore, RedisTarget } from '../../src/ports/index.ts';
import { openCooldownStore } from '../../src/store/redis/index.ts';
import { startRedisServer, type RedisServer } from '../../src/testing/redis-server/index.ts';
import { until } from '../../src/testing/until.ts';
import { quiet, realClock } from './redis-fleet.ts';
import { startCluster, type TestCluster } from './servers/cluster.ts';
import { startSentinel, type TestSentinel } from './servers/sentinel.ts';

let server: RedisServer;
let admin: Redis;
let cluster: TestCluster;
let watched: TestSentinel;
let master: Redis;

beforeAll(async () => {
  server = await startRedisServer();
  admin = new Redis(server.url);
  cluster = await startCluster();
  watched = await startSentinel();
  master = new Redis(watched.master.url);
  master.on('error', () => undefined);
});

afterAll(async () => {
  admin.disconnect();
  master.disconnect();
  await server.stop();
  await cluster.stop();
  await watched.stop();
});

const cooldown = { status: 503, reason: 'down', atSeconds: 1, seconds: 3 };
const text = cooldownText(cooldown);
const theirs = '{"exception_received": "x", "status_code": "429", "timestamp": 1, "cooldown_time": 60}';
let names = 0;

function newId(): string {
  names += 1;
  return `m${names}`;
}

async function opened(connection: RedisTarget, namespace: string | null): Promise<CooldownStore> {
  const parts = { commandTimeoutMs: 2_000, logger: quiet, clock: realClock, jitter: () => 0 };
  const store = openCooldownStore({ connection, namespace, ...parts });
  // Keys of many slots, so that the connection to each node of a cluster has begun.
  const ids = Array.from({ length: 20 }, (_, at) => `any${at}`);
  await until(async () => (await store.read(ids)).kind === 'ok', { withinMs: 10_000, what: 'the connections' });
  return store;
}

interface Place {
  readonly connection: RedisTarget;
  readonly admin: Redis | Cluster;
}

function describeCooldowns(name: string, place: () => Place): void {
  describe(`cooldowns on ${name}`, () => {
    const withStore = async (work: (store: CooldownStore) => Promise<void>, namespace: string | null = null) => {
      const store = await opened(place().connection, namespace);
      try {
        await work(store);
      } finally {
        await store.close();
      }
    };

    it('are kept for their life and no longer', async () => {
      await withStore(async (store) => {
        const id = newId();
        expect(await store.write({ cooldowns: new Map([[id, cooldown]]), lifeMs: 3_000 })).toEqual({
          kind: 'ok',
          value: new Map([[id, 'written']]),
        });
        expect(await place().admin.get(`deployment:${id}:cooldown`)).toBe(text);
        const left = await place().admin.pttl(`deployment:${id}:cooldown`);
        expect(left).toBeGreaterThan(0);
        expect(left).toBeLessThanOrEqual(3_000);
        expect(await store.read([id, newId()])).toEqual({
          kind: 'ok',
          value: new Map([[id, { by: 'allswell', status: 503, atSeconds: 1, seconds: 3 }]]),
        });
      });
    });

    it("leave LiteLLM's own cooldown, if it lasts longer", async () => {
      await withStore(async (store) => {
        const id = newId();
        await place().admin.set(`deployment:${id}:cooldown`, theirs, 'PX', 60_000);
        expect(await store.write({ cooldowns: new Map([[id, cooldown]]), lifeMs: 3_000 })).toMatchObject({
          value: new Map([[id, 'theirs']]),
        });
        expect(await place().admin.get(`deployment:${id}:cooldown`)).toBe(theirs);
      });
    });

    it("follow LiteLLM's own cooldown, if that ends sooner", async () => {
      await withStore(async (store) => {
        const id = newId();
        await place().admin.set(`deployment:${id}:cooldown`, theirs, 'PX', 500);
        await store.write({ cooldowns: new Map([[id, cooldown]]), lifeMs: 3_000 });
        expect(await place().admin.get(`deployment:${id}:cooldown`)).toBe(text);
      });
    });

    it('end at once if allswell wrote them, and stay if LiteLLM did', async () => {
      await withStore(async (store) => {
        const [ours, other, none] = [newId(), newId(), newId()];
        await store.write({ cooldowns: new Map([[ours, cooldown]]), lifeMs: 3_000 });
        await place().admin.set(`deployment:${other}:cooldown`, theirs, 'PX', 500);
        const ends = new Map([ours, other, none].map((id) => [id, null]));
        expect(await store.write({ cooldowns: ends, lifeMs: 3_000 })).toEqual({
          kind: 'ok',
          value: new Map([
            [ours, 'ended'],
            [other, 'none'],
            [none, 'none'],
          ]),
        });
        expect(await place().admin.get(`deployment:${ours}:cooldown`)).toBeNull();
        expect(await place().admin.get(`deployment:${other}:cooldown`)).toBe(theirs);
      });
    });

    it('never replace a value that is not text', async () => {
      await withStore(async (store) => {
        const id = newId();
        await place().admin.hset(`deployment:${id}:cooldown`, 'a', 'b');
        expect(await store.read([id])).toEqual({ kind: 'ok', value: new Map() });
        expect(await store.write({ cooldowns: new Map([[id, cooldown]]), lifeMs: 3_000 })).toMatchObject({
          value: new Map([[id, 'blocked']]),
        });
        expect(await store.write({ cooldowns: new Map([[id, null]]), lifeMs: 3_000 })).toMatchObject({
          value: new Map([[id, 'none']]),
        });
        expect(await place().admin.hget(`deployment:${id}:cooldown`, 'a')).toBe('b');
      });
    });

    it('are not written once all that the guard of a pool leaves have a cooldown in force', async () => {
      await withStore(async (store) => {
        const [fails, other, third, free] = [newId(), newId(), newId(), newId()];
        const keep = async (leaves: readonly string[][], atSeconds = 1) => {
          const cooldowns = new Map([fails, free].map((id) => [id, { ...cooldown, atSeconds }]));
          const answer = await store.write({ cooldowns, lifeMs: 3_000, guards: [{ cools: [fails], leaves }] });
          return answer.kind === 'ok' ? Object.fromEntries(answer.value) : answer;
        };
        await store.write({ cooldowns: new Map([[other, cooldown]]), lifeMs: 3_000 });
        await place().admin.set(`deployment:${third}:cooldown`, theirs, 'PX', 60_000);
        expect(await keep([[other], [third]])).toEqual({ [fails]: 'last', [free]: 'written' });
        expect(await place().admin.get(`deployment:${fails}:cooldown`)).toBeNull();
        expect(await keep([['untouched', other]])).toMatchObject({ [fails]: 'last' });
        expect(await keep([[other], [third], ['untouched']])).toEqual({ [fails]: 'written', [free]: 'written' });
        expect(await keep([[third]])).toMatchObject({ [fails]: 'last' });
        // LiteLLM's own is over at 61.
        expect(await keep([[third]], 61)).toMatchObject({ [fails]: 'written' });
        await store.write({ cooldowns: new Map([[other, null]]), lifeMs: 3_000 });
        expect(await keep([[other]])).toMatchObject({ [fails]: 'written' });
      });
    });

    it('are guarded by the keys with and without the namespace', async () => {
      const [fails, other] = [newId(), newId()];
      const keep = async (store: CooldownStore) =>
        await store.write({
          cooldowns: new Map([[fails, cooldown]]),
          lifeMs: 3_000,
          guards: [{ cools: [fails], leaves: [[other]] }],
        });
      await withStore(async (store) => {
        const first = await store.write({ cooldowns: new Map([[other, cooldown]]), lifeMs: 3_000 });
        expect(first).toMatchObject({ value: new Map([[other, 'written']]) });
      });
      await withStore(async (store) => {
        expect(await keep(store)).toMatchObject({ value: new Map([[fails, 'last']]) });
        await place().admin.del(`deployment:${other}:cooldown`);
        expect(await keep(store)).toMatchObject({ value: new Map([[fails, 'written']]) });
      }, 'team');
    });

    it.each([theirs, theirs.replaceAll('"', "'")])(
      'replace a text of LiteLLM that is over and has no expiry: %s',
      async (dead) => {
        await withStore(async (store) => {
          const id = newId();
          const keep = async (atSeconds: number) =>
            await store.write({ cooldowns: new Map([[id, { ...cooldown, atSeconds }]]), lifeMs: 3_000 });
          await place().admin.set(`deployment:${id}:cooldown`, dead);
          expect(await keep(60.9)).toMatchObject({ value: new Map([[id, 'theirs']]) });
          expect(await place().admin.get(`deployment:${id}:cooldown`)).toBe(dead);
          expect(await keep(61)).toMatchObject({ value: new Map([[id, 'written']]) });
          expect(await place().admin.get(`deployment:${id}:cooldown`)).toContain('allswell');
        });
      },
    );

    it.each(['x', '', '{"timestamp": 1}', 'x'.repeat(10_000)])(
      'never replace a text that is no cooldown',
      async (value) => {
        await withStore(async (store) => {
          const id = newId();
          await place().admin.set(`deployment:${id}:cooldown`, value);
          expect(await store.write({ cooldowns: new Map([[id, cooldown]]), lifeMs: 3_000 })).toMatchObject({
            value: new Map([[id, 'blocked']]),
          });
          expect(await place().admin.get(`deployment:${id}:cooldown`)).toBe(value);
        });
      },
    );

    it('are written with and without the namespace, and read from both', async () => {
      await withStore(async (store) => {
        const [id, other] = [newId(), newId()];
        await store.write({ cooldowns: new Map([[id, cooldown]]), lifeMs: 3_000 });
        expect(await place().admin.get(`team:deployment:${id}:cooldown`)).toBe(text);
        expect(await place().admin.get(`deployment:${id}:cooldown`)).toBe(text);
        await place().admin.set(`team:deployment:${other}:cooldown`, theirs, 'PX', 500);
        const found = await store.read([other]);
        expect(found.kind === 'ok' ? found.value.get(other) : found).toMatchObject({
          by: 'litellm',
        });
      }, 'team');
    });

    it.each(['team:', ''])(
      "show LiteLLM's own under '%s', also beside one of ours under the other key",
      async (prefix) => {
        await withStore(async (store) => {
          const id = newId();
          await place().admin.set(`${prefix}deployment:${id}:cooldown`, theirs, 'PX', 60_000);
          await store.write({ cooldowns: new Map([[id, cooldown]]), lifeMs: 3_000 });
          const found = await store.read([id]);
          expect(found.kind === 'ok' ? found.value.get(id) : found).toMatchObject({ by: 'litellm', seconds: 60 });
        }, 'team');
      },
    );
  });
}

describeCooldowns('redis', () => ({ connection: { kind: 'single', host: server.host, port: server.port }, admin }));
describeCooldowns('redis cluster', () => ({ connection: cluster.connection, admin: cluster.admin }));
describeCooldowns('the master that sentinels watch', () => ({ connection: watched.connection, admin: master }));

describe('cooldowns of many deployments', () => {
  it('cost one command to read and one to keep', async () => {
    const store = await opened({ kind: 'single', host: server.host, port: server.port }, null);
    const ids = Array.from({ length: 2_000 }, newId);
    await store.write({ cooldowns: new Map([[newId(), cooldown]]), lifeMs: 1_000 });
    await admin.config('RESETSTAT');
    await store.read(ids);
    await store.write({ cooldowns: new Map(ids.slice(0, 500).map((id) => [id, cooldown])), lifeMs: 1_000 });
    const stats = await admin.info('commandstats');
    expect(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1]).toBe('2');
    expect(stats).not.toMatch(/cmdstat_(?:mget|get):/);
    await store.close();
  });

  it('are read without the whole of what a key holds', async () => {
    const store = await opened({ kind: 'single', host: server.host, port: server.port }, null);
    const [huge, long, marked] = [newId(), newId(), newId()];
    const sentBytes = async (): Promise<number> =>
      Number(/total_net_output_bytes:(\d+)/.exec(await admin.info('stats'))?.[1]);
    await admin.setrange(`deployment:${huge}:cooldown`, 20_000_000, 'x');
    await admin.set(`deployment:${long}:cooldown`, theirs.replace('"x"', `"${'x'.repeat(10_000)}"`));
    await admin.set(`deployment:${marked}:cooldown`, cooldownText({ ...cooldown, reason: 'x'.repeat(10_000) }));
    const before = await sentBytes();
    expect(await store.read([huge, long, marked])).toEqual({
      kind: 'ok',
      value: new Map([
        [long, { by: 'litellm', status: 429, atSeconds: 1, seconds: 60 }],
        [marked, { by: 'allswell', status: 503, atSeconds: 1, seconds: 3 }],
      ]),
    });
    expect((await sentBytes()) - before).toBeLessThan(50_000);
    await store.close();
  });

  it('are reported as lost, with the reason, while the server is away', async () => {
    const parts = { commandTimeoutMs: 200, logger: quiet, clock: realClock, jitter: () => 0 };
    const store = openCooldownStore({
      connection: { kind: 'single', host: '127.0.0.1', port: 1 },
      namespace: null,
      ...parts,
    });
    expect(await store.read(['a'])).toMatchObject({ kind: 'lost' });
    await store.close();
  });
});
