import type { Publishable } from './publishable.ts';

/** With fewer hosts, failures of half of them may well be outages. */
const MIN_HOSTS = 3;

/**
 * True if the failures are more likely the network of this pod than the upstreams: no healthy host, or half of three or
 * more hosts without a healthy deployment. A network policy, a proxy or a key that LiteLLM's pods do not have makes
 * everything fail for this pod. LiteLLM's pods have their own network path: without results they probe for themselves.
 *
 * @example
 * isLikelyPartition([{ host: 'a', list: 'unhealthy' }, { host: 'b', list: 'healthy' }]) // false
 */
export function isLikelyPartition(publishable: readonly Pick<Publishable, 'host' | 'list'>[]): boolean {
  const { count: healthy, of: hosts } = healthyHosts(publishable);
  const lost = hosts - healthy;
  return lost > 0 && (healthy === 0 || (hosts >= MIN_HOSTS && lost * 2 >= hosts));
}

/** Hosts with at least one healthy deployment, of all hosts with a verdict. */
export function healthyHosts(publishable: readonly Pick<Publishable, 'host' | 'list'>[]): Share {
  const judged = publishable.filter(({ host, list }) => host !== null && list !== 'unknown');
  const hosts = new Set(judged.map(({ host }) => host));
  const healthy = new Set(judged.filter(({ list }) => list === 'healthy').map(({ host }) => host));
  return { count: healthy.size, of: hosts.size };
}

export interface Share {
  readonly count: number;
  readonly of: number;
}
