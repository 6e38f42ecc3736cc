import type { Fleet as Coordinator } from '../fleet/index.ts';
import type { Clock, Logger } from '../ports/index.ts';
import type { RequestPlan, RoutedRequest, Router } from '../routing/index.ts';
import type { TimeLimits } from './time-limits.ts';
import type { LibraryDeployment } from './deployments.ts';
import type { Emitter } from './events.ts';
import type { GivenUp } from './given-up.ts';

/** The running parts of a joined fleet, shared by everything that users call. */
export interface LibraryCore {
  readonly coordinator: Coordinator;
  readonly router: Router;
  readonly deployments: ReadonlyMap<string, LibraryDeployment>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly emitter: Emitter;
  readonly observeOnly: boolean;
  readonly givenUp: GivenUp;
  /** By group and upstream: time of the last line about advice, and how many were left out since. */
  readonly adviceLines: Map<string, { readonly atMs: number; readonly left: number }>;
  /** True if other groups stand in for the group. */
  readonly hasFallbacks: (group: string) => boolean;
  readonly fetch: typeof globalThis.fetch;
  /** For the head of an answer. */
  readonly attemptLimits: TimeLimits;
  /** An answer that is still open after this time counts as a success. If it breaks off later, that counts as a failure as well. */
  readonly runningLimits: TimeLimits;
}

/** Upstreams of a group, in their order. */
export function groupOf(
  { deployments }: Pick<LibraryCore, 'deployments'>,
  group: string,
): readonly LibraryDeployment[] {
  const found = [...deployments.values()].filter((one) => one.group === group);
  if (found.length === 0) throw new TypeError(`there is no group "${group}"`);
  return found;
}

/** What one request asks of routing. `mayTest`: its first attempt may be the fleet's probe of an upstream that is down. */
export function askFor(group: string, mayTest: boolean, fallbacks: 'allowed' | 'none' = 'allowed'): RoutedRequest {
  return {
    model: group,
    stream: false,
    tags: [],
    deadlineMs: Infinity,
    inputTokens: 0,
    mayUse: (name) => fallbacks === 'allowed' || name === group,
    mayTest,
  };
}

/** The plan of one request. A request for routing has no state, so {@link askFor} may be used for many. */
export function planFor({ router }: Pick<LibraryCore, 'router'>, request: RoutedRequest): RequestPlan {
  const plan = router.plan(request);
  if (plan === 'unknown-model') throw new TypeError(`there is no group "${request.model}"`);
  return plan;
}

/** The error where no attempt could be made. */
export function nothingToTry(group: string): (why: string) => Error {
  return (why) => new Error(`no upstream of group "${group}" to try: ${reasons[why] ?? why}`);
}

const reasons: Readonly<Record<string, string>> = {
  'not-served': 'the request has credentials, and no upstream without a key is at its address',
  'no-deployment': 'none is left',
  deadline: 'its deadline has passed',
};
