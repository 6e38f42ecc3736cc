import { expect, it } from 'vitest';
import type { FleetStore, StoredRecord } from '../../../src/ports/index.ts';
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
  it('reads an empty store as one empty page', async () => {
    expect(ok(await bench.a.readRecords('0'))).toEqual({ cursor: '0', records: [] });
  });

  it('reads everything in pages, while others write', async () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => `t${index}`);
    await write(bench.a, ids);
    let cursor = '0';
    let pages = 0;
    const seen = new Map<string, StoredRecord>();
    do {
      const page = ok(await bench.b.readRecords(cursor));
      for (const { target, stored } of page.records) seen.set(target, stored);
      pages += 1;
      cursor = page.cursor;
      await write(
        bench.a,
        Array.from({ length: 50 }, (_, index) => `new${pages}x${index}`),
      );
      await bench.a.sweep({ pod: 'a', notAfter: FOREVER, records: [{ target: `new${pages}x0`, version: 1 }] });
    } while (cursor !== '0');
    expect(pages).toBeGreaterThan(2);
    expect(ids.filter((id) => seen.get(id)?.kind !== 'record')).toEqual([]);
  });

  it('shows no field whose name is no target', async () => {
    for (const field of [T1, 'no target', 'ü']) await bench.fleet.plant('records', field, planted({ version: 7 }));
    expect(ok(await bench.a.readRecords('0')).records.map(({ target }) => target)).toEqual([T1]);
  });

  it('forgets a record that is still of the version seen, with its lease', async () => {
    const version = await probed(bench.a);
    const { seq } = await metaOf(bench.a);
    const records = [
      { target: T1, version },
      { target: T2, version },
    ];
    const answer = await bench.b.sweep({ pod: 'b', notAfter: FOREVER, records });
    expect(answer).toMatchObject({ kind: 'ok', value: [T1], meta: { seq: seq + 1 } });
    expect(ok(await bench.a.readRecords('0')).records).toEqual([]);
    expect(await bench.fleet.texts('leases')).toEqual(new Map());
  });

  it('forgets nothing that was judged again, or is being probed', async () => {
    const version = await probed(bench.a);
    const before = await metaOf(bench.a);
    const stale = [{ target: T1, version: version - 1 }];
    expect(ok(await bench.b.sweep({ pod: 'b', notAfter: FOREVER, records: stale }))).toEqual([]);
    await grantOf(bench.a, { version, reason: 'confirmation' });
    const probing = [{ target: T1, version }];
    expect(ok(await bench.b.sweep({ pod: 'b', notAfter: FOREVER, records: probing }))).toEqual([]);
    expect(await metaOf(bench.a)).toMatchObject({ seq: before.seq });
  });

  it('forgets neither garbage nor what a newer version wrote', async () => {
    await probed(bench.a, 'any');
    const newer = planted({ version: 3 }).replace('"format":1', '"format":2');
    await bench.fleet.plant('records', T1, newer);
    await bench.fleet.plant('records', T2, 'rubbish');
    const records = [
      { target: T1, version: 3 },
      { target: T2, version: 0 },
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
    expect(ok(await bench.a.readRecords('0')).records).toHaveLength(1);
  });
});

async function write(store: FleetStore, ids: readonly string[]): Promise<void> {
  const evidenceAt = await nowOf(store);
  for (let from = 0; from < ids.length; from += 100) {
    const commits = ids.slice(from, from + 100).map((target) => commitRequest({ target, evidenceAt }));
    ok(await store.commit({ pod: 'a', notAfter: FOREVER, newEpoch: 'first', commits }));
  }
}
