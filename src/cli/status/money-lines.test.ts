import { describe, expect, it } from 'vitest';
import { plainPaint } from '../../terminal/index.ts';
import type { DayMoneyPage, FleetPage, MoneyPage } from '../ask/index.ts';
import { moneyLines } from './money-lines.ts';
import { moneyToday } from './money-today.ts';

const NOW = '2026-11-23T06:00:05.000Z';
const noBudget = {
  probes_per_hour: null,
  usd_per_day: null,
  probes_this_hour: 0,
  usd_today: 0,
  hour_ends_at: '2026-11-23T07:00:00.000Z',
  day_ends_at: '2026-11-24T00:00:00.000Z',
};

// gpt-4o-mini is listed at $0.15 and $0.60 for a million tokens: 12 tokens in and 5 out are $0.0000048.
const totals: DayMoneyPage = {
  day: '2026-11-23',
  probes: 3,
  unpriced_probes: 0,
  spent_usd: 0.000_014_4,
  saved_usd: { by_sharing: 0.000_028_8, by_alias: 0.000_043_2, by_cache: 0 },
};

function targetOf(model: string, day: Partial<DayMoneyPage>): MoneyPage['targets'][number] {
  return { target: `id-${model}`, model, worst_price_usd: 0.000_01, budget: noBudget, days: [{ ...totals, ...day }] };
}

const unprobed = { ...targetOf('unprobed', {}), days: [] };
const unknown = { probes: 7, unpriced_probes: 7, spent_usd: null, saved_usd: null };

function page(money: Partial<MoneyPage>, now = NOW): FleetPage {
  const whole = { as_of: '2026-11-23T06:00:02.000Z', budget: noBudget, days: [totals], targets: [unprobed], ...money };
  // Of the page of a fleet, only this is looked at.
  return { now, money: whole, targets: [] } as unknown as FleetPage;
}

const lines = (money: Partial<MoneyPage>, now?: string): readonly string[] => moneyLines(page(money, now), plainPaint);

describe('the money of allswell status', () => {
  it('is what the fleet and its dearest targets spent and saved today', () => {
    const targets = [targetOf('mini', {}), targetOf('own', unknown), targetOf('big', { spent_usd: 1.5, probes: 1 })];
    const days = [{ ...totals, probes: 11, unpriced_probes: 7, spent_usd: 1.500_014_4 }];
    expect(lines({ days, targets })).toEqual([
      'COST of 2026-11-23 (UTC), at list prices, read 3 s ago',
      '  fleet  11 paid probes  spent $1.50 and 7 of unknown price                  saved $0.000072 (sharing $0.0000288, alias $0.0000432)',
      '  big    1 paid probe    spent $1.50                                         saved $0.000072 (sharing $0.0000288, alias $0.0000432)',
      '  mini   3 paid probes   spent $0.0000144                                    saved $0.000072 (sharing $0.0000288, alias $0.0000432)',
      '  own    7 paid probes   spent unknown (no price: set input_cost_per_token)  saved unknown',
    ]);
  });

  it('tells that a budget is spent as soon as a flag does, although the sums are older', () => {
    const last = { overBudget: { owner: 'fleet', until: 1 } };
    const targets = [{ target: 'id-mini', flags: ['budget-spent'], record: { last } }];
    const shown = (limits: Partial<typeof noBudget>): string | undefined =>
      moneyLines({ ...page({ budget: { ...noBudget, ...limits } }), targets } as unknown as FleetPage, plainPaint)[1];
    const limits = { probes_per_hour: 4, probes_this_hour: 0 } as object;
    expect(shown(limits)).toMatch(/ budget: 4 of 4 probes this hour \(spent\)$/);
    expect(shown({ ...limits, usd_per_day: 0.5 } as object)).toMatch(
      / budget: 0 of 4 probes this hour, \$0 of \$0\.5 today \(spent\)$/,
    );
  });

  it('names five targets and counts the others', () => {
    const targets = Array.from({ length: 8 }, (_, i) => targetOf(`m${i}`, { spent_usd: i }));
    const shown = lines({ targets });
    expect(shown.slice(2).map((line) => line.trim().split(/\s+/)[0])).toEqual(['m7', 'm6', 'm5', 'm4', 'm3', 'and']);
    expect(shown.at(-1)).toBe('  and 3 more');
  });

  it('tells what is left of a budget', () => {
    const limits = { probes_per_hour: 3, usd_per_day: 0.5, probes_this_hour: 3, usd_today: 0.000_014_4 };
    const budget = { ...noBudget, ...limits };
    expect(lines({ budget })[1]).toMatch(/ budget: 3 of 3 probes this hour \(spent\), \$0\.0000144 of \$0\.5 today$/);
    const unread = { ...budget, probes_this_hour: null, usd_today: null };
    expect(lines({ budget: unread, as_of: null })[1]).toMatch(
      / budget: use of 3 probes this hour not read yet, use of \$0\.5 today not read yet$/,
    );
  });

  it('begins each UTC day at nothing', () => {
    const midnight = '2026-11-24T00:00:01.000Z';
    expect(lines({ as_of: midnight }, midnight)).toEqual([
      'COST of 2026-11-24 (UTC), at list prices, read 0 s ago',
      '  fleet  0 paid probes  spent $0  saved $0',
    ]);
  });

  it('is unknown, and never 0, where no price is known, even before the first probe', () => {
    const targets = [{ ...targetOf('own', unknown), worst_price_usd: null, days: [] }];
    expect(lines({ days: [], targets })[1]).toBe(
      '  fleet  0 paid probes  spent unknown (no price: set input_cost_per_token)  saved unknown',
    );
  });

  it.each([
    ['the store was not read yet', null, NOW, 'not read yet'],
    ['it was last read before midnight', '2026-11-23T23:59:58.000Z', '2026-11-24T00:00:03.000Z', 'read 5 s ago'],
  ])('is unknown, and never 0, where %s', (_, asOf, now, age) => {
    const shown = lines({ as_of: asOf, targets: [targetOf('mini', {})] }, now);
    expect(shown).toEqual([expect.stringMatching(`${age}$`), '  fleet  not read today']);
    expect(moneyToday(page({ as_of: asOf }, now))?.fleet).toMatchObject({
      probes: null,
      spent_usd: null,
      saved_usd: null,
    });
  });

  it('is left out where nobody bills anything', () => {
    expect(lines({ days: [], targets: [] })).toEqual([]);
  });

  it('is left out for a pod that tells nothing of it', () => {
    const { money: _, ...older } = page({});
    expect([moneyLines(older, plainPaint), moneyToday(older)]).toEqual([[], null]);
  });
});
