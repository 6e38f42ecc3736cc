import type { RecentRequestsBody } from '../../api/index.ts';
import type { RecentGroup } from '../../ports/index.ts';
import type { AdminOptions } from '../admin-options.ts';
import { isoOf, secondsOf } from '../times.ts';

/** `requests` in `GET /fleet`: what requests met in this pod within the last minute. */
export function requestsBody({ requests, fleet, config }: AdminOptions): RecentRequestsBody {
  const { coveredMs, refused, groups, deployments } = requests.recent();
  return {
    covered_seconds: secondsOf(coveredMs),
    refused,
    groups: groups.map(groupBody),
    deployments: deployments.map(({ deployment, group, inFlight, leftBeforeAnswer }) => {
      return { deployment, group, in_flight: inFlight, left_before_answer: leftBeforeAnswer };
    }),
    unconfirmed_failures: fleet.unconfirmedFailures().map(({ target, reporter, class: failed, at }) => ({
      target,
      model: config.targets.find(({ id }) => id === target)?.name ?? null,
      reporter,
      class: failed,
      at: isoOf(at),
    })),
  };
}

function groupBody(group: RecentGroup): RecentRequestsBody['groups'][number] {
  return {
    group: group.group,
    requests: group.requests,
    answered: group.answered,
    failed: group.failed,
    broken_off: group.brokenOff,
    left_before_answer: group.leftBeforeAnswer,
    over_limit: group.overLimit,
    no_deployment: group.noDeployment,
    unroutable: group.unroutable,
    retries_refused: group.retriesRefused,
  };
}
