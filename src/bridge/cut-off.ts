import type { Vouched } from './vouched.ts';

/** With fewer hosts, half of them are too few to say more about this pod than about them. */
const MIN_HOSTS = 3;

/**
 * Whether what fails is more likely the way of the pods that look than the upstreams: nothing healthy at any host, or at
 * half of three and more. A network policy, a proxy or a key that LiteLLM's pods do not have shows everything as down,
 * and nobody of ours could contradict. LiteLLM's pods have ways of their own: left alone they look for themselves.
 *
 * @example
 * seemsCutOff([{ host: 'a', list: 'unhealthy' }, { host: 'b', list: 'healthy' }]) // false
 */
export function seemsCutOff(vouched: readonly Pick<Vouched, 'host' | 'list'>[]): boolean {
  const judged = vouched.filter(({ host, list }) => host !== null && list !== 'unknown');
  const hosts = new Set(judged.map(({ host }) => host));
  const well = new Set(judged.filter(({ list }) => list === 'healthy').map(({ host }) => host));
  const lost = hosts.size - well.size;
  return lost > 0 && (well.size === 0 || (hosts.size >= MIN_HOSTS && lost * 2 >= hosts.size));
}
