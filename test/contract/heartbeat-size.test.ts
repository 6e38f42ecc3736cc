import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startRedisServer, type RedisServer } from '../../src/testing/redis-server/index.ts';
import { beat, member, nowOf, ok } from './fleet-store/under-test.ts';
import { connected, newFleetName } from './redis-fleet.ts';

let server: RedisServer;
let admin: Redis;

beforeAll(async () => {
  server = await startRedisServer();
  admin = new Redis(server.url);
});

afterAll(async () => {
  admin.disconnect();
  await server.stop();
});

const MEMBERS = 1_000;
const BEATS = 100;

it('a heartbeat among 1,000 members costs a few hundred bytes while nothing changes, and one member when one changes', async () => {
  const fleet = newFleetName();
  const store = await connected({ kind: 'single', host: server.host, port: server.port }, fleet);
  const ends = (await nowOf(store)) + 50_000_000;
  const texts = Array.from({ length: MEMBERS }, (_, i) => `${ends} ${JSON.stringify(member({ pod: `pod_${i}` }))}`);
  await admin.hset(`allswell:{${fleet}}:pods`, Object.fromEntries(texts.map((text, i) => [`pod_${i}`, text])));
  expect(ok(await store.heartbeat(beat({ pod: 'a' }))).members).toHaveLength(MEMBERS + 1);

  const calm = await bytesOf(async () => void ok(await store.heartbeat(beat({ pod: 'a' }))));
  expect(calm).toBeLessThan(300);
  const changing = await bytesOf(async (i) => {
    ok(await store.heartbeat(beat({ pod: 'a', version: String(i) })));
  });
  expect(changing).toBeLessThan(700);
  await store.close();
});

/** Bytes that the server answers to one turn of many. */
async function bytesOf(turn: (index: number) => Promise<void>): Promise<number> {
  const sent = async (): Promise<number> =>
    Number(/total_net_output_bytes:(\d+)/.exec(await admin.info('stats'))?.[1] ?? Number.NaN);
  const before = await sent();
  for (let i = 0; i < BEATS; i += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await turn(i);
  }
  return ((await sent()) - before) / BEATS;
}
