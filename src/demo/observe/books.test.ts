import { expect, it } from 'vitest';
import { booksOf } from './books.ts';
import type { FleetPage, MoneyPage } from './fleet-page.ts';

// Of the page of a fleet, only its money is looked at.
const page = (money: MoneyPage): FleetPage => ({ money }) as FleetPage;
const day = (usd: number) => ({
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
  expect(booksOf(pages)).toEqual({ spentUsd: 3, savedUsd: { bySharing: 6, byAlias: 9, byCache: 12 } });
});

it('there are no books before a pod has read them, and no sums where nobody knows a price', () => {
  expect(booksOf([page({ as_of: null, days: [] })])).toBeNull();
  const unpriced = { spent_usd: null, saved_usd: null };
  expect(booksOf([page({ as_of: at(1), days: [unpriced] })])).toEqual({ spentUsd: null, savedUsd: null });
});
