import type { Clock, Logger, StoreLoss } from '../../ports/index.ts';
import type { ClientTimes } from './client-options.ts';
import { openClient, type Client } from './client.ts';
import { warnOfEviction, type EvictionPolicy } from './eviction.ts';
import { closedLoss, lossOf } from './loss.ts';
import { secretsOf, type ResolvedTarget } from './resolve-target.ts';

/** Longest wait for a connection to say that it has ended. */
const CLOSING_MS = 200;

/** The connection for commands: opened at once, made again whenever it breaks, until it is closed. */
export interface Connection {
  readonly client: Client;
  /** What may be said of a failed command. While there is no connection, the reason for that. */
  explain(error: unknown): StoreLoss;
  /** As the server said when it was last connected to. */
  evictionPolicy(): EvictionPolicy;
  close(): Promise<void>;
}

export interface ConnectionParts {
  readonly target: ResolvedTarget;
  readonly times: ClientTimes;
  readonly clock: Clock;
  readonly logger: Logger;
}

export function connectionTo({ target, times, clock, logger }: ConnectionParts): Connection {
  const client = openClient({ target, times, clock });
  const secrets = secretsOf(target);
  let closed = false;
  let trouble: StoreLoss | undefined;
  let eviction: EvictionPolicy = { kind: 'unknown' };
  const note = (error: unknown): void => {
    const loss = lossOf(error, secrets);
    // One line per kind of trouble, not one per attempt.
    if (loss.code !== trouble?.code) logger.debug(`Redis connection: ${loss.message}`, { code: loss.code });
    trouble = loss;
  };
  client.on('error', note);
  client.on('node error', note);
  client.on('ready', () => {
    trouble = undefined;
    void warnOfEviction(client, logger).then((found) => (eviction = found));
  });
  return {
    client,
    explain: (error) => {
      if (closed) return closedLoss;
      const loss = lossOf(error, secrets);
      return loss.code === 'disconnected' && trouble !== undefined ? trouble : loss;
    },
    evictionPolicy: () => eviction,
    close: () => {
      if (closed) return Promise.resolve();
      closed = true;
      // A connection closed between two attempts has ended without saying so.
      const ended = new Promise<void>((resolve) => {
        client.once('end', () => resolve());
        clock.setTimer(CLOSING_MS, resolve);
      });
      client.disconnect();
      return ended;
    },
  };
}
