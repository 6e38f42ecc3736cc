import type { FleetBody, PodBody } from '../../src/api/index.ts';
import { counted } from './headline.ts';

type PodsBody = Pick<FleetBody, 'pods' | 'store'> & { readonly setup: Pick<FleetBody['setup'], 'expected_pods'> };

const LONG_LAG_S = 10;

/** How far a pod's copy of the fleet's health is behind Redis. */
export function lagText(lag: PodBody['lag']): string {
  if (lag === null) return 'unknown';
  return lag.at_least_seconds > 0 ? `≥ ${lag.at_least_seconds} s` : '< 0.1 s';
}

/** True if a pod's lag is long enough for it to act on old health. */
export function isLongLag(lag: PodBody['lag']): boolean {
  return (lag?.at_least_seconds ?? 0) >= LONG_LAG_S;
}

/** Number of pods, and how many there should be. */
export function podsHeading({ pods, setup: { expected_pods: expected } }: PodsBody): string {
  const count = counted(pods.length, 'pod');
  return expected === null ? count : `${count}, ${expected} expected`;
}

/** What is wrong with the list of pods as a whole. */
export function podWarnings({ pods, store, setup: { expected_pods: expected } }: PodsBody): readonly string[] {
  if (!store.available) return ['Last known pods: without Redis nothing is known of other pods.'];
  const missing = (expected ?? 0) - pods.length;
  const versions = new Set(pods.map(({ version }) => version));
  return [
    ...(missing > 0 ? [`${counted(missing, 'pod')} missing.`] : []),
    ...(versions.size > 1 ? [`The pods have ${versions.size} versions: ${[...versions].join(', ')}.`] : []),
  ];
}
