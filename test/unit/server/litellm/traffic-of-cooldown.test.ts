import { expect, it } from 'vitest';
import { overAt, trafficOfCooldown } from '../../../../src/server/litellm/traffic-of-cooldown.ts';
import type { AllswellConfig } from '../../../../src/config/index.ts';

const NOW = 1_800_000_000_000_000;
const config = { deployments: [{ modelId: 'm', targetId: 'aa' }] } as unknown as Pick<AllswellConfig, 'deployments'>;

it.each([
  [429, 'degraded'],
  [529, 'degraded'],
  [500, 'suspect'],
  [408, 'suspect'],
  [401, 'suspect'],
  [0, 'suspect'],
] as const)('a cooldown for status %i is a report of a target that is %s, as from requests', (status, verdict) => {
  const cooldown = { by: 'litellm', status, atSeconds: NOW / 1_000_000, seconds: 5 } as const;
  const report = trafficOfCooldown(config, { modelId: 'm', cooldown, now: NOW });
  expect(report).toMatchObject({ target: 'aa', ok: false, verdict, witness: 'litellm' });
});

it.each([
  [5, 5],
  [86_400, 86_400],
  [999_999_999_999, 86_400],
])('a cooldown of %d s is over after %d s', (seconds, lasts) => {
  expect(overAt({ by: 'litellm', status: 500, atSeconds: 1, seconds }, 7_000_000)).toBe(7_000_000 + lasts * 1_000_000);
});
