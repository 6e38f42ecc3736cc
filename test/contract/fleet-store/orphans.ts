import { expect, it } from 'vitest';
import { MAX_BATCH, SAMPLE_NAMES } from '../../../src/ports/index.ts';
import {
  claim,
  FOREVER,
  metaOf,
  nowOf,
  ok,
  planted,
  probed,
  suite,
  T1,
  T2,
  type Bench,
  type Suite,
} from './under-test.ts';

/** What is left of targets that have no record, and how it is found. */
export const describeOrphans: Suite = suite('sample and sweep orphaned data', (bench) => {
  it('removes 501 orphaned leases, with budgets and history, in bounded samples', async () => {
    const version = await probed(bench.a);
    const now = await nowOf(bench.a);
    for (let i = 0; i < 501; i += 1) {
      await bench.fleet.plant('leases', `stray${i}`, `${now} x 0 ${now} 1`);
      await bench.fleet.plant('budget', `stray${i}${['', ':held', ':0', ':1'][i % 4]}`, '1 1 1 1');
      await bench.fleet.plant('history', `stray${i}`, '7 {}');
    }
    const { seq } = await metaOf(bench.a);
    const largest = await sweepAll(bench);
    expect(largest).toBeLessThanOrEqual(4 * SAMPLE_NAMES);
    for (const key of ['leases', 'budget', 'history'] as const) {
      const left = [...(await bench.fleet.texts(key)).keys()].filter((field) => field.startsWith('stray'));
      expect(left, key).toEqual([]);
    }
    expect((await bench.fleet.texts('leases')).has(T1)).toBe(true);
    expect(ok(await bench.a.readRecords([T1]))).toMatchObject([{ stored: { kind: 'record', record: { version } } }]);
    // No record went, so no pod need hear of it.
    expect(await metaOf(bench.a)).toMatchObject({ seq });
  });

  it('finds few orphaned leases among many others', async () => {
    const now = await nowOf(bench.a);
    for (let i = 0; i < 3 * SAMPLE_NAMES; i += 1) await bench.fleet.plant('leases', `kept${i}`, `${now} x 0 ${now} 1`);
    for (let i = 0; i < 5; i += 1) await bench.fleet.plant('leases', `stray${i}`, `${now} x 0 ${now} 1`);
    const met = new Set<string>();
    // One of them is missed by 200 samples at random once in 10³⁴ times.
    for (let samples = 0; samples < 200 && met.size < 5; samples += 1) {
      const { targets } = ok(await bench.a.sample({ pod: 'a', notAfter: FOREVER }));
      expect(targets.length).toBeLessThanOrEqual(SAMPLE_NAMES);
      for (const { target } of targets) if (target.startsWith('stray')) met.add(target);
    }
    expect(met.size).toBe(5);
  });

  it('keeps data of targets with a record or a live lease', async () => {
    await probed(bench.a);
    await claim(bench.a, { target: T2 });
    const before = await bench.fleet.texts('leases');
    const records = [T1, T2].map((target) => ({ target, version: 0 }));
    expect(ok(await bench.a.sweep({ pod: 'a', notAfter: FOREVER, records }))).toEqual([]);
    expect(await bench.fleet.texts('leases')).toEqual(before);
  });

  it('removes a record with a garbage header, with its lease, budget and history', async () => {
    await bench.fleet.plant('records', T1, 'rubbish');
    await bench.fleet.plant('history', T1, '7 {}');
    const records = [{ target: T1, version: 0 }];
    expect(ok(await bench.a.sweep({ pod: 'a', notAfter: FOREVER, records }))).toEqual([T1]);
    for (const key of ['records', 'history'] as const) expect((await bench.fleet.texts(key)).has(T1)).toBe(false);
  });

  it('answers each sampled target once, with its record and version', async () => {
    const version = await probed(bench.a);
    await bench.fleet.plant('records', 'half', planted({ version: 7 }).replace('"run":', '"ran":'));
    await bench.fleet.plant('budget', 'paid:held', '1 1 1 1');
    await bench.fleet.plant('holds', '*', '7 pause 0 {"by":"x","reason":"y"}');
    const { targets, holds } = ok(await bench.a.sample({ pod: 'a', notAfter: FOREVER }));
    const found = new Map(targets.map((one) => [one.target, one]));
    expect([...found.keys()].toSorted()).toEqual([T1, 'half', 'paid'].toSorted());
    expect(targets).toHaveLength(3);
    expect(found.get(T1)).toMatchObject({ version, stored: { kind: 'record' } });
    expect(found.get('half')).toMatchObject({ version: 7, stored: { kind: 'garbage' } });
    expect(found.get('paid')).toEqual({ target: 'paid', version: 0, stored: null });
    expect(holds).toMatchObject([{ key: '*', stored: { kind: 'hold', hold: { version: 7 } } }]);
  });

  it('removes fields whose names no version writes, and keeps reserved ones', async () => {
    await probed(bench.a);
    const names = ['no target', 'ü', 'x'.repeat(300), ''];
    for (const key of ['records', 'leases', 'budget', 'history', 'holds'] as const) {
      for (const field of [...names, '!later']) await bench.fleet.plant(key, field, 'whatever');
    }
    ok(await bench.a.sample({ pod: 'a', notAfter: FOREVER }));
    for (const key of ['records', 'leases', 'budget', 'history', 'holds'] as const) {
      const left = await bench.fleet.texts(key);
      expect([names.filter((name) => left.has(name)), left.has('!later')], key).toEqual([[], true]);
    }
  });

  it('samples nothing once the store is past notAfter', async () => {
    const notAfter = (await nowOf(bench.a)) - 1;
    expect(await bench.a.sample({ pod: 'a', notAfter })).toMatchObject({ kind: 'too-late' });
  });
});

/** Samples and forgets all that has no record, until nothing is found; answers the size of the largest sample. */
async function sweepAll(bench: Bench): Promise<number> {
  let largest = 0;
  for (let empty = 0; empty < 3;) {
    const { targets } = ok(await bench.a.sample({ pod: 'a', notAfter: FOREVER }));
    largest = Math.max(largest, targets.length);
    const stray = targets.filter(({ stored }) => stored === null);
    if (stray.length === 0) empty += 1;
    for (let from = 0; from < stray.length; from += MAX_BATCH) {
      const records = stray.slice(from, from + MAX_BATCH).map(({ target, version }) => ({ target, version }));
      ok(await bench.a.sweep({ pod: 'a', notAfter: FOREVER, records }));
    }
  }
  return largest;
}
