import type { FailureClass } from '../../health/index.ts';
import type { PolicyError, RoutedDeployment, RoutingSettings } from '../types.ts';

/** LiteLLM's kind of error for each class. A connection that failed counts as an error of the server. */
const KINDS: Readonly<Record<FailureClass, PolicyError>> = {
  network: 'InternalServerError',
  timeout: 'TimeoutError',
  server: 'InternalServerError',
  overloaded: 'RateLimitError',
  quota: 'RateLimitError',
  auth: 'AuthenticationError',
  'not-found': 'NotFoundError',
  'bad-probe': 'BadRequestError',
};

/** Classes that may pass if the same deployment is asked again. */
const TRANSIENT: ReadonlySet<FailureClass> = new Set(['network', 'timeout', 'server', 'overloaded']);

/** True if another attempt at the same deployment can help. */
export function isTransient(failure: FailureClass): boolean {
  return TRANSIENT.has(failure);
}

/** Kind of error by which policies count. */
export function policyErrorOf(failure: FailureClass): PolicyError {
  return KINDS[failure];
}

/**
 * Further attempts in a group after a failure of a deployment. As LiteLLM: a group with a policy of its own has no other one, and
 * a number of the deployment counts where the policy has none.
 */
export function retriesAfter(
  failure: FailureClass,
  { group, deployment }: { readonly group: string; readonly deployment: RoutedDeployment | undefined },
  settings: RoutingSettings,
): number {
  const { retryPolicy, groupRetryPolicy } = settings;
  const policy = Object.hasOwn(groupRetryPolicy, group) ? groupRetryPolicy[group] : retryPolicy;
  return policy?.[KINDS[failure]] ?? policy?.Default ?? deployment?.retries ?? settings.retries;
}
