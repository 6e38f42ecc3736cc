import { expect, it } from 'vitest';
import { HISTORY_LIMITS } from '../../../src/ports/index.ts';
import type { HistoryLimits, HistoryPoint, TargetHistory } from '../../../src/ports/index.ts';
import { commit, commitRequest, grantOf, nowOf, ok, probed, suite, T1, T2, FOREVER, type Suite } from './under-test.ts';

const HOUR_US = 3_600_000_000;
const { points: HISTORY_POINTS, keptMs: HISTORY_KEPT_MS } = HISTORY_LIMITS;

export const describeHistory: Suite = suite('history', (bench) => {
  it('remembers the points of commits, newest first, each target for itself', async () => {
    const now = await nowOf(bench.a);
    const [one, two, other] = [point({ at: now }), point({ at: now + 1, ...failed }), point({ at: now + 2 })];
    await observed(1, one);
    await observed(2, two);
    await commit(bench.a, { target: T2, evidenceAt: 1, point: other });
    expect(ok(await bench.b.readHistory([T2, T1, 'never-seen']))).toEqual([
      { target: T2, points: [other], repeats: [] },
      { target: T1, points: [two, one], repeats: [] },
      { target: 'never-seen', points: [], repeats: [] },
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

  it(`keeps the newest ${HISTORY_POINTS} points in full, and of older ones with the same result time and latency`, async () => {
    const start = ((await nowOf(bench.a)) / 1_000_000 - 100_000) * 1_000_000;
    const second = (i: number): number => Math.floor(start / 1_000_000 + i) * 1_000_000;
    for (let i = 1; i <= HISTORY_POINTS + 3; i += 1) {
      await observed(i, point({ at: second(i) + 7, latencyMs: i + 0.5 }));
    }
    const { points: kept, repeats } = await read();
    expect(kept.map(({ at }) => at)).toEqual(
      Array.from({ length: HISTORY_POINTS + 1 }, (_, i) => second(HISTORY_POINTS + 3 - i) + 7),
    );
    expect(repeats).toEqual([
      { at: second(2), pod: 'a', kind: 'ok', latencyMs: 2 },
      { at: second(1), pod: 'a', kind: 'ok', latencyMs: 1 },
    ]);
  });

  it('keeps a month of hours and outages, in about 13 kB', async () => {
    const now = await nowOf(bench.a);
    // All are past, also in the first seconds of an hour.
    const hour = (i: number): number => (Math.floor(now / HOUR_US) - i - 1) * HOUR_US + 4_000_000;
    const lines = Array.from({ length: 30 * 24 }, (_, i) => {
      const why = i % 200 === 100 ? failed : {};
      const text = JSON.stringify({ ...withoutTime, pod: 'pod_0123456789abcdef', latencyMs: 842, ...why });
      return `${hour(i)} ${text}`;
    });
    await bench.fleet.plant('history', T1, lines.join('\n'));
    await observed(1, point({ at: now }));
    const { points: kept, repeats } = await read();
    expect([...kept, ...repeats].map(({ at }) => at).toSorted((a, b) => b - a)).toEqual([
      now,
      ...lines.map((_, i) => hour(i)),
    ]);
    expect(kept.filter(({ kind }) => kind === 'failed').map(({ at }) => at)).toEqual([100, 300, 500, 700].map(hour));
    const text = (await bench.fleet.texts('history')).get(T1) ?? '';
    expect(text.length).toBeLessThan(14_000);
  });

  it('shortens a run by its age, and drops the oldest changes that have no room', async () => {
    const now = await nowOf(bench.a);
    const history = { points: 1, fleetPoints: 1_000, keptMs: 100_000 };
    const run = `${now - 50_000_000} ${JSON.stringify(withoutTime)} ${Math.floor(now / 1e6) - 170} 40:1 40:2 40:3`;
    await bench.fleet.plant('history', T1, run);
    await observed(1, point({ at: now, ...failed }), history);
    expect((await read()).repeats.map(({ latencyMs }) => latencyMs)).toEqual([1]);
    const changes = Array.from({ length: 9 }, (_, i) => {
      return `${now - i * 1_000_000} ${JSON.stringify({ ...withoutTime, ...(i % 2 === 0 && failed) })}`;
    });
    await bench.fleet.plant('history', T1, changes.join('\n'));
    await observed(2, point({ at: now + 1 }), history);
    expect(await points()).toHaveLength(1 + 3);
  });

  it('keeps no point for longer than the limit, and nothing that is none', async () => {
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
    expect((await points()).map(({ at }) => at - now)).toEqual([5, 4, 3, 2]);
    expect((await read()).repeats).toHaveLength(1);
    await bench.fleet.plant('history', T1, `${now - 61_000_000} ${JSON.stringify(withoutTime)}`);
    await observed(6, point({ at: now + 6 }), history);
    expect((await points()).map(({ at }) => at - now)).toEqual([6]);
  });

  it("keeps each target to its share of the fleet's points, and one at least", async () => {
    const now = await nowOf(bench.a);
    const history = { points: 48, fleetPoints: 10, keptMs: 60_000 };
    const line = `5 ${JSON.stringify(withoutTime)}`;
    for (let i = 1; i <= 12; i += 1) await observed(i, point({ at: now + i }), history);
    expect(await points()).toHaveLength(10 + 1);
    for (const other of ['b', 'c']) await bench.fleet.plant('history', other, line);
    await observed(13, point({ at: now + 13 }), history);
    expect((await points()).map(({ at }) => at - now)).toEqual([13, 12, 11, 10]);
    for (let i = 0; i < 20; i += 1) await bench.fleet.plant('history', `x${i}`, line);
    await observed(14, point({ at: now + 14 }), history);
    expect((await points()).map(({ at }) => at - now)).toEqual([14, 13]);
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
    return (await read()).points;
  }

  async function read(): Promise<Omit<TargetHistory, 'target'>> {
    return ok(await bench.b.readHistory([T1]))[0] ?? { points: [], repeats: [] };
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
