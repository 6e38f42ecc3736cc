import { describe, expect, it } from 'vitest';
import { fleetHistorySchema } from '../../src/api/index.ts';
import type { FleetHistoryBody } from '../../src/api/index.ts';
import type { HistoryPoint } from '../../src/ports/index.ts';
import { downView, NOW, PROBER, upView } from './fleet-double.ts';
import { measuredPod } from './measured-pod.ts';
import type { MeasuredPod } from './measured-pod.ts';

const MINUTE_US = 60_000_000;
const HOUR_S = 3_600;

function point(minutesAgo: number, over: Partial<HistoryPoint> = {}): HistoryPoint {
  const seen = { pod: PROBER, kind: 'ok', level: 'inference', reason: 'scheduled', latencyMs: 100 } as const;
  return { at: NOW - minutesAgo * MINUTE_US, ...seen, ...over };
}

const broken = { kind: 'failed', class: 'server', message: 'status 500, key sk-upstream' } as const;
const history = (target: string, points: readonly HistoryPoint[]) => ({ target, points, repeats: [] });

function podWith(points: readonly HistoryPoint[]): MeasuredPod {
  const pod = measuredPod(undefined, ['ok-chat', 'bad-500', 'renamed']);
  const target = pod.target('ok-chat');
  pod.fleet.remembered = { kind: 'read', histories: [history(target, points)] };
  pod.fleet.set(upView(target));
  return pod;
}

async function ask(pod: MeasuredPod, query: string): Promise<FleetHistoryBody> {
  const answer = await pod.get(`/fleet/history?${query}`);
  expect(answer.status).toBe(200);
  return fleetHistorySchema.parse(await answer.json());
}

