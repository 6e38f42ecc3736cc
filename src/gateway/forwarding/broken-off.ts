import type { AttemptFault } from './attempt-types.ts';
import type { ClientError } from './errors.ts';

/** The error that ends an answer that broke off. Its status is that of the request in metrics, spans and log lines. */
export function brokenOffError({ class: name, message }: AttemptFault): ClientError {
  const isLate = name === 'timeout';
  if (name === 'stopping') {
    return { status: 503, type: 'api_error', message: 'The answer is not complete: the gateway pod stops' };
  }
  return {
    status: isLate ? 504 : 502,
    type: isLate ? 'timeout_error' : 'api_error',
    message: `The answer is not complete: ${isLate ? message : 'the upstream broke it off'}`,
  };
}
