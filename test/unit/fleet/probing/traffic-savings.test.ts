import { describe, expect, it } from 'vitest';
import { fleetTarget } from '../../../support/fleet-parts.ts';
import { fleetWithTraffic } from '../../../support/fleet-with-traffic.ts';

const { id } = fleetTarget();

describe('what successes of requests save', () => {
  const saved = async (changes: Parameters<typeof fleetWithTraffic>[0]) => {
    const { report, fleet, pass } = await fleetWithTraffic(changes);
    for (let second = 0; second < 60; second++) {
      report({});
      // oxlint-disable-next-line no-await-in-loop -- one request per second
      await pass(1_000, 100);
    }
    return fleet.trafficSavings();
  };
  const paid = { worstNanoUsd: 5_000_000, instead: 'models' } as const;

  it('is counted in probes, at most one per interval, and at the cost of the last probe', async () => {
    const { probes, usd, unpriced } = await saved({ paid, costUsd: 0.002 });
    expect(probes).toBeGreaterThan(4.5);
    expect(probes).toBeLessThanOrEqual(6.5);
    expect(usd / probes).toBeCloseTo(0.002);
    expect(unpriced).toBe(0);
  });

  it('is counted at the highest price of a probe where no probe had a cost', async () => {
    const { probes, usd } = await saved({ paid });
    expect(usd / probes).toBeCloseTo(0.005);
  });

  it('is no amount of money where the price is unknown, and nothing where probes are free', async () => {
    const unknown = await saved({ paid: { ...paid, worstNanoUsd: 0 } });
    expect(unknown.usd).toBe(0);
    expect(unknown.unpriced).toBeCloseTo(unknown.probes);
    const free = await saved({});
    expect(free).toMatchObject({ usd: 0, unpriced: 0 });
    expect(free.probes).toBeGreaterThan(4.5);
  });

  it('is nothing for failures, and for successes that end a run of failures', async () => {
    const { upstream, failed, report, storeNow, fleet, pass } = await fleetWithTraffic({ paid });
    upstream.tookMs = 3_000;
    failed();
    await pass(100);
    expect(fleet.target(id)?.facts?.run.kind).toBe('failed');
    report({ at: storeNow() });
    await pass(100);
    expect(fleet.target(id)?.facts?.run.kind).toBe('ok');
    expect(fleet.trafficSavings().probes).toBe(0);
  });
});
