import { expect, it } from 'vitest';
import { until } from '../../../src/testing/until.ts';
import { beat, FOREVER, member, nowOf, ok, suite, T1, T2, type Suite } from './under-test.ts';

export const describeMembers: Suite = suite('heartbeat and members', (bench) => {
  it('answers all members after the store lost changes and counted up to the same number again', async () => {
    await bench.a.heartbeat(beat({ pod: 'a' }));
    await bench.b.heartbeat(beat({ pod: 'b' }));
    const before = await bench.fleet.texts('pods');
    await bench.b.heartbeat(beat({ pod: 'c' }));
    const known = ok(await bench.a.heartbeat(beat({ pod: 'a' }))).members;
    expect(known.map(({ pod }) => pod)).toEqual(['a', 'b', 'c']);
    await bench.fleet.flush();
    for (const [field, text] of before) await bench.fleet.plant('pods', field, text);
    for (const pod of ['d', 'e']) await bench.b.heartbeat(beat({ pod }));
    const { members } = ok(await bench.a.heartbeat(beat({ pod: 'a' })));
    expect(members.map(({ pod }) => pod)).toEqual(['a', 'b', 'd', 'e']);
  });

  it('answers the live members in the order of their ids, the caller included', async () => {
    ok(await bench.b.heartbeat(beat({ pod: 'b', version: '2.0.0' })));
    const { members } = ok(await bench.a.heartbeat(beat({ pod: 'a' })));
    expect(members).toEqual([member({ pod: 'a' }), member({ pod: 'b', version: '2.0.0' })]);
  });

  it('answers the present description of a member', async () => {
    ok(await bench.a.heartbeat(beat({ pod: 'a' })));
    const { members } = ok(await bench.a.heartbeat(beat({ pod: 'a', impaired: true })));
    expect(members).toEqual([member({ pod: 'a', impaired: true })]);
  });

  it('removes expired members', async () => {
    const now = await nowOf(bench.a);
    await bench.fleet.plant('pods', 'gone', `${now - 1} ${JSON.stringify(member({ pod: 'gone' }))}`);
    expect(ok(await bench.a.heartbeat(beat({ pod: 'a' }))).members).toEqual([member({ pod: 'a' })]);
    expect((await bench.fleet.texts('pods')).has('gone')).toBe(false);
  });

  it('cuts a membership that claims to last longer than a minute', async () => {
    const now = await nowOf(bench.a);
    const text = JSON.stringify(member({ pod: 'old' }));
    await bench.fleet.plant('pods', 'old', `${now + 86_400_000_000} ${text}`);
    expect(ok(await bench.a.heartbeat(beat({ pod: 'a' }))).members).toHaveLength(2);
    const [ends] = (await bench.fleet.texts('pods')).get('old')!.split(' ');
    expect(Number(ends)).toBeLessThan(now + 90_000_000);
  });

  it('removes a member that leaves', async () => {
    ok(await bench.b.heartbeat(beat({ pod: 'b' })));
    ok(await bench.b.leave({ pod: 'b', notAfter: FOREVER }));
    expect(ok(await bench.a.heartbeat(beat({ pod: 'a' }))).members).toEqual([member({ pod: 'a' })]);
  });

  it('answers host and unreachable targets of a member', async () => {
    const b = { pod: 'b', host: 'node-7:4000', domain: 'zone-1', blind: [T1, T2], unreached: ['*'] };
    ok(await bench.b.heartbeat(beat(b)));
    expect(ok(await bench.a.heartbeat(beat({ pod: 'a' }))).members).toEqual([member({ pod: 'a' }), member(b)]);
  });

  it('answers the lag of a member, and members without one', async () => {
    const lag = { seconds: 0.1, since: 1_795_391_312_841 };
    ok(await bench.b.heartbeat(beat({ pod: 'b', lag })));
    const { members } = ok(await bench.a.heartbeat(beat({ pod: 'a' })));
    expect(members).toEqual([member({ pod: 'a' }), member({ pod: 'b', lag })]);
    ok(await bench.b.heartbeat(beat({ pod: 'b', lag: { ...lag, seconds: 10 } })));
    expect(ok(await bench.a.heartbeat(beat({ pod: 'a' }))).members[1]?.lag?.seconds).toBe(10);
    ok(await bench.b.heartbeat(beat({ pod: 'b' })));
    expect(ok(await bench.a.heartbeat(beat({ pod: 'a' }))).members).toEqual([
      member({ pod: 'a' }),
      member({ pod: 'b' }),
    ]);
  });

  it('answers a lag in steps of a newer version', async () => {
    const lag = { seconds: 3_600, since: 5, trend: 'rising' };
    const ends = (await nowOf(bench.a)) + 9_000_000;
    await bench.fleet.plant('pods', 'b', `${ends} ${JSON.stringify({ ...member({ pod: 'b' }), lag })}`);
    const { members } = ok(await bench.a.heartbeat(beat({ pod: 'a' })));
    expect(members[1]).toEqual(member({ pod: 'b', lag: { seconds: 3_600, since: 5 } }));
  });

  it.each<[string, unknown]>([
    ['text', '10'],
    ['a number', 10],
    ['null', null],
    ['a list', [10, 5]],
    ['negative', { seconds: -1, since: 5 }],
    ['longer than a week', { seconds: 1e9, since: 5 }],
    ['without a start', { seconds: 10 }],
    ['of a start that is no date', { seconds: 10, since: 1e308 }],
    ['without a length', { since: 5 }],
    ['of a length that is text', { seconds: '10', since: 5 }],
  ])('answers a member whose lag is %s, without it', async (_, lag) => {
    const ends = (await nowOf(bench.a)) + 9_000_000;
    await bench.fleet.plant('pods', 'b', `${ends} ${JSON.stringify({ ...member({ pod: 'b' }), lag })}`);
    const { members } = ok(await bench.a.heartbeat(beat({ pod: 'a' })));
    expect(members).toEqual([member({ pod: 'a' }), member({ pod: 'b' })]);
  });

  it('reads members of an older version without host and targets', async () => {
    const { host: _, domain: __, blind: ___, unreached: ____, ...old } = member({ pod: 'old' });
    await bench.fleet.plant('pods', 'old', `${(await nowOf(bench.a)) + 9_000_000} ${JSON.stringify(old)}`);
    const { members } = ok(await bench.a.heartbeat(beat({ pod: 'a' })));
    expect(members[1]).toEqual(member({ pod: 'old' }));
  });

  it.each<[string, object]>([
    ['a start that is no date', { startedAt: 1e308 }],
    ['a start before all time', { startedAt: -1 }],
    ['a start that is text', { startedAt: '5' }],
    ['a failure domain of many words', { domain: 'two words' }],
    ['a failure domain that is too long', { domain: 'x'.repeat(129) }],
    ['a failure domain that is a number', { domain: 7 }],
    ['more targets than can be', { blind: Array.from({ length: 65 }, () => T1) }],
    ['targets that are none', { unreached: ['two words'] }],
    ['targets that are no list', { blind: 'T1' }],
    ['a version of 200 characters', { version: 'x'.repeat(200) }],
    ['50 kB in an unknown field', { more: 'x'.repeat(50_000) }],
  ])('leaves out a member with %s, and no other', async (_, wrong) => {
    const ends = (await nowOf(bench.a)) + 9_000_000;
    await bench.fleet.plant('pods', 'b', `${ends} ${JSON.stringify({ ...member({ pod: 'b' }), ...wrong })}`);
    await bench.fleet.plant('pods', 'c', `${ends} ${JSON.stringify(member({ pod: 'c' }))}`);
    const { members } = ok(await bench.a.heartbeat(beat({ pod: 'a' })));
    expect(members.map(({ pod }) => pod)).toEqual(['a', 'c']);
  });

  it('does nothing once the store is past notAfter', async () => {
    ok(await bench.b.heartbeat(beat({ pod: 'b' })));
    const before = await bench.fleet.texts('pods');
    const notAfter = (await nowOf(bench.a)) - 1;
    expect(await bench.a.heartbeat({ ...beat({ pod: 'a' }), notAfter })).toMatchObject({ kind: 'too-late' });
    expect(await bench.b.leave({ pod: 'b', notAfter })).toMatchObject({ kind: 'too-late' });
    expect(await bench.fleet.texts('pods')).toEqual(before);
  });

  it('answers the same array while nothing changes, and another one after each change', async () => {
    ok(await bench.b.heartbeat(beat({ pod: 'b' })));
    const { members } = ok(await bench.a.heartbeat(beat({ pod: 'a' })));
    ok(await bench.b.heartbeat(beat({ pod: 'b' })));
    expect(ok(await bench.a.heartbeat(beat({ pod: 'a' }))).members).toBe(members);
    ok(await bench.b.heartbeat(beat({ pod: 'b', impaired: true })));
    const changed = [member({ pod: 'a' }), member({ pod: 'b', impaired: true })];
    expect(ok(await bench.a.heartbeat(beat({ pod: 'a' }))).members).toEqual(changed);
    ok(await bench.b.leave({ pod: 'b', notAfter: FOREVER }));
    expect(ok(await bench.a.heartbeat(beat({ pod: 'a' }))).members).toEqual([member({ pod: 'a' })]);
  });

  it('answers all members to a pod that missed more changes than the store keeps', async () => {
    ok(await bench.a.heartbeat(beat({ pod: 'a' })));
    for (let i = 0; i < 300; i += 1) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      ok(await bench.b.heartbeat(beat({ pod: `b${i % 3}`, version: String(i) })));
    }
    const { members } = ok(await bench.a.heartbeat(beat({ pod: 'a' })));
    expect(members.map(({ pod, version }) => `${pod} ${version}`)).toEqual(['a 1.0.0', 'b0 297', 'b1 298', 'b2 299']);
  });

  it('leaves out an expired member at the first heartbeat after its time, of whichever pod', async () => {
    ok(await bench.a.heartbeat(beat({ pod: 'a' })));
    ok(await bench.b.heartbeat({ ...beat({ pod: 'b' }), ttlMs: 30 }));
    expect(ok(await bench.a.heartbeat(beat({ pod: 'a' }))).members).toHaveLength(2);
    const over = (await nowOf(bench.a)) + 30_000;
    await until(async () => (await nowOf(bench.a)) > over, { withinMs: 1_000, what: 'the membership to end' });
    expect(ok(await bench.a.heartbeat(beat({ pod: 'a' }))).members).toEqual([member({ pod: 'a' })]);
  });

  it('notices members that were written or removed by another program', async () => {
    ok(await bench.a.heartbeat(beat({ pod: 'a' })));
    const planted = member({ pod: 'old' });
    await bench.fleet.plant('pods', 'old', `${(await nowOf(bench.a)) + 9_000_000} ${JSON.stringify(planted)}`);
    expect(ok(await bench.a.heartbeat(beat({ pod: 'a' }))).members).toEqual([member({ pod: 'a' }), planted]);
    await bench.fleet.flush();
    expect(ok(await bench.a.heartbeat(beat({ pod: 'a' }))).members).toEqual([member({ pod: 'a' })]);
  });

  it('recognises changes whose numbers were used twice, as after a failover that lost some', async () => {
    const texts = new Map(await (ok(await bench.a.heartbeat(beat({ pod: 'a' }))), bench.fleet.texts('pods')));
    ok(await bench.b.heartbeat(beat({ pod: 'b' })));
    expect(ok(await bench.a.heartbeat(beat({ pod: 'a' }))).members).toHaveLength(2);
    await bench.fleet.flush();
    for (const [field, text] of texts) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await bench.fleet.plant('pods', field, text);
    }
    ok(await bench.b.heartbeat(beat({ pod: 'c' })));
    expect(ok(await bench.a.heartbeat(beat({ pod: 'a' }))).members.map(({ pod }) => pod)).toEqual(['a', 'c']);
  });

  it.each(['rubbish', '1 2 3', '9000000000000000 9000000000000000 9000000000000000 2 1', '9'.repeat(500)])(
    'works if the stored state of the changes is "%s"',
    async (text) => {
      ok(await bench.a.heartbeat(beat({ pod: 'a' })));
      await bench.fleet.plant('pods', '!members', text);
      ok(await bench.b.heartbeat(beat({ pod: 'b' })));
      ok(await bench.a.heartbeat(beat({ pod: 'a' })));
      expect(ok(await bench.a.heartbeat(beat({ pod: 'a' }))).members).toHaveLength(2);
      ok(await bench.b.leave({ pod: 'b', notAfter: FOREVER }));
      expect(ok(await bench.a.heartbeat(beat({ pod: 'a' }))).members).toEqual([member({ pod: 'a' })]);
    },
  );

  it('keeps at most as many members as a fleet can have, and removes the rest', async () => {
    ok(await bench.a.heartbeat(beat({ pod: 'a' })));
    const ends = (await nowOf(bench.a)) + 30_000_000;
    const flood = Array.from({ length: 7_000 }, (_, index) => member({ pod: `x${index}` }));
    await Promise.all(
      flood.slice(0, 3_000).map((one) => bench.fleet.plant('pods', one.pod, `${ends} ${JSON.stringify(one)}`)),
    );
    const { members } = ok(await bench.a.heartbeat(beat({ pod: 'a' })));
    expect(members.length).toBeLessThanOrEqual(2_000);
    expect(members).toContainEqual(member({ pod: 'a' }));
    await Promise.all(flood.map((one) => bench.fleet.plant('pods', one.pod, `${ends} ${JSON.stringify(one)}`)));
    expect(ok(await bench.a.heartbeat(beat({ pod: 'a' }))).members).toEqual([member({ pod: 'a' })]);
  });
});
