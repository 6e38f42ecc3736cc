import type { AllswellConfig } from '../../config/index.ts';
import type { TargetId } from '../../health/index.ts';
import type { Logger, RequestMetrics } from '../../ports/index.ts';
import type { RoutingEvents } from '../../routing/index.ts';
import { distinctNames } from '../target-names.ts';

/** Logs what this pod's own requests make it do, once for each change, and counts panics. */
export function createRoutingLog(
  logger: Logger,
  metrics: Pick<RequestMetrics, 'group'>,
  config: () => Pick<AllswellConfig, 'targets'>,
): RoutingEvents {
  const nameOf = (target: TargetId): string => distinctNames(config().targets).get(target) ?? target;
  return {
    ejected: ({ target, deployment, cause, class: failure, forMs }) => {
      const what = deployment === undefined ? nameOf(target) : `${nameOf(target)} (deployment ${deployment})`;
      logger.warn(
        `Avoiding ${what} in this pod for at most ${Math.round(forMs / 1_000)} s: its requests fail (${failure}; ${causes[cause]})`,
      );
    },
    ejectionEnded: ({ target, why }) => {
      if (why !== 'removed') logger.info(`No longer avoiding ${nameOf(target)} in this pod: ${ends[why]}`);
    },
    panic: ({ group, phase }) => {
      if (phase === 'quiet') return;
      if (phase === 'began') {
        metrics.group(group).panicked();
        logger.warn(
          `No deployment of ${group} is routable: requests go to all of them. To fix: see allswell status --why`,
        );
      } else logger.info(`A deployment of ${group} is routable again`);
    },
    retryRefused: (group) => {
      metrics.group(group).retryRefused();
      logger.debug(`A retry for ${group} was refused: retries are at most 20 % of requests while upstreams fail`);
    },
  };
}

const causes = {
  window: 'two in a row, or half of at least ten',
  'allowed-fails': 'more than allowed_fails within a minute',
  'failed-trial': 'the trial request failed, too',
} as const;

const ends = {
  'half-open': 'its time is up, and one trial request decides',
  'trial-passed': 'a request succeeded',
  'confirmed-up': 'a probe passed',
  'cooldowns-off': 'disable_cooldowns was switched on',
  'verdict-down': 'the fleet has found it down',
} as const;
