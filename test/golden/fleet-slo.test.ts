import { describe, expect, it } from 'vitest';
import { fleetSloSchema } from '../../src/api/index.ts';
import type { FleetSloBody } from '../../src/api/index.ts';
import type { HistoryPoint } from '../../src/ports/index.ts';
import { NOW, PROBER, upView } from './fleet-double.ts';
import { measuredPod } from './measured-pod.ts';
import type { MeasuredPod } from './measured-pod.ts';

const HOUR_US = 3_600_000_000;
const DAY_S = 86_400;

function point(hoursAgo: number, over: Partial<HistoryPoint> = {}): HistoryPoint {
  const seen = { pod: PROBER, kind: 'ok', level: 'inference', reason: 'scheduled', latencyMs: 100 } as const;
  return { at: Math.floor(NOW / HOUR_US - hoursAgo) * HOUR_US, ...seen, ...over };
}

/** Eight days of hours, of which one, two days ago, was down; older ones are repeats. */
function podWith(): MeasuredPod {
  const slo = 'slo: { availability: 99, window_days: 10, groups: { bad-500: { availability: 99.9, window_days: 1 } } }';
  const pod = measuredPod(undefined, ['ok-chat', 'bad-500'], `fleet_health: { ${slo} }`);
  const [good, bad] = [pod.target('ok-chat'), pod.target('bad-500')];
  const hours = Array.from({ length: 8 * 24 }, (_, i) =>
    point(i, i === 48 ? { kind: 'failed', class: 'server', message: 'secret-upstream' } : {}),
  );
  pod.fleet.remembered = {
    kind: 'read',
    histories: [
      { target: good, points: hours.slice(0, 60), repeats: hours.slice(60) },
      { target: bad, points: [], repeats: [] },
    ],
  };
  pod.fleet.set(upView(good));
  return pod;
}

async function ask(pod: MeasuredPod, query = ''): Promise<FleetSloBody> {
  const answer = await pod.get(`/fleet/slo${query}`);
  expect(answer.status).toBe(200);
  return fleetSloSchema.parse(await answer.json());
}

describe('GET /fleet/slo', () => {
  it('has the error budget of each group with an objective, from known time alone', async () => {
    const { groups } = await ask(podWith());
    expect(groups.map(({ group, objective }) => [group, objective])).toEqual([
      ['ok-chat', 0.99],
      ['bad-500', 0.999],
    ]);
    const [good, bad] = groups;
    expect(good).toMatchObject({ down_s: 3_600, budget: { used_s: 3_600 }, budget_state: 'left' });
    const known = (good?.up_s ?? 0) + (good?.down_s ?? 0);
    expect(known).toBeGreaterThan(7.9 * DAY_S);
    expect(known + (good?.unknown_s ?? 0)).toBeCloseTo(10 * DAY_S);
    expect(good?.budget.total_s).toBeCloseTo(known / 100, 3);
    expect(good?.budget.left_s).toBeCloseTo(known / 100 - 3_600, 3);
    expect(good?.burn_rates).toEqual({ '5m': 0, '30m': 0, '1h': 0, '6h': 0 });
    expect(bad).toMatchObject({
      uptime: null,
      known: 0,
      unknown_s: DAY_S,
      budget: { total_s: 0, used_s: 0, left_s: 0, left: null },
      budget_state: 'left',
      burn_rates: { '1h': null },
      exhausted_in_s: null,
    });
    expect(JSON.stringify(groups)).not.toContain('secret-upstream');
  });

  it('answers for one group, and as a table', async () => {
    const pod = podWith();
    expect((await ask(pod, '?group=bad-500')).groups.map(({ group }) => group)).toEqual(['bad-500']);
    const answer = await pod.get('/fleet/slo?format=csv');
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv/);
    const rows = (await answer.text()).split('\r\n').map((row) => row.split(','));
    expect(rows.map(([group]) => group)).toEqual(['group', '"ok-chat"', '"bad-500"', '']);
    expect(rows[1]).toHaveLength(rows[0]?.length ?? 0);
    expect(rows[2]?.slice(4)).toEqual(['0', '0', `${DAY_S}`, '', '0', '0', '0', '0', '', 'left', '', '', '', '', '']);
  });

  it('says which group is unknown or has no objective, and why the store could not be read', async () => {
    const pod = podWith();
    expect((await pod.get('/fleet/slo?group=other')).status).toBe(404);
    const without = measuredPod(undefined, ['ok-chat']);
    expect(await ask(without)).toMatchObject({ groups: [] });
    const refused = await without.get('/fleet/slo?group=ok-chat');
    expect([refused.status, await refused.text()]).toEqual([404, expect.stringContaining('has no objective')]);
    pod.fleet.remembered = { kind: 'store-lost', why: 'no answer within 250 ms' };
    expect((await pod.get('/fleet/slo')).status).toBe(503);
  });
});