describe('GET /fleet/history', () => {
  it('adds up time that was up, down and not known, and names incidents without secrets', async () => {
    const pod = podWith([point(1), point(20, broken), point(50), point(100)]);
    const body = await ask(pod, 'group=ok-chat&window=24h');
    expect(body.up_s + body.down_s + body.unknown_s).toBe(24 * HOUR_S);
    expect(body).toMatchObject({
      group: 'ok-chat',
      down_s: 19 * 60,
      up_s: 81 * 60,
      uptime: 0.81,
      resolution_s: HOUR_S,
      latency: { points: 3, p50_ms: 100 },
      incidents: [
        {
          start: 'seen',
          end: 'recovered',
          down_s: 19 * 60,
          classes: ['server'],
          cause: 'server: status 500, key [redacted]',
        },
      ],
      incidents_left_out: 0,
    });
    expect(body.known).toBeCloseTo(100 / (24 * 60));
    expect(body.days).toHaveLength(2);
    expect(body.targets).toMatchObject([{ points: 4, oldest_point_at: '2026-11-22T10:17:41.000Z', down_s: 19 * 60 }]);
  });

  it('knows nothing of a fleet that has no points, and says so', async () => {
    const pod = measuredPod(undefined, ['ok-chat']);
    expect(await ask(pod, 'target=ok-chat')).toMatchObject({
      group: null,
      up_s: 0,
      down_s: 0,
      unknown_s: 7 * 24 * HOUR_S,
      uptime: null,
      known: 0,
      incidents: [],
      targets: [{ points: 0, oldest_point_at: null }],
    });
  });

  it('goes on until the newest probe of this pod, which is not stored if nothing changed', async () => {
    const pod = podWith([point(30, broken)]);
    const target = pod.target('ok-chat');
    pod.fleet.set(downView(target, { class: 'server', message: 'status 500' }));
    expect(await ask(pod, `target=${target}&window=1h`)).toMatchObject({
      down_s: 30 * 60,
      incidents: [{ start: 'unknown', end: 'ongoing' }],
    });
  });

  it('answers for a part of the past, and not for what came later', async () => {
    const pod = podWith([point(1), point(20, broken), point(50), point(100)]);
    const part = await ask(pod, 'group=ok-chat&from=10:57&to=2026-11-22T11:40:00Z');
    expect(part).toMatchObject({
      from: '2026-11-22T10:57:00.000Z',
      until: '2026-11-22T11:40:00.000Z',
      incidents: [{ start: 'seen', end: 'ongoing', down_s: 139 }],
      targets: [{ points: 2 }],
    });
    expect(part.up_s + part.down_s + part.unknown_s).toBe(43 * 60);
  });

  it('says when the record begins', async () => {
    expect(await ask(podWith([point(50)]), 'group=ok-chat&window=2h')).toMatchObject({
      known_from: '2026-11-22T11:07:41.000Z',
    });
    expect(await ask(podWith([point(500), point(50)]), 'group=ok-chat&window=1h')).toMatchObject({
      known_from: '2026-11-22T11:07:41.000Z',
    });
    expect(await ask(measuredPod(undefined, ['ok-chat']), 'group=ok-chat')).toMatchObject({ known_from: null });
  });

  it('dates an outage by the record of the target where the history lost its begin', async () => {
    const pod = podWith([point(1, broken)]);
    const target = pod.target('ok-chat');
    const view = downView(target, { class: 'server', message: 'status 500' });
    const facts = { ...view.facts!, run: { ...view.facts!.run, since: NOW - 9 * MINUTE_US } };
    pod.fleet.set({ ...view, facts });
    expect(await ask(pod, `target=${target}&window=1h`)).toMatchObject({
      down_s: 9 * 60,
      incidents: [{ started_at: '2026-11-22T11:48:41.000Z', end: 'ongoing' }],
    });
  });

  it('answers uptime as CSV: the window, each day and each target', async () => {
    const pod = podWith([point(1), point(20, broken), point(50), point(100)]);
    const answer = await pod.get('/fleet/history?group=ok-chat&window=2h&format=csv');
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    const uptime = '4860,1140,1200,0.81,0.8333333333333334';
    const window = '2026-11-22T09:57:41.000Z,2026-11-22T11:57:41.000Z';
    expect((await answer.text()).split('\r\n')).toEqual([
      'row,name,from,until,up_s,down_s,unknown_s,uptime,known',
      `window,"ok-chat",${window},${uptime}`,
      `day,"ok-chat",${window},${uptime}`,
      `target,"openai/gpt-4o-mini ${pod.target('ok-chat')}",${window},${uptime}`,
      '',
    ]);
  });

  it('quotes names in CSV, and keeps spreadsheets from running them as formulas', async () => {
    const alias = '=1+"1"';
    const settings = `router_settings: { model_group_alias: { '${alias}': ok-chat } }`;
    const answer = await measuredPod(undefined, ['ok-chat'], settings).get(
      `/fleet/history?group=${encodeURIComponent(alias)}&format=csv`,
    );
    expect(await answer.text()).toContain(`window,"'=1+""1""",2026`);
  });

  it.each([
    ['', 409],
    ['group=ok-chat&format=xml', 422],
    ['group=ok-chat&target=ok-chat', 409],
    ['group=ok-chat&window=91d', 200],
    ['group=ok-chat&from=02:00', 200],
    ['group=ok-chat&to=02:00', 422],
    ['group=ok-chat&from=2', 422],
    ['group=ok-chat&from=2027-01-01T00:00:00Z', 422],
    ['group=ok-chat&window=week', 422],
    ['group=none', 404],
    ['target=none', 404],
    ['target=openai/bad-500', 409],
  ])('answers %s with %i', async (query, status) => {
    expect((await podWith([]).get(`/fleet/history?${query}`)).status).toBe(status);
  });

  it('answers 503 while the store is lost, and why', async () => {
    const pod = podWith([]);
    pod.fleet.remembered = { kind: 'store-lost', why: 'no answer, key sk-upstream' };
    const answer = await pod.get('/fleet/history?group=ok-chat');
    expect([answer.status, await answer.text()]).toEqual([
      503,
      '{"detail":{"error":"The history could not be read: no answer, key [redacted]"}}',
    ]);
  });
});
