import type { FailureClass } from '../../health/index.ts';
import type { PolicyError, RoutedDeployment, RoutingSettings } from '../types.ts';

/** A failed attempt, as far as policies tell failures apart. */
export interface PolicyFailure {
  readonly class: FailureClass;
  /** HTTP status; absent where there was none. */
  readonly status?: number;
}

/** LiteLLM's kinds of error by the status of the answer, as it maps those of OpenAI, and 529 as it maps that of Anthropic. */
const BY_STATUS: ReadonlyMap<number, PolicyError> = new Map([
  [500, 'InternalServerError'],
  [502, 'BadGatewayError'],
  [503, 'ServiceUnavailableError'],
  [504, 'TimeoutError'],
  [529, 'InternalServerError'],
]);

/** The kinds of all others. As in LiteLLM, a connection that failed counts as an error of the server. */
const BY_CLASS: Readonly<Record<FailureClass, PolicyError>> = {
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

/** Kind of error by which policies count. `Default`: statuses that LiteLLM has no kind for, such as 403 and 520. */
export function policyErrorOf({ class: failed, status = 0 }: PolicyFailure): PolicyError {
  if (status === 403 || status >= 500) return BY_STATUS.get(status) ?? 'Default';
  return BY_CLASS[failed];
}

/**
 * Further attempts in a group after a failure of a deployment. As LiteLLM: a group with a policy of its own has no other one, and
 * a number of the deployment counts where the policy has none.
 */
export function retriesAfter(
  failure: PolicyFailure,
  { group, deployment }: { readonly group: string; readonly deployment: RoutedDeployment | undefined },
  settings: RoutingSettings,
): number {
  const { retryPolicy, groupRetryPolicy } = settings;
  const policy = Object.hasOwn(groupRetryPolicy, group) ? groupRetryPolicy[group] : retryPolicy;
  return policy?.[policyErrorOf(failure)] ?? policy?.Default ?? deployment?.retries ?? settings.retries;
}
