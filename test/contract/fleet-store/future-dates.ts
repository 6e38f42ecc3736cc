import { expect, it } from 'vitest';
import {
  claimInput,
  commitRequest,
  FOREVER,
  goodFacts,
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

  it.each([
    ['lastSuccess', { lastSuccess: { inference: 1 } }],
    ['the start of the run', { run: { kind: 'ok', length: 1, since: 1 } }],
    ['its run of failures', { failureRun: { at: 1 } }],
    ['a witness', { failureRun: { witnesses: [{ pod: 'p', at: 1, position: 1 }] } }],
    ['a rejected probe', { rejected: { message: 'no', level: 'models', length: 1, since: 1, at: 1 } }],
  ] as const)('in the facts of a record (%s) makes it garbage as well', async (_, part) => {
    const now = await nowOf(bench.a);
    const series = { level: 'models', since: 1, at: 1, length: 1, witnesses: [], class: 'server', message: 'boom' };
    const facts = { ...goodFacts(1), ...part };
    const failureRun =
      'failureRun' in part ? { failureRun: { ...series, after: 0, afterSince: 1, ...part.failureRun } } : {};
    const json = JSON.stringify({ ...facts, ...failureRun });
    const plant = async (us: number): Promise<string | undefined> => {
      const dated = json.replaceAll(/"(at|since|inference)":1\b/g, `"$1":${us}`);
      await bench.fleet.plant('records', T1, `1 0 1 1 ${dated}`);
      return ok(await bench.a.readRecords([T1]))[0]?.stored.kind;
    };
    expect(await plant(now + 23 * HOUR_US)).toBe('record');
    expect(await plant(now + 25 * HOUR_US)).toBe('garbage');
    expect(await plant(8e15)).toBe('garbage');
  });

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
    const order = { key: '*', kind: 'none', until: null, by: 'me', reason: 'resume' } as const;
    const input = { pod: 'a', notAfter: FOREVER, newEpoch: 'first' };
    const [resumed] = ok(await bench.a.hold({ ...input, holds: [order] }));
    expect(resumed).toMatchObject({ kind: 'written', stored: { kind: 'hold', hold: { kind: 'none' } } });
    const planted2 = { ...order, kind: 'pause', version: 9e15 } as const;
    const [again] = ok(await bench.a.hold({ ...input, holds: [planted2] }));
    expect(again).toMatchObject({ kind: 'known', stored: { kind: 'hold', hold: { kind: 'none' } } });
  });
});
