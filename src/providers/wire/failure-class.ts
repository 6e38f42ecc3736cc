import type { FailureClass } from '../../health/index.ts';
import type { WireError } from './wire-error.ts';

/**
 * The class of an error. Codes go before the status, because vendors send spent credit as 429 and unknown models as
 * 400; words decide only where a client's error has neither. `waitMs` is the upstream's `Retry-After`.
 */
export function classOf(status: number, error: WireError, waitMs: number | undefined): FailureClass {
  if (status === 402 || has(error, quotaCodes) || says(status, error, quotaWords)) return 'quota';
  if (status === 401 || has(error, authCodes)) return 'auth';
  if (status === 404 || status === 410 || has(error, missingCodes)) return 'not-found';
  if (status === 408) return 'timeout';
  if (status === 429 || status === 529 || (status === 503 && waitMs !== undefined)) return 'overloaded';
  if (has(error, overloadCodes)) return 'overloaded';
  if (status === 403) return 'auth';
  // 424: Bedrock's status for a model that failed.
  if (status < 400 || status > 499 || status === 424) return 'server';
  if (says(status, error, authWords)) return 'auth';
  return says(status, error, missingWords) ? 'not-found' : 'bad-probe';
}

/** True for a refusal or a token limit: the model answered. */
export function isAnswerAfterAll(status: number, error: WireError): boolean {
  if (status < 400 || status > 499) return false;
  return (
    has(error, filterCodes) || says(status, error, filterWords) || (status === 400 && limitWords.test(text(error)))
  );
}

const filterCodes = new Set([
  'content_filter',
  'content_policy_violation',
  'moderation_blocked',
  'responsibleaipolicyviolation',
]);
const quotaCodes = new Set([
  'insufficient_quota',
  'billing_hard_limit_reached',
  'billing_not_active',
  'billing_error',
  'credit_balance_exhausted',
  'organization_usage_limit_exceeded',
  'organization_spend_limit_exceeded',
  'project_spend_limit_exceeded',
  'enforced_spend_limit_reached',
]);
const authCodes = new Set(['invalid_api_key', 'api_key_invalid', 'authentication_error']);
const missingCodes = new Set([
  'model_not_found',
  'deploymentnotfound',
  'not_found_error',
  'model_not_available',
  'model_decommissioned',
  'invalid_model',
]);
// Also within a 200, where no status tells.
const overloadCodes = new Set([
  'rate_limit_exceeded',
  'rate_limit_error',
  'overloaded_error',
  'capacity_exceeded',
  'service_tier_capacity_exceeded',
]);

// What some vendors say in words only. Each is narrow: a wrong guess here hides the real class.
const filterWords = /\binput was flagged\b/i;
const limitWords = /could not finish the message|max_tokens or model output limit was reached/i;
const quotaWords =
  /credit balance is too low|insufficient (?:balance|credits|funds)|used all available credits|doesn't have any credits|monthly spending limit|reached your specified (?:workspace )?API usage limits|credits expired/i;
const authWords =
  /(?:incorrect|invalid) api key|api key (?:is )?(?:not valid|not found|expired)|pass a valid api key|api_key_invalid/i;
const missingWords =
  /\bmodel\b.{0,120}\b(?:does not exist|not found)|model not exist|not a valid model id|^invalid model\b|model identifier is invalid|reached the end of its life/i;

function has({ codes }: WireError, known: ReadonlySet<string>): boolean {
  return codes.some((code) => known.has(code));
}

function says(status: number, error: WireError, words: RegExp): boolean {
  return status >= 400 && status <= 499 && words.test(text(error));
}

function text({ message = '' }: WireError): string {
  return message.slice(0, 1_000);
}
