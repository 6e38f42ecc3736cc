import { expect, it } from 'vitest';
import { until } from '../../../src/testing/until.ts';
import {
  claimInput,
  commit,
  commitRequest,
  FOREVER,
  goodFacts,
  grantOf,
  listen,
  nowOf,
  ok,
  probed,
  request,
  T1,
  T2,
  suite,
  type Heard,
  type Suite,
} from './under-test.ts';

export const describeChannel: Suite = suite('push', (bench) => {
  it('sends every subscriber a claim, a renewal and a release', async () => {
    const heard = await listen(bench.b);
    const answers = ok(await bench.a.claim(claimInput([request(), request({ target: T2 })])));
    const [first, second] = answers as readonly { grant: number; until: number }[];
    const renewed = await bench.a.renew({
      pod: 'a',
      ttlMs: 60_000,
      notAfter: FOREVER,
      leases: [{ target: T1, grant: first!.grant }],
    });
    await bench.a.release({ pod: 'a', notAfter: FOREVER, leases: [{ target: T2, grant: second!.grant }] });
    await count(heard, 3);
    const at = expect.any(Number) as number;
    expect(heard.events).toEqual([
      {
        kind: 'lease',
        at,
        pod: 'a',
        leases: [
          { target: T1, grant: first!.grant, until: first!.until },
          { target: T2, grant: second!.grant, until: second!.until },
        ],
      },
      { kind: 'lease', at, pod: 'a', leases: [{ target: T1, grant: first!.grant, until: ok(renewed).until }] },
      { kind: 'lease', at, pod: 'a', leases: [{ target: T2, grant: second!.grant, until: 0 }] },
    ]);
  });

  it('sends a commit with its records as written, and the removal of records', async () => {
    const heard = await listen(bench.b);
    const evidenceAt = await nowOf(bench.a);
    const facts = { ...goodFacts(evidenceAt), note: 'two\nlines, ünicode' };
    const commits = [commitRequest({ evidenceAt, facts }), commitRequest({ target: T2, evidenceAt })];
    const answers = ok(await bench.a.commit({ pod: 'a', notAfter: FOREVER, newEpoch: 'first', commits }));
    const records = ok(await bench.a.readRecords([T1, T2]));
    const { version } = answers[0] as { version: number };
    await bench.a.sweep({ pod: 'a', notAfter: FOREVER, records: [{ target: T1, version }] });
    await count(heard, 2);
    const [written, forgotten] = heard.events as [{ records: typeof records }, object];
    expect(written).toMatchObject({ kind: 'commit', epoch: 'first', seq: 1, pod: 'a', at: version });
    expect(new Map(written.records.map(({ target, stored }) => [target, stored]))).toEqual(
      new Map(records.map(({ target, stored }) => [target, stored])),
    );
    expect(forgotten).toMatchObject({ kind: 'forget', epoch: 'first', seq: 2, pod: 'a', targets: [T1] });
  });

  it('sends nothing if nothing was accepted', async () => {
    const heard = await listen(bench.b);
    const version = await probed(bench.a);
    await bench.b.claim(claimInput([request({ version })], { pod: 'b' }));
    await commit(bench.b, { pod: 'b', grant: 5 });
    await bench.b.renew({ pod: 'b', ttlMs: 1_000, notAfter: FOREVER, leases: [{ target: T1, grant: 5 }] });
    await bench.b.release({ pod: 'b', notAfter: FOREVER, leases: [{ target: T1, grant: 5 }] });
    await bench.b.sweep({ pod: 'b', notAfter: FOREVER, records: [{ target: T1, version: 5 }] });
    await grantOf(bench.b, { pod: 'b', target: T2 });
    await count(heard, 3);
    expect(heard.events.map(({ kind }) => kind)).toEqual(['lease', 'commit', 'lease']);
  });

  it('delivers commit events completely and in the order of their sequence', async () => {
    const heard = await listen(bench.b);
    const evidenceAt = await nowOf(bench.a);
    const writers = Array.from({ length: 60 }, (_, index) =>
      commit(index % 2 === 0 ? bench.a : bench.b, { target: `t${index}`, evidenceAt }),
    );
    await Promise.all(writers);
    await count(heard, 60);
    expect(heard.events.map((event) => (event.kind === 'commit' ? event.seq : event.kind))).toEqual(
      Array.from({ length: 60 }, (_, index) => index + 1),
    );
  });

  it('reports a message that does not parse, and continues', async () => {
    const heard = await listen(bench.b);
    await bench.fleet.publishGarbage('commit what ever');
    await probed(bench.a);
    await count(heard, 2);
    expect(heard.garbage).toEqual(['commit what ever']);
  });

  it.each(['no target', 'ü'])('reports an event with the line "%s", and passes on no part of it', async (line) => {
    const heard = await listen(bench.b);
    const half = `forget first 1 1 a\n${T1}\n${line}`;
    await bench.fleet.publishGarbage(half);
    await probed(bench.a);
    await count(heard, 2);
    expect(heard.garbage).toHaveLength(1);
    expect(heard.events.map(({ kind }) => kind)).toEqual(['lease', 'commit']);
  });

  it('answers a ping, and sends nothing once closed', async () => {
    const heard = await listen(bench.b);
    const other = await listen(bench.a);
    expect(await heard.subscription.ping()).toEqual({ kind: 'ok' });
    await heard.subscription.close();
    await probed(bench.a);
    await count(other, 2);
    expect(heard).toMatchObject({ events: [], dropped: [] });
  });

  it('answers lost on a closed handle', async () => {
    const heard = await listen(bench.b);
    await bench.b.close();
    await bench.b.close();
    const lost = { kind: 'lost', loss: { code: 'disconnected' } };
    expect(await bench.b.time()).toMatchObject(lost);
    expect(await bench.b.subscribe({ event() {}, garbage() {}, dropped() {} })).toMatchObject(lost);
    expect(await heard.subscription.ping()).toMatchObject(lost);
    expect(heard.dropped).toEqual([]);
  });
});

async function count(heard: Heard, events: number): Promise<void> {
  await until(() => heard.events.length >= events, { withinMs: 5_000, what: `${events} events` });
}
