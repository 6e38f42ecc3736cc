import { describe, expect, it } from 'vitest';
import { gradeError } from './index.ts';

type Body = string | object;

/** Status, body and class of an error in the shape that the vendor documents; the words are ours where none are told apart. */
const errors: Readonly<Record<string, readonly (readonly [status: number, body: Body, name: string])[]>> = {
  openai: [
    [401, openai('Incorrect API key provided: sk-no.', { code: 'invalid_api_key' }), 'auth'],
    [403, openai('Country not supported', { code: 'unsupported_country_region_territory' }), 'auth'],
    [404, openai('The model does not exist', { code: 'model_not_found' }), 'not-found'],
    [429, openai('Rate limit reached', { type: 'tokens', code: 'rate_limit_exceeded' }), 'overloaded'],
    [429, openai('You exceeded your current quota', { code: 'insufficient_quota' }), 'quota'],
    [429, openai('No credits', { type: 'insufficient_quota', code: 'credit_balance_exhausted' }), 'quota'],
    [429, openai('Over the limit', { code: 'organization_spend_limit_exceeded' }), 'quota'],
    [500, openai('The server had an error', { type: 'server_error' }), 'server'],
  ],
  azure: [
    [401, { error: { code: '401', message: 'Access denied due to invalid subscription key' } }, 'auth'],
    [401, { statusCode: 401, message: 'Unauthorized' }, 'auth'],
    [404, { error: { code: 'DeploymentNotFound', message: 'No such deployment' } }, 'not-found'],
    [429, { error: { code: 'RateLimitReached', message: 'Retry after 9 seconds' } }, 'overloaded'],
    [
      400,
      { error: { code: 'content_filter', innererror: { code: 'ResponsibleAIPolicyViolation' }, status: 400 } },
      'good',
    ],
  ],
  anthropic: [
    [400, anthropic('invalid_request_error', 'max_tokens: required'), 'bad-probe'],
    [400, anthropic('invalid_request_error', 'Your credit balance is too low to use the API'), 'quota'],
    [400, anthropic('invalid_request_error', 'You have reached your specified API usage limits.'), 'quota'],
    [401, anthropic('authentication_error', 'invalid x-api-key'), 'auth'],
    [402, anthropic('billing_error', 'payment'), 'quota'],
    [403, anthropic('permission_error', 'not yours'), 'auth'],
    [404, anthropic('not_found_error', 'model: claude-nope'), 'not-found'],
    [413, anthropic('request_too_large', 'too large'), 'bad-probe'],
    [429, anthropic('rate_limit_error', 'slower'), 'overloaded'],
    [429, anthropic('rate_limit_error', 'spent', { error_code: 'enforced_spend_limit_reached' }), 'quota'],
    [500, anthropic('api_error', 'Internal server error'), 'server'],
    [504, anthropic('timeout_error', 'late'), 'server'],
    [529, anthropic('overloaded_error', 'Overloaded'), 'overloaded'],
  ],
  gemini: [
    [
      400,
      google(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', ['API_KEY_INVALID']),
      'auth',
    ],
    [400, google(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.'), 'auth'],
    [400, google(400, 'INVALID_ARGUMENT', 'API Key not found. Please pass a valid API key.'), 'auth'],
    [400, google(400, 'INVALID_ARGUMENT', 'API key expired. Please renew the API key.'), 'auth'],
    [400, openai('GeminiException BadRequestError - {"reason": "API_KEY_INVALID"}', { code: '400' }), 'auth'],
    [400, google(400, 'INVALID_ARGUMENT', 'Invalid value at contents'), 'bad-probe'],
    [403, google(403, 'PERMISSION_DENIED', 'No permission'), 'auth'],
    [404, google(404, 'NOT_FOUND', 'models/x is not found'), 'not-found'],
    [429, google(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota'), 'overloaded'],
    [503, google(503, 'UNAVAILABLE', 'The model is overloaded.'), 'server'],
  ],
  groq: [
    [401, openai('Invalid API Key', { type: 'invalid_request_error', code: 'invalid_api_key' }), 'auth'],
    [400, openai('The model has been decommissioned', { code: 'model_decommissioned' }), 'not-found'],
    [413, openai('Request too large', { type: 'tokens', code: 'rate_limit_exceeded' }), 'overloaded'],
    [498, openai('Flex tier capacity exceeded', { code: 'capacity_exceeded' }), 'overloaded'],
  ],
  deepseek: [
    [400, openai('Model Not Exist', { type: 'invalid_request_error', code: 'invalid_request_error' }), 'not-found'],
    [401, openai('Authentication Fails', { type: 'authentication_error', code: 'invalid_request_error' }), 'auth'],
    [402, openai('Insufficient Balance', { type: 'unknown_error', code: 'invalid_request_error' }), 'quota'],
    [422, openai('Invalid parameter', { type: 'invalid_request_error' }), 'bad-probe'],
  ],
  mistral: [
    [401, { message: 'Unauthorized', request_id: 'r' }, 'auth'],
    [401, { detail: 'Unauthorized' }, 'auth'],
    [400, { object: 'error', message: 'Invalid model: x', type: 'invalid_model', code: '1500' }, 'not-found'],
    [422, { object: 'error', message: { detail: [{ msg: 'extra field', loc: ['body'] }] }, code: null }, 'bad-probe'],
    [429, { object: 'error', message: 'Full', type: 'service_tier_capacity_exceeded', code: '3505' }, 'overloaded'],
  ],
  together_ai: [
    [400, openai('Unable to access non-serverless model', { code: 'model_not_available' }), 'not-found'],
    [402, openai('Credit limit exceeded', { type: 'credit_limit' }), 'quota'],
  ],
  fireworks_ai: [
    [404, openai('Model not found, inaccessible, and/or not deployed', { code: 'NOT_FOUND' }), 'not-found'],
    [412, openai('Account is suspended, possibly due to reaching the monthly spending limit', {}), 'quota'],
  ],
  openrouter: [
    [400, { error: { code: 400, message: 'some/thing is not a valid model ID' } }, 'not-found'],
    [402, { error: { code: 402, message: 'Insufficient credits' } }, 'quota'],
    [403, { error: { code: 403, message: 'Your input was flagged', metadata: { reasons: ['x'] } } }, 'good'],
    [404, { error: { code: 404, message: 'No endpoints found' } }, 'not-found'],
    [408, { error: { code: 408, message: 'late' } }, 'timeout'],
    [502, { error: { code: 502, message: 'Provider returned error' } }, 'server'],
  ],
  xai: [
    [400, { code: 'Client specified an invalid argument', error: 'Incorrect API key provided: sk***.' }, 'auth'],
    [403, { code: 'No permission', error: "Your newly created team doesn't have any credits yet." }, 'quota'],
    [404, { code: 'Some requested entity was not found', error: 'The model grok-0 does not exist' }, 'not-found'],
    [429, { code: 'Exhausted', error: 'Your team has either used all available credits or more.' }, 'quota'],
  ],
  perplexity: [
    [
      400,
      { error: { message: "Invalid model 'x'. Permitted models are listed", type: 'invalid_model', code: 400 } },
      'not-found',
    ],
    [401, '<html><head><title>401 Authorization Required</title></head></html>', 'auth'],
  ],
  nvidia_nim: [
    [401, { status: 401, title: 'Unauthorized', detail: 'Authentication failed' }, 'auth'],
    [403, { status: 403, title: 'Forbidden', detail: 'Authorization failed' }, 'auth'],
    [402, { status: 402, title: 'Payment Required', detail: 'Cloud credits expired' }, 'quota'],
    [404, '404 page not found\n', 'not-found'],
  ],
  cohere: [
    [401, { id: 'i', message: 'invalid api token' }, 'auth'],
    [404, { id: 'i', message: "model 'x' not found" }, 'not-found'],
    [429, { message: 'You are using a Trial key, which is limited to 40 API calls / minute.' }, 'overloaded'],
  ],
  ollama: [
    [404, openai('model "x" not found, try pulling it first', { type: 'api_error' }), 'not-found'],
    [404, { error: "model 'x' not found" }, 'not-found'],
  ],
  lm_studio: [[400, { error: 'Model "x" not found' }, 'not-found']],
  hosted_vllm: [
    [404, { object: 'error', message: 'The model `x` does not exist.', type: 'NotFoundError', code: 404 }, 'not-found'],
    [400, { object: 'error', message: 'bad', type: 'BadRequestError', param: null, code: 400 }, 'bad-probe'],
  ],
};

describe.each(Object.entries(errors))('an error of %s', (_vendor, rows) => {
  it.each(rows)('%i %j is of class %s', (status, body, name) => {
    expect(classOf(status, body)).toBe(name);
  });
});

it('waits as long as Google says in the body', () => {
  const body = google(429, 'RESOURCE_EXHAUSTED', 'slower', [], { retryDelay: '27.5s' });
  const grade = gradeError({ status: 429, headers: {}, text: JSON.stringify(body), extent: 'whole' }, 0);
  expect(grade).toMatchObject({ failure: { class: 'overloaded', retryAfterMs: 27_500, message: 'slower' } });
});

it("reads the message out of Mistral's list of faults", () => {
  const text = JSON.stringify({ object: 'error', message: { detail: [{ msg: 'extra field' }] } });
  const grade = gradeError({ status: 422, headers: {}, text, extent: 'whole' }, 0);
  expect(grade).toMatchObject({ failure: { message: 'extra field' } });
});

it('lets a status that tells enough go before words', () => {
  expect(classOf(500, { error: { message: 'the model does not exist any more' } })).toBe('server');
  expect(classOf(429, { error: { message: 'model not found in the pool of rate limits' } })).toBe('overloaded');
});

function classOf(status: number, body: Body): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const grade = gradeError({ status, headers: {}, text, extent: 'whole' }, 0);
  return grade.kind === 'ok' ? 'good' : grade.failure.class;
}

function openai(message: string, more: object): object {
  return { error: { message, type: 'invalid_request_error', param: null, code: null, ...more } };
}

function anthropic(type: string, message: string, details?: object): object {
  return { type: 'error', error: { type, message, ...(details && { details }) }, request_id: 'req_1' };
}

function google(code: number, status: string, message: string, reasons: string[] = [], retry?: object): object {
  const details = [...reasons.map((reason) => ({ '@type': 'ErrorInfo', reason })), ...(retry ? [retry] : [])];
  return [{ error: { code, message, status, details } }];
}
