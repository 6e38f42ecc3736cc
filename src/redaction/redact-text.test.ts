import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from './redact-text.ts';

describe('redactor', () => {
  it('leaves no known secret in any text, however it is wrapped', () => {
    const secret = fc.string({ minLength: 4, maxLength: 30, unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 4 }),
        fc.string(),
        fc.string(),
        (secrets, before, after) => {
          const redact = createRedactor(secrets);
          for (const one of secrets) {
            const text = `${before}|${one}|${after}`;
            // The blank itself may contain a secret such as "acte": nobody learns it from there.
            expect(redact(text).replaceAll('[redacted]', '')).not.toContain(`|${one}|`);
          }
        },
      ),
    );
  });

  it('takes the longer secret first when one begins like another', () => {
    expect(createRedactor(['abcd', 'abcd-efgh'])('key abcd-efgh!')).toBe('key [redacted]!');
  });

  it('knows a secret in the spelling of JSON, of a URL and of base64', () => {
    const redact = createRedactor(['p"ss/word']);
    expect(redact(JSON.stringify({ p: 'p"ss/word' }))).toBe('{"p":"[redacted]"}');
    expect(redact('at p%22ss%2Fword here')).toBe('at [redacted] here');
    expect(redact('said cCJzcy93b3Jk')).toBe('said [redacted]');
  });

  it('takes out what looks like a secret although nobody named it', () => {
    const redact = createRedactor([]);
    expect(redact('Incorrect API key provided: sk-proj-abcdef123456.')).toBe('Incorrect API key provided: [redacted]');
    expect(redact('Authorization: Bearer eyJhbGciOi.J9')).toBe('Authorization: [redacted]');
    expect(redact('rediss://user:hunter2@redis:6379/0')).toBe('rediss://[redacted]@redis:6379/0');
  });

  it('leaves ordinary words alone', () => {
    const text = 'Cached health check results for 5 healthy and 0 unhealthy endpoints';
    expect(createRedactor(['a', 'for', ''])(text)).toBe(text);
  });
});
