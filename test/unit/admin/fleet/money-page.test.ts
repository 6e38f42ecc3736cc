import { expect, it } from 'vitest';
import type { FleetBody, MoneyBody } from '../../../../src/api/index.ts';
import { measuredPod } from '../../../golden/measured-pod.ts';
import { NOW } from '../../../golden/fleet-double.ts';
import { DAY_US } from '../../../../src/ports/index.ts';
import type { DayTotals, MoneyView } from '../../../../src/ports/index.ts';

const DAY = 20_780;
const totals: DayTotals = {
  day: DAY,
  probes: 4,
  unpriced: 1,
  spent: 12_000,
  savedBySharing: 24_000,
  savedByAlias: 36_000,
  savedByCache: 3_000,
};

async function money(spent: MoneyView): Promise<MoneyBody> {
  const pod = measuredPod();
  pod.fleet.spent = spent;
  return ((await (await pod.get('/fleet')).json()) as FleetBody).money;
}

it('shows the budget, its use, and what was spent and saved on each day, in dollars', async () => {
  const target = measuredPod().target('ok-chat');
  const use = { hour: 24 * DAY + 3, probes: 7, day: DAY, nanoUsd: 15_000 };
  const shown = await money({
    lostAt: null,
    asOf: (24 * DAY + 3) * 3_600_000_000 + 1_000_000,
    budget: { probesPerHour: 60, nanoUsdPerDay: 500_000_000 },
    use,
    days: [totals],
    targets: [{ target, worstNanoUsd: 9_000, budget: {}, use, days: [] }],
  });
  const times = { hour_ends_at: '2026-11-23T04:00:00.000Z', day_ends_at: '2026-11-24T00:00:00.000Z' };
  const used = { probes_this_hour: 7, usd_today: 0.000_015, ...times };
  expect(shown).toEqual({
    as_of: '2026-11-23T03:00:01.000Z',
    lost_at: null,
    budget: { probes_per_hour: 60, usd_per_day: 0.5, ...used },
    days: [
      {
        day: '2026-11-23',
        probes: 4,
        unpriced_probes: 1,
        spent_usd: 0.000_012,
        saved_usd: { by_sharing: 0.000_024, by_alias: 0.000_036, by_cache: 0.000_003 },
      },
    ],
    targets: [
      {
        target,
        model: 'openai/gpt-4o-mini',
        worst_price_usd: 0.000_009,
        budget: { probes_per_hour: null, usd_per_day: null, ...used },
        days: [],
      },
    ],
  });
});

it('shows nothing in place of what nobody knows (an unknown price shown as $0)', async () => {
  const unpriced = { ...totals, unpriced: 4, spent: 0, savedBySharing: 0, savedByAlias: 0, savedByCache: 0 };
  const targets = [{ target: 't', worstNanoUsd: 0, budget: {}, use: null, days: [unpriced] }];
  const shown = await money({ asOf: null, lostAt: null, budget: {}, use: null, days: [unpriced], targets });
  expect(shown).toMatchObject({
    as_of: null,
    lost_at: null,
    budget: { probes_this_hour: null, usd_today: null },
    days: [{ probes: 4, unpriced_probes: 4, spent_usd: null, saved_usd: null }],
    targets: [{ worst_price_usd: null, days: [{ spent_usd: null }] }],
  });
});

it('shows the use of an hour that is over as unknown, and not as that of the present one', async () => {
  const now = Math.floor(NOW / 3_600_000_000);
  const day = Math.floor(NOW / DAY_US);
  const budget = { probesPerHour: 60, nanoUsdPerDay: 500_000_000 };
  const read = (use: MoneyView['use']): MoneyView => ({
    asOf: NOW - 1,
    lostAt: null,
    budget,
    use,
    days: [],
    targets: [],
  });
  const hourOver = await money(read({ hour: now - 1, probes: 7, day, nanoUsd: 15_000 }));
  const ends = { hour_ends_at: isoAt((now + 1) * 3_600_000_000), day_ends_at: isoAt((day + 1) * DAY_US) };
  expect(hourOver).toMatchObject({ budget: { probes_this_hour: null, usd_today: 0.000_015, ...ends } });
  const dayOver = await money(read({ hour: now - 24, probes: 7, day: day - 1, nanoUsd: 15_000 }));
  expect(dayOver).toMatchObject({ budget: { probes_this_hour: null, usd_today: null, ...ends } });
});

function isoAt(us: number): string {
  return new Date(us / 1000).toISOString();
}
