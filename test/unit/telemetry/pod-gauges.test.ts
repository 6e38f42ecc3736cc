import { expect, it } from 'vitest';
import { fleetDouble } from '../../golden/fleet-double.ts';
import { createMetrics } from '../../../src/telemetry/index.ts';

const member = {
  version: '1',
  policyHash: 'p',
  targetsHash: 't',
  startedAt: 0,
  impaired: false,
  unreached: [],
  blind: [],
} as const;

it('counts the pods that the store knows, and without the store only this one', async () => {
  const fleet = fleetDouble();
  const metrics = createMetrics({ targets: [] });
  metrics.observe(fleet);
  const known = async (): Promise<string | undefined> =>
    /^allswell_known_pods \d+$/m.exec((await metrics.scrape()).text)?.[0];
  const members = ['pod_a', 'pod_b', 'pod_c'].map((pod) => ({ ...member, pod }) as never);
  fleet.setStatus({ members });
  expect(await known()).toBe('allswell_known_pods 3');
  fleet.setStatus({ members, mode: 'fallback', storeAvailable: false });
  expect(await known()).toBe('allswell_known_pods 1');
});
