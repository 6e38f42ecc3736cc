import { expect, it } from 'vitest';
import { MAX_BATCH } from '../../../src/ports/index.ts';
import { claim, FOREVER, grantOf, nowOf, ok, T1, T2, suite, type Suite } from './under-test.ts';

export const describeLeases: Suite = suite('renew, release and read leases', (bench) => {
  it('renews the live leases of the pod and names those it no longer holds', async () => {
    const grant = await grantOf(bench.a, { ttlMs: 5_000 });
    const leases = [
      { target: T1, grant },
      { target: T2, grant },
    ];
    const { until, lost } = ok(await bench.a.renew({ pod: 'a', ttlMs: 8_000, notAfter: FOREVER, leases }));
    expect(lost).toEqual([T2]);
    expect(ok(await bench.b.readLeases([T1, T2]))).toEqual([{ target: T1, pod: 'a', grant, until }]);
    expect(until).toBeGreaterThan(grant + 5_000_000);
  });

  it('does not renew a lease of another pod, of another grant, or one that has expired', async () => {
    const grant = await grantOf(bench.a);
    const before = await bench.fleet.texts('leases');
    const foreign = { pod: 'b', ttlMs: 60_000, notAfter: FOREVER, leases: [{ target: T1, grant }] };
    expect(ok(await bench.b.renew(foreign)).lost).toEqual([T1]);
    const older = { ...foreign, pod: 'a', leases: [{ target: T1, grant: grant - 1 }] };
    expect(ok(await bench.a.renew(older)).lost).toEqual([T1]);
    expect(await bench.fleet.texts('leases')).toEqual(before);

    const now = await nowOf(bench.a);
    await bench.fleet.plant('leases', T1, `${grant} a ${now} ${grant} 1`);
    expect(ok(await bench.a.renew({ ...foreign, pod: 'a' })).lost).toEqual([T1]);
  });

  it('ends a lease that is given back, so that the next pod need not wait', async () => {
    const grant = await grantOf(bench.a);
    ok(await bench.a.release({ pod: 'a', notAfter: FOREVER, leases: [{ target: T1, grant }] }));
    expect(ok(await bench.a.readLeases([T1, T2]))).toEqual([]);
    expect(await claim(bench.b, { pod: 'b' })).toMatchObject({ kind: 'granted' });
  });

  it('does not release a lease that another pod holds now', async () => {
    const mine = await grantOf(bench.a);
    ok(await bench.a.release({ pod: 'a', notAfter: FOREVER, leases: [{ target: T1, grant: mine }] }));
    const theirs = await grantOf(bench.b, { pod: 'b' });
    for (const grant of [mine, theirs]) {
      ok(await bench.a.release({ pod: 'a', notAfter: FOREVER, leases: [{ target: T1, grant }] }));
    }
    expect(ok(await bench.a.readLeases([T1, T2]))).toMatchObject([{ pod: 'b', grant: theirs }]);
  });

  it('does not release the lease of a newer grant of the same pod', async () => {
    const older = await grantOf(bench.a);
    await bench.fleet.plant('leases', T1, `${older} a 0 ${older} 1`);
    const newer = await grantOf(bench.a);
    ok(await bench.a.release({ pod: 'a', notAfter: FOREVER, leases: [{ target: T1, grant: older }] }));
    expect(ok(await bench.a.readLeases([T1, T2]))).toMatchObject([{ pod: 'a', grant: newer }]);
  });

  it('keeps the grant of an ended lease, so that the next one is larger', async () => {
    const ahead = (await nowOf(bench.a)) + 60_000_000;
    await bench.fleet.plant('leases', T1, `${ahead} b 0 0 0`);
    expect(await grantOf(bench.a)).toBe(ahead + 1);
  });

  it('lists live leases only', async () => {
    const now = await nowOf(bench.a);
    await bench.fleet.plant('leases', T1, `${now} b ${now - 1} ${now} 1`);
    await bench.fleet.plant('leases', T2, `${now} b 0 ${now} 1`);
    const grant = await grantOf(bench.a, { target: 'live' });
    expect(ok(await bench.b.readLeases([T1, T2, 'live']))).toMatchObject([{ target: 'live', pod: 'a', grant }]);
  });

  it('lists a full batch of leases, among thousands of others', async () => {
    const now = await nowOf(bench.a);
    const targets = Array.from({ length: 2_500 }, (_, index) => `t${index}`);
    await Promise.all(
      targets.map((target) => bench.fleet.plant('leases', target, `${now} b ${now + 60_000_000} ${now} 1`)),
    );
    const asked = targets.slice(0, MAX_BATCH);
    expect(ok(await bench.a.readLeases(asked)).map(({ target }) => target)).toEqual(asked);
    expect(await bench.a.readLeases([...asked, T1])).toMatchObject({ kind: 'lost', loss: { code: 'error' } });
  });

  it('does nothing once the store is past notAfter', async () => {
    const grant = await grantOf(bench.a);
    const before = await bench.fleet.texts('leases');
    const notAfter = (await nowOf(bench.a)) - 1;
    const leases = [{ target: T1, grant }];
    expect(await bench.a.renew({ pod: 'a', ttlMs: 60_000, notAfter, leases })).toMatchObject({ kind: 'too-late' });
    expect(await bench.a.release({ pod: 'a', notAfter, leases })).toMatchObject({ kind: 'too-late' });
    expect(await bench.fleet.texts('leases')).toEqual(before);
  });
});
