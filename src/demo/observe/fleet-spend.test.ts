import { expect, it } from 'vitest';
import type { DayMoneyBody, FleetBody, MoneyBody } from '../../api/index.ts';
import { fleetSpendOf } from './observer.ts';

const budget = {
  probes_per_hour: null,
  usd_per_day: null,
  probes_this_hour: null,
  usd_today: null,
  hour_ends_at: null,
  day_ends_at: null,
};
const page = (money: Pick<MoneyBody, 'as_of' | 'days'>): Pick<FleetBody, 'money'> => ({
  money: { lost_at: null, budget, targets: [], ...money },
});
const day = (usd: number): DayMoneyBody => ({
  day: '2026-11-24',
  probes: 1,
  unpriced_probes: 0,
  spent_usd: usd,
  saved_usd: { by_sharing: 2 * usd, by_alias: 3 * usd, by_cache: 4 * usd },
});
const at = (second: number): string => `2026-11-24T00:00:0${second}.000Z`;

it('the books are those of the pod that read them last, over midnight', () => {
  const pages = [
    page({ as_of: at(1), days: [day(9)] }),
    page({ as_of: at(3), days: [day(1), day(2)] }),
    page({ as_of: null, days: [] }),
  ];
  expect(fleetSpendOf(pages)).toEqual({ spentUsd: 3, savedUsd: { bySharing: 6, byAlias: 9, byCache: 12 } });
});

it('no sums exist before a pod has read them, or without a price', () => {
  expect(fleetSpendOf([page({ as_of: null, days: [] })])).toBeNull();
  const unpriced = { ...day(0), unpriced_probes: 1, spent_usd: null, saved_usd: null };
  expect(fleetSpendOf([page({ as_of: at(1), days: [unpriced] })])).toEqual({ spentUsd: null, savedUsd: null });
});
