import { describe, expect, it } from 'vitest';
import { evidenceOf } from './evidence.ts';
import type { RequestEnd } from './evidence.ts';

function read(code: number | null, errorClass: string, more: Partial<RequestEnd> = {}): string {
  const end: RequestEnd = {
    status: 'failure',
    code,
    errorClass,
    ownLimit: false,
    cached: false,
    asksModel: true,
    ...more,
  };
  const evidence = evidenceOf(end);
  return evidence.kind === 'failure' ? `${evidence.effect} ${evidence.failure.class}` : evidence.kind;
}

// The pairs of status and class are those that LiteLLM 1.110.2 sent for each of these answers.
describe('the end of a request', () => {
  it.each<[number | null, string, string]>([
    [500, 'InternalServerError', 'counted server'],
    [503, 'ServiceUnavailableError', 'counted server'],
    [502, 'BadGatewayError', 'counted server'],
    [500, 'APIConnectionError', 'counted network'],
    [null, 'APIConnectionError', 'counted network'],
    [408, 'Timeout', 'counted timeout'],
    [null, 'Timeout', 'counted timeout'],
    [504, 'Timeout', 'counted timeout'],
    [429, 'RateLimitError', 'overloaded overloaded'],
    [529, 'APIError', 'overloaded overloaded'],
    [401, 'AuthenticationError', 'at-once auth'],
    [402, 'APIError', 'at-once quota'],
    [404, 'NotFoundError', 'at-once not-found'],
  ])('%s %s is %s', (code, errorClass, expected) => {
    expect(read(code, errorClass)).toBe(expected);
  });

  it.each<[number | null, string]>([
    [400, 'BadRequestError'],
    [400, 'ContentPolicyViolationError'],
    [400, 'ContextWindowExceededError'],
    [403, 'APIError'],
    [403, 'PermissionDeniedError'],
    [409, 'APIError'],
    [422, 'BadRequestError'],
    [422, 'UnprocessableEntityError'],
    [499, 'ClientDisconnected'],
    [null, 'CancelledError'],
    [null, 'ValueError'],
    [null, ''],
    // Of LiteLLM itself, or of its caller.
    [401, 'ProxyException'],
    [401, 'CallerCredentialAuthenticationError'],
    [401, 'HTTPException'],
    [404, 'ProxyModelNotFoundError'],
    [404, ''],
    [429, 'BudgetExceededError'],
    [429, 'RouterRateLimitError'],
    [500, 'ProxyException'],
    [500, 'GuardrailRaisedException'],
    [500, 'JSONSchemaValidationError'],
  ])('%s %s proves nothing', (code, errorClass) => {
    expect(read(code, errorClass)).toBe('neutral');
  });

  it('proves nothing where LiteLLM limited the request, or answered from its cache', () => {
    expect(read(429, 'RateLimitError', { ownLimit: true })).toBe('neutral');
    expect(read(null, '', { status: 'success', cached: true })).toBe('neutral');
  });

  it('proves nothing of a model where the call managed files or batches', () => {
    expect(read(500, 'InternalServerError', { asksModel: false })).toBe('neutral');
    expect(read(null, '', { status: 'success', asksModel: false })).toBe('neutral');
  });

  it('is a success without an error, and proves nothing where the reader of a stream left', () => {
    expect(read(null, '', { status: 'success' })).toBe('success');
    expect(read(499, 'ClientDisconnected', { status: 'success' })).toBe('neutral');
  });

  it('repeats a class that LiteLLM has, and no other text', () => {
    const failure = { status: 'failure', ownLimit: false, cached: false, asksModel: true } as const;
    expect(evidenceOf({ ...failure, code: 500, errorClass: 'InternalServerError' })).toMatchObject({
      failure: { class: 'server', status: 500, message: 'LiteLLM reported InternalServerError' },
    });
    expect(evidenceOf({ ...failure, code: 500, errorClass: 'sk-secret' })).toMatchObject({
      failure: { class: 'server', status: 500, message: 'LiteLLM reported a failed request' },
    });
  });
});
