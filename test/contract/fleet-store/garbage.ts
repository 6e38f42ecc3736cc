import { expect, it } from 'vitest';
import {
  beat,
  claim,
  commit,
  commitRequest,
  FOREVER,
  grantOf,
  member,
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

const rubbish = ['rubbish', '1 2 3', '{}', '-1 0 0 0 {}', '99999999999999999 1 1 1 {}', '9999999999999999 1 1 1 {}'];
// A header that scripts believe, and a body that is none.
const halves = ['7 7 7 7 {', '7 7 7 7 {}', '7 7 7 7 {"format":2,"run":{}}', '7 7 7 7 {\u{fffd}}'];

export const describeGarbage: Suite = suite('garbage', (bench) => {
  it.each([...rubbish, ...halves])(
    'treats the record "%s" as absent and repairs it with the next commit',
    async (text) => {
      await bench.fleet.plant('records', T1, text);
      const answer = await claim(bench.a);
      expect(answer).toMatchObject({ kind: 'granted', record: { kind: 'garbage' } });
      const { grant } = answer as { grant: number };
      expect(await commit(bench.a, { grant, expectedVersion: 0 })).toMatchObject({ kind: 'ok' });
      expect(ok(await bench.b.readRecords([T1, T2]))).toMatchObject([{ target: T1, stored: { kind: 'record' } }]);
    },
  );

  it.each([...rubbish, ...halves])('takes an observation over the record "%s"', async (text) => {
    await bench.fleet.plant('records', T1, text);
    const evidenceAt = await nowOf(bench.a);
    expect(await commit(bench.a, { evidenceAt, expectedVersion: 0 })).toMatchObject({ kind: 'ok' });
  });

  it('shows garbage in pages and conflicts as what it is', async () => {
    await bench.fleet.plant('records', T1, halves[1]!);
    const garbage = { kind: 'garbage', shown: halves[1] };
    expect(ok(await bench.a.readRecords([T1, T2]))).toEqual([{ target: T1, stored: garbage }]);
    const grant = await grantOf(bench.a);
    expect(await commit(bench.a, { grant, expectedVersion: 5 })).toEqual({ kind: 'conflict', record: garbage });
  });

  it('never overwrites what a newer version wrote, whatever version is expected', async () => {
    const newer = planted({ version: 3 }).replace('"format":2', '"format":3');
    await bench.fleet.plant('records', T1, newer);
    const shown = { kind: 'newer', version: 3, format: 3 };
    const grant = await grantOf(bench.a, { version: 3, reason: 'confirmation' });
    expect(await commit(bench.a, { grant, expectedVersion: 3 })).toEqual({ kind: 'conflict', record: shown });
    const evidenceAt = await nowOf(bench.a);
    expect(await commit(bench.a, { evidenceAt, expectedVersion: 3 })).toEqual({ kind: 'conflict', record: shown });
    expect(ok(await bench.a.readRecords([T1, T2]))).toEqual([{ target: T1, stored: shown }]);
  });

  it.each(['rubbish', '1 b 2', '5 b 99999999999999999 0 0', '-1 b 2 3 4', '9 two words 1 2 3'])(
    'treats the lease "%s" as absent',
    async (text) => {
      await bench.fleet.plant('leases', T1, text);
      expect(ok(await bench.a.readLeases([T1, T2]))).toEqual([]);
      expect(
        ok(await bench.a.renew({ pod: 'b', ttlMs: 9, notAfter: FOREVER, leases: [{ target: T1, grant: 1 }] })),
      ).toMatchObject({ lost: [T1] });
      const granted = await claim(bench.a);
      if (granted.kind !== 'granted') throw new Error(`expected a grant, got ${JSON.stringify(granted)}`);
      expect(granted.replaced).toBe(text);
      expect(await commit(bench.a, { grant: granted.grant })).toMatchObject({ kind: 'ok' });
      expect(await claim(bench.a, { reason: 'forced', target: T2 })).not.toHaveProperty('replaced');
    },
  );

  it('leaves out members that do not parse, removes them, and goes on', async () => {
    const until = (await nowOf(bench.a)) + 60_000_000;
    await bench.fleet.plant('pods', 'x1', 'rubbish');
    await bench.fleet.plant('pods', 'x2', `${until} [1]`);
    await bench.fleet.plant('pods', 'x3', `${until} {"pod":"another"}`);
    const { members } = ok(await bench.a.heartbeat(beat({ pod: 'a' })));
    expect(members).toEqual([member({ pod: 'a' })]);
    const left = await bench.fleet.texts('pods');
    expect([left.has('x1'), left.has('x2')]).toEqual([false, false]);
  });

  it('takes a text that is too long for garbage, shows its length, and repairs it', async () => {
    const long = planted({ version: 3 }).replace('"run":', `"note":"${'é'.repeat(40_000)}","run":`);
    await bench.fleet.plant('records', T1, long);
    await bench.fleet.plant('leases', T1, '7'.repeat(100_000));
    await bench.fleet.plant('history', T1, '7'.repeat(3_000_000));
    await bench.fleet.plant('holds', '*', `7 pause 0 {"by":"x","reason":"${'y'.repeat(100_000)}"}`);
    const shown = `(${Buffer.byteLength(long)} bytes, which is too long)`;
    const answer = await claim(bench.a);
    expect(answer).toMatchObject({ kind: 'granted', record: { kind: 'garbage', shown } });
    expect(ok(await bench.b.readHistory([T1]))).toEqual([{ target: T1, points: [], repeats: [] }]);
    expect(ok(await bench.b.readHolds([T1, '*']))).toMatchObject([{ key: '*', stored: { kind: 'garbage' } }]);
    const { grant } = answer as { grant: number };
    expect(await commit(bench.a, { grant, expectedVersion: 0 })).toMatchObject({ kind: 'ok' });
    expect(ok(await bench.b.readRecords([T1, T2]))).toMatchObject([{ target: T1, stored: { kind: 'record' } }]);
  });

  it.each([
    ['!seq', 'many'],
    ['!seq', ''],
    ['!seq', '99999999999999999'],
    ['!epoch', 'two words'],
    ['!epoch', ''],
  ])('begins another life where %s is "%s"', async (field, text) => {
    const version = await probed(bench.a);
    await bench.fleet.plant('records', field, text);
    expect(await metaOf(bench.a)).toMatchObject({ epoch: '', seq: 0 });
    expect(ok(await bench.a.sweep({ pod: 'a', notAfter: FOREVER, records: [{ target: T1, version }] }))).toEqual([]);
    const evidenceAt = await nowOf(bench.a);
    const commits = [commitRequest({ target: T2, evidenceAt })];
    const answer = await bench.a.commit({ pod: 'a', notAfter: FOREVER, newEpoch: 'second', commits });
    expect(answer).toMatchObject({ kind: 'ok', meta: { epoch: 'second', seq: 1 } });
  });
});
