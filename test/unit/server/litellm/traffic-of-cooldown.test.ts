import { expect, it } from 'vitest';
import { trafficOfCooldown } from '../../../../src/server/litellm/traffic-of-cooldown.ts';
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
