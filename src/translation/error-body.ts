import { isObject, parseJson, wireErrorOf } from '../providers/wire/index.ts';
import type { JsonBody, JsonObject } from '../providers/wire/index.ts';
import type { Invalid, Unsupported } from './outcome.ts';
import { dataEvent, namedEvent } from './sse.ts';
import type { StreamFailure } from './sse.ts';

/** An error with an HTTP status, ready to send. The message is the upstream's: redact it. */
export interface ErrorAnswer {
  readonly status: number;
  readonly body: JsonBody;
}

/** An error answer of an Anthropic upstream, for a client that speaks OpenAI. */
export function toOpenAiError(status: number, text: string): ErrorAnswer {
  // 529 is Anthropic's own number for an overloaded API; OpenAI's clients know 503.
  const known = status === 529 ? 503 : status;
  return { status: known, body: openAiError(known, messageOf(text, known), openAiType(known, typeOf(text))) };
}

/** An error answer of an OpenAI upstream, for a client that speaks Anthropic. */
export function toAnthropicError(status: number, text: string): ErrorAnswer {
  return { status, body: anthropicError(status, messageOf(text, status)) };
}

/** The answer to a request that has no translation, for a client that speaks OpenAI. `param` is the field. */
export function openAiProblem(problem: Unsupported | Invalid): ErrorAnswer {
  const param = problem.kind === 'unsupported' ? problem.field : problem.path;
  const error = { message: problemText(problem), type: 'invalid_request_error', param, code: '400' };
  return { status: 400, body: { error } };
}

/** The answer to a request that has no translation, for a client that speaks Anthropic. */
export function anthropicProblem(problem: Unsupported | Invalid): ErrorAnswer {
  const details = problem.kind === 'unsupported' ? problem.details : undefined;
  const error = { type: 'invalid_request_error', message: problemText(problem) };
  return { status: 400, body: { type: 'error', error: details === undefined ? error : { ...error, details } } };
}

/** The envelope of OpenAI, as LiteLLM fills it: `code` is the status as text. */
export function openAiError(status: number, message: string, type: string = openAiType(status, undefined)): JsonBody {
  return { error: { message, type, param: null, code: String(status) } };
}

/** The envelope of Anthropic. */
export function anthropicError(status: number, message: string): JsonBody & { readonly type: 'error' } {
  return { type: 'error', error: { type: anthropicType(status), message } };
}

/** The event that ends a stream with an error, for a client that speaks OpenAI. */
export function openAiErrorEvent({ status, message }: StreamFailure): string {
  return dataEvent(openAiError(status, message));
}

/** The event that ends a stream with an error, for a client that speaks Anthropic. */
export function anthropicErrorEvent({ status, message }: StreamFailure): string {
  return namedEvent(anthropicError(status, message));
}

/** HTTP status of an Anthropic error that came without one, within a stream. */
export function statusOfAnthropicType(type: string | undefined): number {
  const found = Object.entries(anthropicTypes).find(([, name]) => name === type);
  return found === undefined ? 500 : Number(found[0]);
}

function problemText(problem: Unsupported | Invalid): string {
  if (problem.kind === 'invalid') return `${problem.path}: ${problem.why}`;
  return `${problem.field} is not supported by the API of this model: ${problem.why}`;
}

const anthropicTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  503: 'overloaded_error',
  504: 'timeout_error',
};

function anthropicType(status: number): string {
  if (status === 408) return 'timeout_error';
  if (status === 529) return 'overloaded_error';
  return anthropicTypes[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error');
}

/** Types that both formats have are kept; the others follow from the status. */
function openAiType(status: number, type: string | undefined): string {
  if (type === 'invalid_request_error' || type === 'not_found_error') return type;
  if (status === 401) return 'authentication_error';
  if (status === 403) return 'permission_error';
  if (status === 429) return 'rate_limit_error';
  return status < 500 ? 'invalid_request_error' : 'internal_server_error';
}

function typeOf(text: string): string | undefined {
  const error = bodyIn(text)?.['error'];
  return isObject(error) && typeof error['type'] === 'string' ? error['type'] : undefined;
}

/** Google sends a list around it. */
function bodyIn(text: string): JsonObject | undefined {
  const parsed = parseJson(text);
  const body: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  return isObject(body) ? body : undefined;
}

function messageOf(text: string, status: number): string {
  const body = bodyIn(text);
  const found = body === undefined ? undefined : wireErrorOf(body).message;
  return found ?? `the upstream answered ${status} without a reason`;
}
