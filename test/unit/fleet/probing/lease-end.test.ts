import { describe, expect, it } from 'vitest';
import { fleetTarget, hangingStore, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';

const target = fleetTarget({ timeoutMs: 20_000 });
const HOUR_MS = 3_600_000;

/**
 * A lone pod in the middle of a probe whose lease nobody renews:
 *   0 s probe and lease · 1 s the store hangs · 10 s the lease is over · 10.5 s the store is back · 11.8 s the result,
 *   which waits a second for company, and is there before the pod would renew again at 13.3 s
 */
async function probeOutlivingItsLease(whileHung: (world: ReturnType<typeof testWorld>) => void = () => undefined) {
  const world = testWorld();
  const upstream = testUpstream(world.clock);
  const hanging = hangingStore(world.clock, world.memory.open());
  const fleet = createFleet(world.options({ store: hanging.store, prober: upstream, targets: [target] }));
  fleet.start();
  await world.pass(12_000);
  upstream.tookMs = 11_800;
  const known = upstream.probes.length;
  for (let ms = 0; ms < 20_000 && upstream.probes.length === known; ms += 10) await world.pass(10);
  const startedMs = upstream.probes.at(-1)!.atMs;
  await world.pass(1_000);
  hanging.hung = true;
  await world.pass(4_000);
  whileHung(world);
  await world.pass(5_500);
  hanging.hung = false;
  await world.pass(1_200);
  expect(upstream.probes.at(-1)!.atMs).toBe(startedMs);
  expect(fleet.status().mode).toBe('shared');
  upstream.tookMs = 100;
  const endedMs = world.clock.monotonicMs();
  return { ...world, upstream, fleet, endedMs };
}

async function heldLeases({ memory }: ReturnType<typeof testWorld>): Promise<unknown> {
  const answer = await memory.open().readLeases(Array.from(memory.texts('leases').keys()));
  return answer.kind === 'ok' ? answer.value : answer;
}

describe('a probe that outlives its lease', () => {
  it.each([
    ['', () => undefined],
    [
      " while the store's clock is set back by a second",
      ({ clock }: ReturnType<typeof testWorld>) => clock.stepWall(-1_000),
    ],
    [
      " while the store's clock is set back by an hour",
      ({ clock }: ReturnType<typeof testWorld>) => clock.stepWall(-HOUR_MS),
    ],
  ])('is not the last of its target%s (a target never probed again after the store hung)', async (_, whileHung) => {
    const { upstream, endedMs, pass, clock } = await probeOutlivingItsLease(whileHung);
    await pass(60_000, 50);
    const starts = [endedMs, ...upstream.probes.map(({ atMs }) => atMs).filter((atMs) => atMs > endedMs)];
    const gaps = [...starts, clock.monotonicMs()].slice(1).map((atMs, i) => atMs - starts[i]!);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * target.intervalMs);
  });

  it.each([
    ['', () => undefined],
    [
      " while the store's clock is set back by an hour",
      ({ clock }: ReturnType<typeof testWorld>) => clock.stepWall(-HOUR_MS),
    ],
  ])('leaves no lease behind%s (a lease that is held for good)', async (_, whileHung) => {
    const world = await probeOutlivingItsLease(whileHung);
    // A probe takes 100 ms: between two of them nothing may be held.
    let held: unknown = 'not asked';
    for (let ms = 0; ms < 5_000 && !isEmpty(held); ms += 50) {
      // oxlint-disable-next-line no-await-in-loop -- steps of one wait
      await world.pass(50);
      // oxlint-disable-next-line no-await-in-loop -- see above
      held = await heldLeases(world);
    }
    expect(held).toEqual([]);
    expect(world.fleet.status().leases).toEqual([]);
  });
});

function isEmpty(held: unknown): boolean {
  return Array.isArray(held) && held.length === 0;
}
