import { expect, it } from 'vitest';
import { claim, grantOf, HOUR_MS, nowOf, planted, T1, suite, commit, type Suite } from './under-test.ts';

const DAY_US = 24 * HOUR_MS * 1000;
const SECOND_US = 1_000_000;

/** The store's clock can step back at a failover, and anybody can plant a time: nothing may be stuck for it. */
export const describeClamps: Suite = suite('times that lie ahead of the store', (bench) => {
  it('cuts a foreign lease to the lease time, so that it ends', async () => {
    const now = await nowOf(bench.a);
    await bench.fleet.plant('leases', T1, `${now} b ${now + DAY_US} ${now} 1`);
    const first = await claim(bench.a, { ttlMs: 2_000 });
    expect(first).toMatchObject({ kind: 'held', by: 'b' });
    const { until } = first as { until: number };
    expect(until).toBeLessThan(now + 10 * SECOND_US);
    expect(await claim(bench.a, { ttlMs: 2_000 })).toMatchObject({ kind: 'held', until });
  });

  it('treats evidence from far ahead as one interval old: due within half an interval', async () => {
    const now = await nowOf(bench.a);
    await bench.fleet.plant('records', T1, planted({ evidenceAt: now + DAY_US, nextDueAt: now + 2 * DAY_US }));
    const answer = await claim(bench.a, { version: 1, everyMs: 60_000 });
    expect(answer.kind).not.toBe('held');
    const dueAt = answer.kind === 'not-due' ? answer.dueAt : now;
    expect(dueAt).toBeLessThan((await nowOf(bench.a)) + 31 * SECOND_US);
  });

  it('does not probe again at once because of evidence slightly ahead', async () => {
    const now = await nowOf(bench.a);
    await bench.fleet.plant('records', T1, planted({ evidenceAt: now + 5 * SECOND_US, nextDueAt: now + DAY_US }));
    expect(await claim(bench.a, { version: 1 })).toMatchObject({ kind: 'not-due' });
  });

  it('believes nobody who expects the next probe later than two intervals after the evidence', async () => {
    const now = await nowOf(bench.a);
    const evidenceAt = now - 60 * SECOND_US;
    await bench.fleet.plant('records', T1, planted({ version: 5, evidenceAt, nextDueAt: now + DAY_US }));
    const waiting = await claim(bench.a, { version: 4, everyMs: 60_000 });
    expect(waiting).toMatchObject({ kind: 'not-due', dueAt: evidenceAt + 120 * SECOND_US });
    expect(await claim(bench.a, { version: 4, everyMs: 30_000 })).toMatchObject({ kind: 'granted' });
  });

  it('does not reuse evidence from far ahead for a forced check', async () => {
    const now = await nowOf(bench.a);
    await bench.fleet.plant('records', T1, planted({ evidenceAt: now + DAY_US }));
    expect(await claim(bench.a, { version: 1, reason: 'forced' })).toMatchObject({ kind: 'granted' });
  });

  it('opens the guard when its window begins in the future', async () => {
    const now = await nowOf(bench.a);
    await bench.fleet.plant('leases', T1, `${now} b 0 ${now + DAY_US} 3`);
    expect(await claim(bench.a)).toMatchObject({ kind: 'granted' });
  });

  it('lets a probe replace evidence from far ahead', async () => {
    const now = await nowOf(bench.a);
    await bench.fleet.plant('records', T1, planted({ evidenceAt: now + DAY_US }));
    const grant = await grantOf(bench.a, { version: 1, reason: 'forced' });
    expect(await commit(bench.a, { grant, expectedVersion: 1 })).toMatchObject({ kind: 'ok' });
  });
});
