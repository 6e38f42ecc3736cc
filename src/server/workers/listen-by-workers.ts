import type { AllswellConfig } from '../../config/index.ts';
import type { Handle } from '../../http/index.ts';
import type { Logger, WorkersReader } from '../../ports/index.ts';
import { listen } from '../http/listen.ts';
import type { Listener } from '../http/listen.ts';
import type { LongLivedParts } from '../long-lived-parts.ts';
import { systemClock } from '../../system/index.ts';
import type { DividedShares } from './divided-shares.ts';
import type { StartMessage } from './messages.ts';
import { findPort, portSharing } from './port-sharing.ts';
import { clusterSpawn } from './spawn-workers.ts';
import { PEER_HEADER } from './primary-proxy.ts';
import { startWorkers } from './start-workers.ts';
import type { Workers } from './start-workers.ts';

/** The workers of a pod as its listener. */
export interface WorkersListener extends Listener, WorkersReader, Pick<Workers, 'sync' | 'reconfigure'> {
  readonly inFlight: number;
}

export interface WorkersListenerInput {
  readonly count: number;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly logFlag: StartMessage['logFlag'];
  readonly version: string;
  /** Answers what is not forwarded. */
  readonly handle: Handle;
  readonly parts: Pick<LongLivedParts, 'fleet' | 'host' | 'metrics' | 'podName' | 'sink' | 'view'>;
  readonly shares: DividedShares;
  readonly logger: Logger;
}

/**
 * Listens by several processes. They forward requests, and pass all others to this process, which listens for them on a free port
 * of 127.0.0.1.
 *
 * @throws `ALLSWELL_ERR_PORT_IN_USE`, the system's error for an address that cannot be used, or an error if no worker starts
 */
export async function listenByWorkers(config: AllswellConfig, input: WorkersListenerInput): Promise<WorkersListener> {
  const { count, host, logFlag, version, handle, parts, shares, logger } = input;
  const port = await findPort(host, input.port);
  // Workers limit connections.
  const limits = { ...config.gateway, maxConnections: Number.POSITIVE_INFINITY };
  const inner = await listen(handle, { host: '127.0.0.1', port: 0, limits, peerHeader: PEER_HEADER, logger });
  try {
    const workers = await startWorkers(config, {
      count,
      address: { host, port, sharing: portSharing(process) },
      primaryPort: inner.port,
      logFlag,
      version,
      host: parts.host,
      podName: parts.podName,
      view: parts.view,
      fleet: parts.fleet,
      sink: parts.sink,
      counts: parts.metrics.requests,
      shares,
      spawn: clusterSpawn(),
      clock: systemClock,
      logger,
    });
    parts.metrics.observeWorkers(workers);
    return {
      port,
      get inFlight() {
        return workers.inFlight;
      },
      workers: () => workers.workers(),
      sync: async () => await workers.sync(),
      reconfigure: (next) => workers.reconfigure(next),
      drain: () => workers.drain(),
      close: async (withinMs) => {
        await workers.stop(withinMs);
        await inner.close(0);
      },
    };
  } catch (error) {
    await inner.close(0);
    throw error;
  }
}
