import { expect, it } from 'vitest';
import { overAt } from '../../../../src/server/litellm/traffic-of-cooldown.ts';

it.each([
  [5, 5],
  [86_400, 86_400],
  [999_999_999_999, 86_400],
])('a cooldown of %d s is over after %d s', (seconds, lasts) => {
  expect(overAt({ by: 'litellm', status: 500, atSeconds: 1, seconds }, 7_000_000)).toBe(7_000_000 + lasts * 1_000_000);
});
