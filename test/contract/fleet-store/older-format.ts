import { expect, it } from 'vitest';
import { beat, claim, commit, member, nowOf, ok, T1, T2, suite, type Suite } from './under-test.ts';

// Recorded from a pod of the last version that wrote record format 1, beside a pod of format 2 on one Redis. Only names are
// others. The two pods saw nothing of each other but the leases; the pod of format 2 probed on and lost nothing.

const RECORD =
  '1795967088817284 1795967088612766 1795967088612766 1795967090561098 {"format":1,"lastOk":{"inference":1795967088612766},' +
  '"lastProbe":{"at":1795967088612766,"answeredAt":1795967088616042,"pod":"pod_old","host":"host_old","reason":"scheduled",' +
  '"level":"inference","ok":true,"latencyMs":1.736,"inputTokens":12,"outputTokens":5},' +
  '"run":{"kind":"ok","length":4,"since":1795967082729917},"usualMs":{"inference":9.5}}';
const MEMBER =
  '{"pod":"pod_old","version":"0.1.0","policyPrint":"908fc14b8b94","targetsPrint":"380e895cc8ef","startedAt":1795967082466,' +
  '"impaired":false,"host":"host_old","domain":"vm","blind":[],"doubts":[]}';

export const describeOlderFormat: Suite = suite('data of record format 1', (bench) => {
  it('has records that count as absent, are shown once claimed, and are replaced by the next commit', async () => {
    await bench.fleet.plant('records', T1, RECORD);
    const answer = await claim(bench.a);
    expect(answer).toMatchObject({ kind: 'granted', record: { kind: 'garbage', olderFormat: 1 } });
    const { grant } = answer as { grant: number };
    expect(await commit(bench.a, { grant, expectedVersion: 0 })).toMatchObject({ kind: 'ok' });
    expect(ok(await bench.b.readRecords([T1, T2]))).toMatchObject([{ target: T1, stored: { kind: 'record' } }]);
  });

  it('has members that are not counted and not removed', async () => {
    const text = `${(await nowOf(bench.a)) + 10_000_000} ${MEMBER}`;
    await bench.fleet.plant('pods', 'pod_old', text);
    const { members } = ok(await bench.a.heartbeat(beat({ pod: 'a' })));
    expect(members).toEqual([member({ pod: 'a' })]);
    expect((await bench.fleet.texts('pods')).get('pod_old')).toBe(text);
  });
});
