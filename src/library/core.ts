import type { Fleet as Coordinator } from '../fleet/index.ts';
import type { Clock, Logger } from '../ports/index.ts';
import type { RequestPlan, Router } from '../routing/index.ts';
import type { TimeLimits } from './time-limits.ts';
import type { LibraryDeployment } from './deployments.ts';
import type { Emitter } from './events.ts';

/** The running parts of a joined fleet, shared by everything that users call. */
export interface LibraryCore {
  readonly coordinator: Coordinator;
  readonly router: Router;
  readonly deployments: ReadonlyMap<string, LibraryDeployment>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly emitter: Emitter;
  readonly observeOnly: boolean;
  readonly fetch: typeof globalThis.fetch;
  /** For the head of an answer. */
  readonly attemptLimits: TimeLimits;
  /** An answer that has run for this long, or is not read, counts as a success; if it breaks off later, as a failure, too. */
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
export function planFor({ router }: Pick<LibraryCore, 'router'>, group: string, mayTest: boolean): RequestPlan {
  const plan = router.plan({
    model: group,
    stream: false,
    tags: [],
    deadlineMs: Infinity,
    inputTokens: 0,
    mayUse: () => true,
    mayTest,
  });
  if (plan === 'unknown-model') throw new TypeError(`there is no group "${group}"`);
  return plan;
}

/** The error where no attempt could be made. */
export function nothingToTry(group: string): (why: string) => Error {
  return (why) => new Error(`no upstream of "${group}" can be tried: ${why}`);
}
