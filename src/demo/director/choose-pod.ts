import type { Snapshot } from '../observe/snapshot.ts';
import type { StagePod } from '../stage/stage-pod.ts';
import type { Troubles } from './troubles.ts';

/** The running pod whose evidence is the newest. */
export function lastProber(pods: readonly StagePod[], { targets }: Snapshot): StagePod | undefined {
  const running = pods.filter(({ life }) => life === 'running');
  const newestFirst = targets.toSorted((a, b) => (b.checkedAtMs ?? 0) - (a.checkedAtMs ?? 0));
  return (
    newestFirst.map(({ by }) => running.find(({ name }) => name === by)).find((pod) => pod !== undefined) ?? running[0]
  );
}

/**
 * The pod whose probes go to the most hosts: without its network it fails at the most of them, which is how it comes to
 * doubt itself instead of them.
 */
export function busiestPod(
  pods: readonly StagePod[],
  { targets }: Snapshot,
  troubles: Pick<Troubles, 'isCut'>,
): StagePod | undefined {
  const hostsOf = ({ name }: StagePod): number =>
    new Set(targets.filter(({ by }) => by === name).map(({ host }) => host)).size;
  return pods
    .filter((pod) => pod.life === 'running' && pod.ownPort !== undefined && !troubles.isCut(pod))
    .toSorted((a, b) => hostsOf(b) - hostsOf(a))[0];
}
