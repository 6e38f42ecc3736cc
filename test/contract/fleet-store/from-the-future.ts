import { expect, it } from 'vitest';
import {
  claimInput,
  commitRequest,
  FOREVER,
  nowOf,
  ok,
  planted,
  request,
  suite,
  T1,
  T2,
  type Suite,
} from './under-test.ts';

const HOUR_US = 3_600_000_000;
const edges = [0, 2 ** 53, 9e15 - 1, 9e15, 9e15 + 1].map(String).concat('9'.repeat(17));

/** Numbers that no pod could overrule are garbage, each for its own row. */
export const describeTheFuture: Suite = suite('what is dated after tomorrow', (bench) => {
  it.each(edges)('in a lease (%s) keeps nobody from probing, its neighbours least of all (D4)', async (stamp) => {
    await bench.fleet.plant('leases', T1, `${stamp} pod_x ${stamp} ${stamp} 1`);
    const answers = ok(await bench.a.claim(claimInput([request({ target: T1 }), request({ target: T2 })])));
    expect(answers.map(({ kind }) => kind)).toEqual(['granted', 'granted']);
  });

  it.each(['version', 'grant', 'evidenceAt'] as const)(
    'in the %s of a record makes it garbage, which a commit repairs (D4)',
    async (field) => {
      await bench.fleet.plant('records', T1, planted({ [field]: 9e15 }));
      const [one, two] = ok(await bench.a.claim(claimInput([request({ target: T1 }), request({ target: T2 })])));
      if (one?.kind !== 'granted') throw new Error(`expected a grant, got ${JSON.stringify(one)}`);
      expect(two?.kind).toBe('granted');
      const now = await nowOf(bench.a);
      expect(one.grant).toBeLessThanOrEqual(now);
      expect(one.record).toMatchObject({ kind: 'garbage' });
      const commits = [commitRequest({ target: T1, grant: one.grant, evidenceAt: one.grant })];
      const [written] = ok(await bench.a.commit({ pod: 'a', notAfter: FOREVER, newEpoch: 'first', commits }));
      expect(written).toMatchObject({ kind: 'ok' });
      const records = ok(await bench.b.readRecords([T1, T2]));
      expect(records.find(({ target }) => target === T1)?.stored.kind).toBe('record');
    },
  );

  it('is believed up to a day ahead: a clock may be set back by hours', async () => {
    const now = await nowOf(bench.a);
    await bench.fleet.plant('records', T1, planted({ version: now + 20 * HOUR_US, grant: now + 20 * HOUR_US }));
    const [one] = ok(await bench.a.claim(claimInput([request({ target: T1 })])));
    if (one?.kind !== 'granted') throw new Error(`expected a grant, got ${JSON.stringify(one)}`);
    expect(one.grant).toBe(now + 20 * HOUR_US + 1);
  });

  it('in a hold does not outrank an operator, and no pod can bring it back', async () => {
    await bench.fleet.plant('holds', '*', `9000000000000000 pause 0 {"by":"x","reason":"y"}`);
    const [claimed] = ok(await bench.a.claim(claimInput([request({ target: T1 })])));
    expect(claimed?.kind).toBe('granted');
    const order = { place: '*', kind: 'none', until: null, by: 'me', reason: 'resume' } as const;
    const input = { pod: 'a', notAfter: FOREVER, newEpoch: 'first' };
    const [resumed] = ok(await bench.a.hold({ ...input, holds: [order] }));
    expect(resumed).toMatchObject({ kind: 'written', stored: { kind: 'hold', hold: { kind: 'none' } } });
    const planted2 = { ...order, kind: 'pause', version: 9e15 } as const;
    const [again] = ok(await bench.a.hold({ ...input, holds: [planted2] }));
    expect(again).toMatchObject({ kind: 'known', stored: { kind: 'hold', hold: { kind: 'none' } } });
  });
});
