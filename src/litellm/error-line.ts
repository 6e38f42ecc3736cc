import type { FailureClass, Failure } from '../health/index.ts';

/**
 * The first line of what LiteLLM would show, so that alerts which look for its words keep working. The message comes
 * from the probe; the caller redacts it.
 *
 * @example
 * errorLine({ class: 'auth', status: 401, message: 'bad key' }, 'openai')
 * // 'litellm.AuthenticationError: AuthenticationError: OpenAIException - bad key'
 */
export function errorLine(failure: Failure | undefined, provider: string): string {
  const name = byStatus[failure?.status ?? 0] ?? byClass[failure?.class ?? 'server'];
  const message = (failure?.message ?? 'no reason was recorded').split('\n', 1)[0] ?? '';
  return `litellm.${name}: ${name}: ${providerName(provider)}Exception - ${message}`;
}

const byStatus: Readonly<Record<number, string>> = {
  400: 'BadRequestError',
  401: 'AuthenticationError',
  403: 'PermissionDeniedError',
  404: 'NotFoundError',
  422: 'UnprocessableEntityError',
  429: 'RateLimitError',
  503: 'ServiceUnavailableError',
};

const byClass: Readonly<Record<FailureClass, string>> = {
  network: 'InternalServerError',
  timeout: 'Timeout',
  server: 'InternalServerError',
  overloaded: 'RateLimitError',
  quota: 'RateLimitError',
  auth: 'AuthenticationError',
  'not-found': 'NotFoundError',
  'bad-probe': 'BadRequestError',
};

function providerName(provider: string): string {
  return provider === 'openai' ? 'OpenAI' : provider.charAt(0).toUpperCase() + provider.slice(1);
}
