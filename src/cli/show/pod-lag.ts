import type { PodLagBody } from '../../api/index.ts';

const LONG_LAG_S = 10;

/** A pod's lag in words. Null: not known; undefined: of a version without it. */
export function lagText(lag: PodLagBody | null | undefined): string {
  if (lag === null || lag === undefined) return 'unknown';
  return lag.at_least_seconds > 0 ? `≥ ${lag.at_least_seconds} s` : '< 0.1 s';
}

/** True if a pod's lag is long enough for it to act on old health. */
export function isLongLag(lag: PodLagBody | null | undefined): boolean {
  return (lag?.at_least_seconds ?? 0) >= LONG_LAG_S;
}
