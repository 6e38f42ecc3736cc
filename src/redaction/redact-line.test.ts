import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ProbeTarget } from '../config/index.ts';
import { exampleTarget } from '../testing/index.ts';
import { redactorFor } from './redact-line.ts';

const redact = (text: string, target: Partial<ProbeTarget> = {}): string =>
  redactorFor(exampleTarget({ apiKey: 'EMPTY', ...target }))(text);

describe('what is shown of an error', () => {
  it('is one line of at most 300 characters', () => {
    expect(redact('first\n  second\tthird\u2028fourth')).toBe('first second third fourth');
    expect(redact('x'.repeat(1_000))).toHaveLength(300);
  });

  it('is the text as it was where there is nothing to hide', () => {
    const text = "mock upstream says 500: 'max_tokens' is over the token limit; connect ECONNREFUSED 127.0.0.1:4010";
    expect(redact(text, { apiKey: 'sk-upstream' })).toBe(text);
  });

  it.each([
    ['Incorrect API key provided: sk-proj-abc123def456.', 'Incorrect API key provided: ***'],
    ['Incorrect API key provided: sk-ab*****yz', 'Incorrect API key provided: ***'],
    ['key: abcd********wxyz is wrong', 'key: *** is wrong'],
    ['sent Authorization: Bearer abc', 'sent Authorization: ***'],
    ['{"authorization":"Basic dXNlcjpwYXNz"}', '{"authorization":"***"}'],
    ['invalid bearer token-0123456789', 'invalid bearer ***'],
    ['cannot reach https://user:pw@host/v1', 'cannot reach https://***@host/v1'],
    ['https://h/v1?api_key=secretvalue&x=1', 'https://h/v1?api_key=***&x=1'],
    ['signed by AKIAIOSFODNN7EXAMPLE', 'signed by ***'],
    ['token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx.sig', 'token ***'],
  ])('hides what looks like a secret: %s', (text, shown) => expect(redact(text)).toBe(shown));

  it('hides a large part of an own secret, as upstreams quote it', () => {
    const apiKey = 'abcdefghijklmnopqrstuvwxyz';
    expect(redact('starts with abcdefghijklmnop...', { apiKey })).toBe('starts with ***...');
  });
});

describe('fault: secrets in health answers', () => {
  const secret = fc
    .string({ minLength: 8, maxLength: 60, unit: 'grapheme-ascii' })
    .filter((text) => text.trim().length > 7);
  const entra = { kind: 'entra', authority: 'https://a', tenantId: 't', clientId: 'c', scope: 's' } as const;
  const aws = { kind: 'aws', region: 'r', service: 's' } as const;
  const around = fc.string({ maxLength: 200 });

  it('never shows a secret of the target, wherever it is configured and however it is quoted', () => {
    const places: ((value: string) => Partial<ProbeTarget>)[] = [
      (value) => ({ apiKey: value }),
      (value) => ({ headers: { 'x-gateway': value } }),
      (value) => ({ headers: { authorization: `Bearer ${value}` } }),
      (value) => ({ healthCheckParams: { extra_body: { service_token: value } } }),
      (value) => ({ login: { ...entra, proof: { kind: 'secret', secret: value } } }),
      (value) => ({ login: { ...entra, proof: { kind: 'password', username: 'u', password: value } } }),
      (value) => ({ login: { ...aws, source: { kind: 'keys', accessKeyId: 'AKID', secretAccessKey: value } } }),
      (value) => ({
        login: { ...aws, source: { kind: 'keys', accessKeyId: 'A', secretAccessKey: 's', sessionToken: value } },
      }),
      (value) => ({
        login: { kind: 'google', source: { kind: 'json', text: JSON.stringify({ private_key: value }) }, account: 'a' },
      }),
      (value) => ({ apiBase: `https://user:${encodeURIComponent(value)}@host/v1` }),
    ];
    const quotes: ((value: string) => string)[] = [
      (value) => value,
      (value) => JSON.stringify(value),
      (value) => encodeURIComponent(value),
      (value) => `Authorization: Bearer ${value}`,
      (value) => `${value}${value}`,
    ];
    fc.assert(
      fc.property(
        secret,
        fc.constantFrom(...places),
        fc.constantFrom(...quotes),
        around,
        around,
        (value, place, quote, before, after) => {
          const shown = redact(`${before} ${quote(value)} ${after}`, place(value));
          expect(shown).not.toContain(value);
          expect(shown).not.toContain(encodeURIComponent(value));
          expect(shown).not.toContain(JSON.stringify(value).slice(1, -1));
          expect(shown.length).toBeLessThanOrEqual(300);
          expect(shown).not.toMatch(/[\r\n]/);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
