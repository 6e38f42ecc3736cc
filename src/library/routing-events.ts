import type { Logger } from '../ports/index.ts';
import type { RoutingEvents } from '../routing/index.ts';

/** Log lines about what the requests of this process make it do. */
export function routingEvents(logger: Logger, nameOf: (target: string) => string): RoutingEvents {
  return {
    ejected: ({ target, class: failure, forMs }) => {
      const forS = Math.round(forMs / 1_000);
      logger.warn(`Avoiding ${nameOf(target)} in this process for at most ${forS} s: its requests fail (${failure})`);
    },
    ejectionEnded: ({ target, why }) => {
      if (why !== 'removed') logger.info(`No longer avoiding ${nameOf(target)} in this process: ${why}`);
    },
    panic: ({ group, phase }) => {
      if (phase === 'began') logger.warn(`No upstream of ${group} is routable: requests go to all of them`);
      else logger.info(`An upstream of ${group} is routable again`);
    },
    retryRefused: (group) => {
      logger.debug(`A retry for ${group} was refused: retries are at most 20 % of requests while upstreams fail`);
    },
  };
}
