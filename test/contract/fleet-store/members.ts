import { expect, it } from 'vitest';
import { beat, FOREVER, member, nowOf, ok, suite, type Suite } from './under-test.ts';

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

  it('does nothing once the store is past notAfter', async () => {
    ok(await bench.b.heartbeat(beat({ pod: 'b' })));
    const before = await bench.fleet.texts('pods');
    const notAfter = (await nowOf(bench.a)) - 1;
    expect(await bench.a.heartbeat({ ...beat({ pod: 'a' }), notAfter })).toMatchObject({ kind: 'too-late' });
    expect(await bench.b.leave({ pod: 'b', notAfter })).toMatchObject({ kind: 'too-late' });
    expect(await bench.fleet.texts('pods')).toEqual(before);
  });
});
