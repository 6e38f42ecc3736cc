import { expect, it } from 'vitest';
import { HISTORY_LIMITS } from '../../../src/ports/index.ts';
import type { HistoryLimits, HistoryPoint } from '../../../src/ports/index.ts';
import { commit, commitRequest, grantOf, nowOf, ok, probed, suite, T1, T2, FOREVER, type Suite } from './under-test.ts';

const { points: HISTORY_POINTS, keptMs: HISTORY_KEPT_MS } = HISTORY_LIMITS;

export const describeHistory: Suite = suite('history', (bench) => {
  it('remembers the points of commits, newest first, each target for itself', async () => {
    const now = await nowOf(bench.a);
    const [one, two, other] = [point({ at: now }), point({ at: now + 1, ...failed }), point({ at: now + 2 })];
    await observed(1, one);
    await observed(2, two);
    await commit(bench.a, { target: T2, evidenceAt: 1, point: other });
    expect(ok(await bench.b.readHistory([T2, T1, 'never-seen']))).toEqual([
      { target: T2, points: [other] },
      { target: T1, points: [two, one] },
      { target: 'never-seen', points: [] },
    ]);
  });

  it('remembers nothing of a commit without a point, nor of one that was not written', async () => {
    const version = await probed(bench.a);
    const answer = await commit(bench.a, { expectedVersion: version + 1, evidenceAt: FOREVER, point: point() });
    expect(answer.kind).toBe('conflict');
    expect(await points()).toEqual([]);
  });

  it('remembers a point once, however often its commit comes', async () => {
    const grant = await grantOf(bench.a);
    for (let i = 0; i < 2; i += 1) await commit(bench.a, { grant, point: point({ at: grant }) });
    expect(await points()).toHaveLength(1);
  });

  it(`keeps the newest ${HISTORY_POINTS} points`, async () => {
    const now = await nowOf(bench.a);
    for (let i = 1; i <= HISTORY_POINTS + 3; i += 1) await observed(i, point({ at: now + i }));
    const kept = (await points()).map(({ at }) => at - now);
    expect(kept).toEqual(Array.from({ length: HISTORY_POINTS }, (_, i) => HISTORY_POINTS + 3 - i));
  });

  it('keeps no point for longer than a week, and nothing that is none', async () => {
    const now = await nowOf(bench.a);
    const before = (ms: number): string => `${now - ms * 1000} ${JSON.stringify(withoutTime)}`;
    const old = [before(HISTORY_KEPT_MS - 60_000), 'no point', `x${now} {}`, before(HISTORY_KEPT_MS), before(FOREVER)];
    await bench.fleet.plant('history', T1, old.join('\n'));
    await observed(1, point({ at: now }));
    expect((await points()).map(({ at }) => at)).toEqual([now, now - (HISTORY_KEPT_MS - 60_000) * 1000]);
    expect((await bench.fleet.texts('history')).get(T1)?.split('\n')).toHaveLength(2);
  });

  it('keeps as many points, and for as long, as the commit says', async () => {
    const now = await nowOf(bench.a);
    const history = { points: 3, fleetPoints: 1_000, keptMs: 60_000 };
    for (let i = 1; i <= 5; i += 1) await observed(i, point({ at: now + i }), history);
    expect((await points()).map(({ at }) => at - now)).toEqual([5, 4, 3]);
    await bench.fleet.plant('history', T1, `${now - 61_000_000} ${JSON.stringify(withoutTime)}`);
    await observed(6, point({ at: now + 6 }), history);
    expect((await points()).map(({ at }) => at - now)).toEqual([6]);
  });

  it("keeps each target to its share of the fleet's points, and one at least", async () => {
    const now = await nowOf(bench.a);
    const history = { points: 48, fleetPoints: 10, keptMs: 60_000 };
    const line = `5 ${JSON.stringify(withoutTime)}`;
    for (let i = 1; i <= 12; i += 1) await observed(i, point({ at: now + i }), history);
    expect(await points()).toHaveLength(10);
    for (const other of ['b', 'c']) await bench.fleet.plant('history', other, line);
    await observed(13, point({ at: now + 13 }), history);
    expect((await points()).map(({ at }) => at - now)).toEqual([13, 12, 11]);
    for (let i = 0; i < 20; i += 1) await bench.fleet.plant('history', `x${i}`, line);
    await observed(14, point({ at: now + 14 }), history);
    expect((await points()).map(({ at }) => at - now)).toEqual([14]);
  });

  it('skips points that do not parse', async () => {
    const lines = ['garbage', '5 {"pod":', '6 {"pod":"a"}', '7 {}', `8 ${JSON.stringify(withoutTime)}`, ''];
    await bench.fleet.plant('history', T1, lines.join('\n'));
    expect(await points()).toEqual([{ ...withoutTime, at: 8 }]);
  });

  it('keeps line breaks and separators in a message as they were', async () => {
    const message = 'one\ntwo\r\nthree\u2028four\u2029 "five" \u0000';
    await observed(1, point({ at: 9_000, ...failed, message }));
    expect(await points()).toMatchObject([{ at: 9_000, message }]);
  });

  it('removes the history with its target', async () => {
    const grant = await grantOf(bench.a);
    const answer = await commit(bench.a, { grant, point: point() });
    const version = answer.kind === 'ok' ? answer.version : 0;
    ok(await bench.a.sweep({ pod: 'a', notAfter: FOREVER, records: [{ target: T1, version }] }));
    expect([...(await bench.fleet.texts('history')).keys()]).toEqual([]);
  });

  async function points(): Promise<readonly HistoryPoint[]> {
    return ok(await bench.b.readHistory([T1]))[0]?.points ?? [];
  }

  /** An observation that is newer than all before it, on whatever record is there. */
  async function observed(order: number, seen: HistoryPoint, history?: HistoryLimits): Promise<void> {
    const text = (await bench.fleet.texts('records')).get(T1);
    const expectedVersion = Number(text?.split(' ')[0] ?? 0);
    const commits = [commitRequest({ evidenceAt: order, expectedVersion, point: seen })];
    const input = { pod: 'a', notAfter: FOREVER, newEpoch: 'first', commits, ...(history && { history }) };
    expect(ok(await bench.a.commit(input))).toMatchObject([{ kind: 'ok' }]);
  }
});

const withoutTime = { pod: 'a', kind: 'ok', level: 'inference', reason: 'scheduled', latencyMs: 12.5 } as const;
const failed = { kind: 'failed', class: 'server', message: 'status 500' } as const;

function point(over: Partial<HistoryPoint> = {}): HistoryPoint {
  return { at: 1, ...withoutTime, ...over };
}
