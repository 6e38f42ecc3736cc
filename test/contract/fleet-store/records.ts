import { expect, it } from 'vitest';
import { MAX_BATCH } from '../../../src/ports/index.ts';
import type { FleetStore } from '../../../src/ports/index.ts';
import {
  commitRequest,
  FOREVER,
  grantOf,
  metaOf,
  nowOf,
  ok,
  planted,
  probed,
  T1,
  T2,
  suite,
  type Suite,
} from './under-test.ts';

export const describeRecords: Suite = suite('read and sweep records', (bench) => {
  it('reads the existing ones of the given records, among thousands of others', async () => {
    expect(ok(await bench.a.readRecords([T1]))).toEqual([]);
    const ids = Array.from({ length: 1_000 }, (_, index) => `t${index}`);
    await write(bench.a, ids);
    const asked = ids.slice(300, 300 + MAX_BATCH);
    const found = ok(await bench.b.readRecords(asked));
    expect(found.map(({ target }) => target)).toEqual(asked);
    expect(found.filter(({ stored }) => stored.kind !== 'record')).toEqual([]);
    expect(ok(await bench.b.readRecords(['t5', T1]))).toMatchObject([{ target: 't5' }]);
    expect(await bench.b.readRecords(['no target'])).toMatchObject({ kind: 'lost', loss: { code: 'error' } });
    expect(await bench.b.readRecords([...asked, T1])).toMatchObject({ kind: 'lost', loss: { code: 'error' } });
  });

  it('removes a record that still has the given version, with its lease', async () => {
    const version = await probed(bench.a);
    const { seq } = await metaOf(bench.a);
    const records = [
      { target: T1, version },
      { target: T2, version },
    ];
    const answer = await bench.b.sweep({ pod: 'b', notAfter: FOREVER, records });
    expect(answer).toMatchObject({ kind: 'ok', value: [T1], meta: { seq: seq + 1 } });
    expect(ok(await bench.a.readRecords([T1, T2]))).toEqual([]);
    expect(await bench.fleet.texts('leases')).toEqual(new Map());
  });

  it('keeps a record with a newer version or a live lease', async () => {
    const version = await probed(bench.a);
    const before = await metaOf(bench.a);
    const stale = [{ target: T1, version: version - 1 }];
    expect(ok(await bench.b.sweep({ pod: 'b', notAfter: FOREVER, records: stale }))).toEqual([]);
    await grantOf(bench.a, { version, reason: 'confirmation' });
    const probing = [{ target: T1, version }];
    expect(ok(await bench.b.sweep({ pod: 'b', notAfter: FOREVER, records: probing }))).toEqual([]);
    expect(await metaOf(bench.a)).toMatchObject({ seq: before.seq });
  });

  it('keeps a record with a valid header and garbage JSON, and one that a newer version wrote', async () => {
    await probed(bench.a, 'any');
    const newer = planted({ version: 3 }).replace('"format":2', '"format":3');
    await bench.fleet.plant('records', T1, newer);
    await bench.fleet.plant('records', T2, 'rubbish');
    const records = [
      { target: T1, version: 3 },
      { target: T1, version: 0 },
      { target: T2, version: 3 },
    ];
    expect(ok(await bench.a.sweep({ pod: 'a', notAfter: FOREVER, records }))).toEqual([]);
    const left = await bench.fleet.texts('records');
    expect([left.get(T1), left.get(T2)]).toEqual([newer, 'rubbish']);
  });

  it('sweeps nothing once the store is past notAfter', async () => {
    const version = await probed(bench.a);
    const notAfter = (await nowOf(bench.a)) - 1;
    const records = [{ target: T1, version }];
    expect(await bench.a.sweep({ pod: 'a', notAfter, records })).toMatchObject({ kind: 'too-late' });
    expect(ok(await bench.a.readRecords([T1, T2]))).toHaveLength(1);
  });
});

async function write(store: FleetStore, ids: readonly string[]): Promise<void> {
  const evidenceAt = await nowOf(store);
  for (let from = 0; from < ids.length; from += 100) {
    const commits = ids.slice(from, from + 100).map((target) => commitRequest({ target, evidenceAt }));
    ok(await store.commit({ pod: 'a', notAfter: FOREVER, newEpoch: 'first', commits }));
  }
}
