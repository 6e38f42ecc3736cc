import { expect, it } from 'vitest';
import { fleetTarget, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';

const many = Array.from({ length: 40 }, (_, i) =>
  fleetTarget({
    id: ((i * 0x9e3779b1) >>> 0).toString(16).padStart(8, '0'),
    intervalMs: 60_000,
    upstreamHost: `host-${i}`,
  }),
);

it.each([
  [0, 0, 200],
  [2_000, 1_500, 2_300],
  [12_000, 9_000, 12_300],
  // A quarter of the interval is the most.
  [100_000, 11_000, 15_300],
])('targets never judged are probed within a boot window of %i ms', async (bootWindowMs, least, most) => {
  const world = testWorld();
  const upstream = testUpstream(world.clock);
  const fleet = createFleet(world.options({ targets: many, prober: upstream, bootWindowMs, maxProbes: 64 }));
  const startMs = world.clock.monotonicMs();
  fleet.start();
  await world.pass(20_000, 50);
  const times = upstream.probes.map(({ atMs }) => atMs - startMs);
  expect(times).toHaveLength(many.length);
  expect(Math.max(...times)).toBeGreaterThanOrEqual(least);
  expect(Math.max(...times)).toBeLessThanOrEqual(most);
});
