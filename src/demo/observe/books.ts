import type { FleetBody } from '../../api/index.ts';
import type { Books } from './snapshot.ts';

/** What the fleet has counted, as the pod tells that read it last; all days, for a demo may outlast midnight. */
export function booksOf(pages: readonly Pick<FleetBody, 'money'>[]): Books | null {
  const read = pages.map(({ money }) => money).filter(({ as_of: asOf }) => asOf !== null);
  const [newest] = read.toSorted((a, b) => Date.parse(b.as_of ?? '') - Date.parse(a.as_of ?? ''));
  if (newest === undefined) return null;
  const spent = newest.days.flatMap(({ spent_usd: usd }) => usd ?? []);
  const saved = newest.days.flatMap(({ saved_usd: usd }) => usd ?? []);
  if (spent.length === 0) return { spentUsd: null, savedUsd: null };
  return {
    spentUsd: sumOf(spent),
    savedUsd: {
      bySharing: sumOf(saved.map((one) => one.by_sharing)),
      byAlias: sumOf(saved.map((one) => one.by_alias)),
      byCache: sumOf(saved.map((one) => one.by_cache)),
    },
  };
}

function sumOf(dollars: readonly number[]): number {
  return dollars.reduce((sum, one) => sum + one, 0);
}
