import { counted } from '../../health/index.ts';
import type { FleetSpend, Snapshot } from '../observe/snapshot.ts';
import { dollarsOf } from './words.ts';

/** `$0.0041 by sharing, $0.0010 by alias`: the fleet's own sums. */
export function fleetSpendWords({ savedUsd: saved }: FleetSpend): string {
  if (saved === null) return 'unknown';
  const { bySharing, byAlias, byCache } = saved;
  const rest = byCache > 0 ? `, ${dollarsOf(byCache)} by cache` : '';
  return `${dollarsOf(bySharing)} by sharing, ${dollarsOf(byAlias)} by alias${rest}`;
}

/** The prices that the sums are based on. */
export function pricesWords({ money: { unpriced }, targets }: Snapshot): string {
  if (unpriced === 0) return 'at list prices';
  return `at the list prices of ${targets.length - unpriced} of ${counted(targets.length, 'target')}`;
}
