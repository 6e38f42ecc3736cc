import { Cluster, Redis } from 'ioredis';
import type { Clock } from '../../../ports/index.ts';
import { addressOptions, clusterOptions, steadyOptions, type ClientTimes } from './client-options.ts';
import type { ResolvedTarget } from './resolve-target.ts';

/** What the adapter needs of a client, single or cluster. */
export type Client = Redis | Cluster;

/** Distance between two reconnections because the server became a replica. */
const REELECT_MS = 1_000;

export interface ClientParts {
  readonly target: ResolvedTarget;
  readonly times: ClientTimes;
  readonly clock: Clock;
}

/** Opens the connection for commands: at once, in the background, for as long as it is not closed. */
export function openClient({ target, times, clock }: ClientParts): Client {
  if (target.kind === 'cluster') {
    const nodes = target.nodes.map(({ host, port }) => ({ host, port }));
    return new Cluster(nodes, clusterOptions(times, target));
  }
  let reconnectedMs = -Infinity;
  return new Redis({
    ...steadyOptions(times),
    ...addressOptions(target, times),
    // The name may point to another server since this one was demoted. Not on every answer: it may be a replica for good.
    reconnectOnError: (error) => {
      if (!error.message.startsWith('READONLY') || clock.monotonicMs() - reconnectedMs < REELECT_MS) return false;
      reconnectedMs = clock.monotonicMs();
      return true;
    },
  });
}
