import type { StoreTime } from '../../health/index.ts';
import type { LeaseLimits, LimitLease } from '../../ports/index.ts';
import {
  limitField,
  limitPoolFrom,
  limitPoolText,
  LONGEST_LIMIT_HOLD_MS,
  LONGEST_LIMIT_LEASE_MS,
  MOST_LIMIT_FIELDS,
  wholeCount,
} from '../format/index.ts';
import { divideLimit } from './divide-limit.ts';
import type { FleetState } from './state.ts';

/** Extends leases of limits; with a `ttlMs` of 0 gives them back. */
export function leaseLimits(state: FleetState, now: StoreTime, input: LeaseLimits): readonly LimitLease[] {
  const { pod, number, ttlMs, pods } = input;
  if (state.limits.size > MOST_LIMIT_FIELDS) state.limits.clear();
  return input.pools.map(({ deployment, kind, limit, keeps, used, demand, holdMs }) => {
    const field = limitField(deployment, kind);
    const asked = {
      pod,
      number: wholeCount(number),
      ttlUs: Math.min(wholeCount(ttlMs), LONGEST_LIMIT_LEASE_MS) * 1_000,
      holdUs: Math.min(wholeCount(holdMs), LONGEST_LIMIT_HOLD_MS) * 1_000,
      pods: wholeCount(pods),
      limit: wholeCount(limit),
      keeps: wholeCount(keeps),
      used: wholeCount(used),
      demand: wholeCount(demand),
    };
    const { pool, lease } = divideLimit(limitPoolFrom(state.limits.get(field), now), asked, now);
    state.limits.set(field, limitPoolText(pool));
    return lease;
  });
}
