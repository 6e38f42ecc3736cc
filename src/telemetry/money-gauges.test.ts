import { expect, it } from 'vitest';
import { fleetDouble, NOW, upView, viewOf } from '../../test/golden/fleet-double.ts';
import type { DayTally } from '../ports/index.ts';
import { DAY_US } from '../ports/index.ts';
import { createMetrics } from './fleet-metrics.ts';

const DAY = Math.floor(NOW / DAY_US);
const use = { hour: 24 * DAY, probes: 7, day: DAY, nanoUsd: 15_000 };

function tallied(changes: Partial<DayTally>): DayTally {
  const sums = { spent: 12_000, savedBySharing: 24_000, savedByAlias: 36_000, savedByCache: 3_000 };
  return { day: DAY, probes: 4, unpriced: 1, ...sums, ...changes };
}

async function scrape(days: readonly DayTally[]): Promise<string> {
  const view = upView('t1');
  const lastProbe = { ...view.facts!.lastProbe, overBudget: { owner: 'fleet', until: NOW } as const };
  const fleet = fleetDouble([{ ...view, facts: { ...view.facts!, lastProbe } }, viewOf('t2')]);
  fleet.spent = {
    asOf: NOW,
    budget: { probesPerHour: 60, nanoUsdPerDay: 500_000_000 },
    use,
    days,
    targets: [
      { target: 't1', worstNanoUsd: 9_000, budget: {}, use, days },
      { target: 't2', worstNanoUsd: 0, budget: {}, use: null, days: [] },
    ],
  };
  const metrics = createMetrics([{ id: 't1', name: 'openai/gpt-4o' }]);
  metrics.observe(fleet);
  return (await metrics.scrape()).text;
}

it('metrics show budgets, and what the fleet spent and saved today', async () => {
  const text = await scrape([tallied({}), tallied({ day: DAY - 1, spent: 99_000 })]);
  for (const line of [
    'allswell_budget_limit_probes{target="",model=""} 60',
    'allswell_budget_limit_usd{target="",model=""} 0.5',
    'allswell_budget_used_probes{target="",model=""} 7',
    'allswell_budget_used_usd{target="",model=""} 0.000015',
    'allswell_fleet_spent_today_usd{target="",model=""} 0.000012',
    'allswell_fleet_spent_today_usd{target="t1",model="openai/gpt-4o"} 0.000012',
    'allswell_fleet_saved_today_usd{target="",model="",by="sharing"} 0.000024',
    'allswell_fleet_saved_today_usd{target="",model="",by="alias"} 0.000036',
    'allswell_fleet_saved_today_usd{target="",model="",by="cache"} 0.000003',
    'allswell_fleet_unpriced_today_probes{target="",model=""} 1',
    'allswell_target_over_budget{target="t1",model="openai/gpt-4o"} 1',
    'allswell_target_over_budget{target="t2",model=""} 0',
  ]) {
    expect(text).toContain(`${line}\n`);
  }
  expect(text).not.toMatch(/allswell_budget_(limit|used)_probes\{target="t1"/);
  expect(text).not.toMatch(/allswell_fleet_spent_today_usd\{target="t2"/);
});

it('metrics leave out sums whose prices nobody knows, and begin a day at nothing', async () => {
  expect(await scrape([tallied({ unpriced: 4 })])).not.toMatch(/^allswell_fleet_(spent|saved)_today_usd\{/m);
  expect(await scrape([tallied({ day: DAY - 1 })])).toContain('allswell_fleet_spent_today_usd{target="",model=""} 0\n');
});
