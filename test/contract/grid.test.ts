import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gridDue } from '../../src/health/index.ts';
import { startRedisServer, type RedisServer } from '../../src/testing/redis-server/index.ts';
import { claimInput, ok, planted, request } from './fleet-store/under-test.ts';
import { redisFleet } from './redis-fleet.ts';

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

const hex = fc
  .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 8, maxLength: 12 })
  .map((all) => all.join(''));
const ageUs = fc.integer({ min: 0, max: 400_000_000 });
const everyMs = fc.oneof(fc.integer({ min: 1, max: 400_000 }), fc.constantFrom(1, 7, 5_000, 30_000, 300_000));
const probe = fc.record({ id: hex, ageUs, everyMs });

describe('the grid in Lua', () => {
  it('equals the one in src/health, to the microsecond, for any target, evidence and interval', async () => {
    const fleet = redisFleet({ kind: 'single', host: server.host, port: server.port }, admin);
    const store = await fleet.open();
    const batch = fc.uniqueArray(probe, { minLength: 20, maxLength: 100, selector: ({ id }) => id });
    let waiting = 0;
    await fc.assert(
      fc.asyncProperty(batch, async (probes) => {
        await fleet.flush();
        const time = await store.time();
        const from = time.kind === 'ok' ? time.meta.now : 0;
        const rows = probes.map((row) => ({ ...row, evidenceAt: from - row.ageUs }));
        await Promise.all(rows.map((row) => fleet.plant('records', row.id, planted({ evidenceAt: row.evidenceAt }))));
        const requests = rows.map((row) => request({ target: row.id, everyMs: row.everyMs, version: 1 }));
        const answer = await store.claim(claimInput(requests));
        const answers = ok(answer);
        const now = answer.kind === 'ok' ? answer.meta.now : 0;
        const expected = rows.map((row) => gridDue(row.evidenceAt, row.id, row.everyMs));
        const dueAt = answers.map((found, index) => (found.kind === 'not-due' ? found.dueAt : expected[index]));
        expect(dueAt).toEqual(expected);
        expect(answers.map(({ kind }) => kind)).toEqual(expected.map((due) => (now >= due ? 'granted' : 'not-due')));
        waiting += answers.filter(({ kind }) => kind === 'not-due').length;
      }),
      { numRuns: 60 },
    );
    expect(waiting).toBeGreaterThan(100);
    await store.close();
  });
});
