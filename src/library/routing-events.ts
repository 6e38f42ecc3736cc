import type { Logger } from '../ports/index.ts';
import type { EjectionEnd, RoutingEvents } from '../routing/index.ts';

/** What log lines about routing need. */
export interface RoutingLogOptions {
  readonly logger: Logger;
  readonly observeOnly: boolean;
  /** Name of the upstream of a target. */
  readonly nameOf: (target: string) => string;
}

/** Log lines about what the requests of this process make it do, or would make it do where it only observes. */
export function routingEvents(options: RoutingLogOptions): RoutingEvents {
  return options.observeOnly ? observed(options) : routed(options);
}

function routed({ logger, nameOf }: RoutingLogOptions): RoutingEvents {
  return {
    ejected: ({ target, forMs, ...why }) => {
      logger.warn(
        `Avoiding ${nameOf(target)} in this process for at most ${secondsOf(forMs)} s: its requests fail (${failureIn(why)})`,
      );
    },
    ejectionEnded: ({ target, why }) => {
      if (why !== 'removed') logger.info(`No longer avoiding ${nameOf(target)} in this process: ${ENDS[why]}`);
    },
    panic: ({ group, phase }) => {
      if (phase === 'began') logger.warn(`No upstream of ${group} is routable: requests go to all of them`);
      else if (phase === 'ended') logger.info(`An upstream of ${group} is routable again`);
    },
    retryRefused: (group) => {
      logger.debug(`A retry for ${group} was refused: retries are at most 20 % of requests while upstreams fail`);
    },
  };
}

function observed({ logger, nameOf }: RoutingLogOptions): RoutingEvents {
  return {
    ejected: ({ target, forMs, ...why }) => {
      logger.warn(
        `Would avoid ${nameOf(target)} in this process for at most ${secondsOf(forMs)} s (observe only): its requests fail (${failureIn(why)})`,
      );
    },
    ejectionEnded: ({ target, why }) => {
      if (why !== 'removed') {
        logger.info(`Would no longer avoid ${nameOf(target)} in this process (observe only): ${ENDS[why]}`);
      }
    },
    // Nothing is sent elsewhere, so neither changes a request.
    panic: () => {},
    retryRefused: () => {},
  };
}

function secondsOf(ms: number): number {
  return Math.round(ms / 1_000);
}

function failureIn({ class: failure, status }: { readonly class: string; readonly status?: number }): string {
  return status === undefined ? failure : `${failure}, HTTP ${status}`;
}

const ENDS: Readonly<Record<Exclude<EjectionEnd, 'removed'>, string>> = {
  'half-open': 'its time has passed, and one request tests it',
  'trial-passed': 'a request succeeded',
  'confirmed-up': 'there is newer evidence that it is up',
  'cooldowns-off': 'avoiding upstreams was switched off',
  'verdict-down': 'it is down by now, which replaces this',
};
