import { Cluster, Redis } from 'ioredis';
import type { Clock } from '../../../ports/index.ts';
import { addressOptions, clusterOptions, steadyOptions, type ClientTimes } from './client-options.ts';
import type { ResolvedTarget } from './resolve-target.ts';

/** A client for a single server or a cluster. */
export type Client = Redis | Cluster;

/** Time between two reconnections because the server became a replica. */
const REELECT_MS = 1_000;

export interface ClientParts {
  readonly target: ResolvedTarget;
  readonly times: ClientTimes;
  readonly clock: Clock;
}

/** Opens the connection for commands in the background, and keeps it open until it is closed. */
export function openClient({ target, times, clock }: ClientParts): Client {
  if (target.kind === 'cluster') {
    const nodes = target.nodes.map(({ host, port }) => ({ host, port }));
    return new Cluster(nodes, clusterOptions(times, target));
  }
  let reconnectedMs = -Infinity;
  return new Redis({
    ...steadyOptions(times),
    ...addressOptions(target, times),
    // After a failover the name may point to another server. Not after each answer: the server may stay a replica.
    reconnectOnError: (error) => {
      if (!error.message.startsWith('READONLY') || clock.monotonicMs() - reconnectedMs < REELECT_MS) return false;
      reconnectedMs = clock.monotonicMs();
      return true;
    },
  });
}
