import { expect, it } from 'vitest';
import { fleetDouble, NOW, upView, viewOf } from '../../golden/fleet-double.ts';
import type { DayTotals, MoneyView } from '../../../src/ports/index.ts';
import { DAY_US, HOUR_US } from '../../../src/ports/index.ts';
import { createMetrics } from '../../../src/telemetry/pod-metrics.ts';

const DAY = Math.floor(NOW / DAY_US);
const use = { hour: Math.floor(NOW / HOUR_US), probes: 7, day: DAY, nanoUsd: 15_000 };

function tallied(changes: Partial<DayTotals>): DayTotals {
  const sums = { spent: 12_000, savedBySharing: 24_000, savedByAlias: 36_000, savedByCache: 3_000 };
  return { day: DAY, probes: 4, unpriced: 1, ...sums, ...changes };
}

async function scrape(days: readonly DayTotals[], read: Partial<MoneyView> = {}): Promise<string> {
  const view = upView('t1');
  const last = { ...view.facts!.last, overBudget: { owner: 'fleet', until: NOW } as const };
  const fleet = fleetDouble([{ ...view, facts: { ...view.facts!, last } }, viewOf('t2')]);
  fleet.spent = {
    asOf: NOW,
    lostAt: null,
    budget: { probesPerHour: 60, nanoUsdPerDay: 500_000_000 },
    use,
    days,
    targets: [
      { target: 't1', worstNanoUsd: 9_000, budget: {}, use, days },
      { target: 't2', worstNanoUsd: 0, budget: {}, use: null, days: [] },
    ],
    ...read,
  };
  const metrics = createMetrics({ targets: [{ id: 't1', name: 'openai/gpt-4o' }] });
  metrics.observe(fleet);
  return (await metrics.scrapeFleet()).text;
}

it('metrics show budgets, and what the fleet spent and saved today', async () => {
  const text = await scrape([tallied({}), tallied({ day: DAY - 1, spent: 99_000 })]);
  for (const line of [
    'allswell_fleet_budget_limit_probes 60',
    'allswell_fleet_budget_limit_usd 0.5',
    'allswell_fleet_budget_used_probes 7',
    'allswell_fleet_budget_used_usd 0.000015',
    'allswell_fleet_spent_today_usd 0.000012',
    'allswell_target_spent_today_usd{target="t1",model="openai/gpt-4o"} 0.000012',
    'allswell_fleet_saved_today_usd{by="sharing"} 0.000024',
    'allswell_fleet_saved_today_usd{by="alias"} 0.000036',
    'allswell_fleet_saved_today_usd{by="cache"} 0.000003',
    'allswell_target_saved_today_usd{target="t1",model="openai/gpt-4o",by="cache"} 0.000003',
    'allswell_fleet_unpriced_today_probes 1',
    'allswell_target_unpriced_today_probes{target="t1",model="openai/gpt-4o"} 1',
  ]) {
    expect(text).toContain(`${line}\n`);
  }
  expect(text).not.toMatch(/^allswell_target_budget_(limit|used)_probes\{target="t1"/m);
  expect(text).not.toMatch(/^allswell_target_spent_today_usd\{target="t2"/m);
});

it('metrics leave out sums whose prices nobody knows, and begin a day at nothing', async () => {
  expect(await scrape([tallied({ unpriced: 4 })])).not.toMatch(/^allswell_(fleet|target)_(spent|saved)_today_usd[ {]/m);
  expect(await scrape([tallied({ day: DAY - 1 })])).toContain('allswell_fleet_spent_today_usd 0\n');
});

it('metrics show no sum of a target without a price even before its first probe of the day', async () => {
  const targets = [{ target: 't1', worstNanoUsd: 0, budget: {}, use, days: [] }];
  expect(await scrape([], { targets })).not.toMatch(/^allswell_(fleet|target)_(spent|saved)_today_usd[ {]/m);
});

it('metrics leave out what was read in an hour or a day that is over: it is not known, and not 0', async () => {
  const lastHour = await scrape([tallied({})], { use: { ...use, hour: use.hour - 1, day: DAY } });
  expect(lastHour).not.toMatch(/^allswell_fleet_budget_used_probes /m);
  expect(lastHour).toContain('allswell_fleet_budget_used_usd 0.000015\n');
  const yesterday = { hour: 24 * DAY - 1, probes: 7, day: DAY - 1, nanoUsd: 15_000 };
  const text = await scrape([tallied({ day: DAY - 1 })], { asOf: DAY * DAY_US - 1, use: yesterday });
  expect(text).not.toMatch(/^allswell_(fleet|target)_(budget_used|(spent|saved|unpriced)_today)_\w+[ {]/m);
  expect(text).toContain('allswell_fleet_budget_limit_probes 60\n');
});
