import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cooldownKey, cooldownText, readCooldown } from './cooldown.ts';

describe('a cooldown of LiteLLM', () => {
  it('has the key of the deployment', () => {
    expect(cooldownKey('abc')).toBe('deployment:abc:cooldown');
  });

  it.each([
    [
      '1.110.2, as JSON',
      '{"exception_received": "litellm.AuthenticationError: AuthenticationError: ****", "status_code": "401", "timestamp": 1795966525.6758356, "cooldown_time": 5}',
    ],
    [
      "1.106.2, in Python's notation",
      "{'exception_received': 'litellm.AuthenticationError: AuthenticationError: ****', 'status_code': '401', 'timestamp': 1795966525.6758356, 'cooldown_time': 5}",
    ],
  ])('is read as LiteLLM %s writes it', (_, text) => {
    expect(readCooldown(text)).toEqual({ by: 'litellm', status: 401, atSeconds: 1795966525.6758356, seconds: 5 });
  });

  it.each(['', 'null', '{}', '[1]', "{'cooldown_time': 5}", 'x'.repeat(1_000)])('is not read from %s', (text) => {
    expect(readCooldown(text)).toBeUndefined();
  });

  it('is recognised as our own, whatever the reason', () => {
    const numbers = fc.integer({ min: 1, max: 4_000_000_000 });
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 100, max: 599 }),
        numbers,
        numbers,
        (reason, status, atSeconds, seconds) => {
          const text = cooldownText({ status, reason, atSeconds, seconds });
          expect(readCooldown(text)).toEqual({ by: 'allswell', status, atSeconds, seconds });
          expect(JSON.parse(text)).toMatchObject({
            exception_received: `allswell: ${reason}`,
            status_code: String(status),
          });
        },
      ),
    );
  });

  it("is not taken for ours because LiteLLM's error quotes us", () => {
    const text =
      "{'exception_received': 'litellm.X: allswell: down', 'status_code': '503', 'timestamp': 1, 'cooldown_time': 5}";
    expect(readCooldown(text)?.by).toBe('litellm');
  });
});
