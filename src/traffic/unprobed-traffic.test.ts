import { expect, it } from 'vitest';
import { createUnprobedTraffic } from './unprobed-traffic.ts';

it('shows the newest cooldown of an unprobed deployment, not the longest', () => {
  const unprobed = createUnprobedTraffic();
  unprobed.know([{ modelId: 'bedrock' }]);
  const failure = { class: 'server', message: 'LiteLLM started a cooldown' } as const;
  unprobed.cooledDown('bedrock', { at: 1_000_000, until: 900_000_000, failure });
  unprobed.cooledDown('bedrock', { at: 9_000_000, until: 14_000_000, failure });
  expect(unprobed.evidence('bedrock')?.cooldownUntil).toBe(14_000_000);
});
