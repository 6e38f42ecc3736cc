import { expect, it } from 'vitest';
import { beat, FOREVER, member, nowOf, ok, suite, T1, T2, type Suite } from './under-test.ts';

export const describeMembers: Suite = suite('heartbeat and members', (bench) => {
  it('answers the live members in the order of their ids, the caller included', async () => {
    ok(await bench.b.heartbeat(beat({ pod: 'b', version: '2.0.0' })));
    const { members } = ok(await bench.a.heartbeat(beat({ pod: 'a' })));
    expect(members).toEqual([member({ pod: 'a' }), member({ pod: 'b', version: '2.0.0' })]);
  });

  it('shows what a member says of itself now', async () => {
    ok(await bench.a.heartbeat(beat({ pod: 'a' })));
    const { members } = ok(await bench.a.heartbeat(beat({ pod: 'a', impaired: true })));
    expect(members).toEqual([member({ pod: 'a', impaired: true })]);
  });

  it('leaves out and removes members whose time is over', async () => {
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
    const [until] = (await bench.fleet.texts('pods')).get('old')!.split(' ');
    expect(Number(until)).toBeLessThan(now + 90_000_000);
  });

  it('forgets a member that leaves', async () => {
    ok(await bench.b.heartbeat(beat({ pod: 'b' })));
    ok(await bench.b.leave({ pod: 'b', notAfter: FOREVER }));
    expect(ok(await bench.a.heartbeat(beat({ pod: 'a' }))).members).toEqual([member({ pod: 'a' })]);
  });

  it('shows where a member is and what it cannot look at', async () => {
    const b = { pod: 'b', host: 'node-7:4000', domain: 'zone-1', blind: [T1, T2], doubts: ['*'] };
    ok(await bench.b.heartbeat(beat(b)));
    expect(ok(await bench.a.heartbeat(beat({ pod: 'a' }))).members).toEqual([member({ pod: 'a' }), member(b)]);
  });

  it('reads members of a version that named neither a host nor targets', async () => {
    const { host: _, domain: __, blind: ___, doubts: ____, ...old } = member({ pod: 'old' });
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
    ['targets that are none', { doubts: ['two words'] }],
    ['targets that are no list', { blind: 'T1' }],
    ['a version of 200 characters', { version: 'x'.repeat(200) }],
    ['50 kB that nobody knows', { more: 'x'.repeat(50_000) }],
  ])('leaves out a member with %s, and nobody else', async (_, wrong) => {
    const until = (await nowOf(bench.a)) + 9_000_000;
    await bench.fleet.plant('pods', 'b', `${until} ${JSON.stringify({ ...member({ pod: 'b' }), ...wrong })}`);
    await bench.fleet.plant('pods', 'c', `${until} ${JSON.stringify(member({ pod: 'c' }))}`);
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
});
