import { atMostOncePerMinute, shownId } from '../../traffic/index.ts';
import type { Clock, Logger } from '../../ports/index.ts';

/** Lines about load balancers and monitors that get no answer, each at most once per minute: they ask often, and show little themselves. */
export interface UpLog {
  notFound(what: 'model group' | 'target', name: string): void;
  denied(why: string): void;
}

export function createUpLog(logger: Pick<Logger, 'warn'>, clock: Pick<Clock, 'monotonicMs'>): UpLog {
  const [notFoundLine, deniedLine] = [atMostOncePerMinute(clock), atMostOncePerMinute(clock)];
  return {
    notFound: (what, name) => {
      notFoundLine(() => {
        logger.warn(
          `A load balancer or monitor asks for the ${what} ${shownId(name)}, which this pod does not have; it gets 404. To fix: correct the path of its check`,
        );
      });
    },
    denied: (why) => {
      deniedLine(() => {
        logger.warn(
          `A load balancer or monitor may not read whether models are up: ${why}. To fix: send an admin key, or set fleet_health.public_up: true`,
        );
      });
    },
  };
}
