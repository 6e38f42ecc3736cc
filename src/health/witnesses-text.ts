import type { Witness } from './facts.ts';
import { hostOf } from './failure-series.ts';
import { isExternalHost, LITELLM_WITNESS } from './ids.ts';

/** For example `2 pods`, or `one pod and LiteLLM`: a pod that received reports did not see the failure itself. */
export function witnessesIn(witnesses: readonly Witness[]): string {
  const hosts = witnesses.map(hostOf);
  const external = hosts.filter(isExternalHost);
  const litellm = external.filter((host) => host === LITELLM_WITNESS);
  const named = [
    numbered(hosts.length - external.length, 'pod'),
    litellm.length === 0 ? '' : 'LiteLLM',
    numbered(external.length - litellm.length, 'reporter'),
  ];
  return named.filter((one) => one !== '').join(' and ');
}

function numbered(count: number, noun: string): string {
  if (count === 0) return '';
  return count === 1 ? `one ${noun}` : `${count} ${noun}s`;
}
