import { describe, expect, it } from 'vitest';
import { fleetTarget, hangingStore, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import type { Prober } from '../../../../src/ports/index.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';

const target = fleetTarget();
const HOUR_MS = 3_600_000;

/** Pods that share a target for half a minute before the store's clock is set back by an hour. */
async function setBack(count: number) {
  const world = testWorld();
  const upstream = testUpstream(world.clock);
  const fleets = Array.from({ length: count }, (_, i) =>
    createFleet(world.options({ pod: `pod_${i}`, store: world.memory.open(), prober: upstream, targets: [target] })),
  );
  for (const fleet of fleets) fleet.start();
  await world.pass(30_000, 50);
  const [first] = fleets;
  const [aheadUs, probed] = [first!.status().now, upstream.probes.length];
  world.clock.stepWall(-HOUR_MS);
  const setBackMs = world.clock.monotonicMs();
  return { ...world, upstream, fleets, first: first!, probed, setBackMs, knowsIt: () => first!.status().now < aheadUs };
}

describe("a store's clock that is set back by an hour", () => {
  it.each([1, 3])('lets the probes of %i pods go on at the interval (no probe for an hour)', async (count) => {
    const { upstream, pass, clock, setBackMs } = await setBack(count);
    await pass(120_000, 50);
    const before = upstream.probes.findLast(({ atMs }) => atMs < setBackMs)!.atMs;
    const after = upstream.probes.map(({ atMs }) => atMs).filter((atMs) => atMs >= setBackMs);
    const starts = [before, ...after, clock.monotonicMs()];
    const gaps = starts.slice(1).map((atMs, i) => atMs - starts[i]!);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * target.intervalMs);
    // Twelve by the schedule, and one more for the evidence that counts as old at once.
    expect(after.length).toBeLessThanOrEqual(14);
  });

  it('makes what is known stale until there is new evidence (evidence of nobody knows when, shown as fresh)', async () => {
    const { upstream, pass, first, probed, knowsIt } = await setBack(1);
    // A slow upstream, so that there is time to look.
    upstream.tookMs = 1_000;
    for (let ms = 0; ms < 5_000 && !knowsIt(); ms += 10) await pass(10);
    expect(knowsIt()).toBe(true);
    expect(upstream.probes.length).toBe(probed);
    expect(first.target(target.id)).toMatchObject({ stale: true, state: 'up' });
    await pass(20_000, 50);
    expect(upstream.probes.length).toBeGreaterThan(probed);
    expect(first.target(target.id)).toMatchObject({ stale: false, state: 'up' });
  });

  it('dates no evidence ahead of the clock once it is probed again (an hour of evidence from the future)', async () => {
    const { fleets, pass, storeNow } = await setBack(2);
    await pass(25_000, 50);
    for (const fleet of fleets) {
      const { evidenceAt, nextDueAt, ageMs } = fleet.target(target.id)!;
      expect(evidenceAt).toBeLessThanOrEqual(storeNow());
      expect(ageMs).toBeGreaterThan(0);
      expect(ageMs).toBeLessThanOrEqual(2 * target.intervalMs);
      expect(nextDueAt).toBeLessThanOrEqual(storeNow() + 2 * target.intervalMs * 1000);
    }
  });

  it('lets no target rest until the old time comes again (a moment of blindness that lasts an hour)', async () => {
    const world = testWorld();
    const upstream = testUpstream(world.clock);
    const blind = { is: false };
    const prober: typeof upstream = {
      ...upstream,
      probe: async (id, level, signal) =>
        blind.is
          ? await Promise.resolve({ outcome: { kind: 'no-evidence', why: 'out of sockets' }, level, latencyMs: 0 })
          : await upstream.probe(id, level, signal),
    };
    const fleet = createFleet(world.options({ prober }));
    fleet.start();
    await world.pass(12_000, 50);
    blind.is = true;
    await world.pass(10_000, 50);
    world.clock.stepWall(-HOUR_MS);
    await world.pass(4_000, 50);
    blind.is = false;
    const known = upstream.probes.length;
    await world.pass(2 * target.intervalMs, 50);
    expect(upstream.probes.length).toBeGreaterThan(known);
    expect(fleet.target(target.id)).toMatchObject({ state: 'up', stale: false });
  });

  it('is probed at its pace where the data was lost as well (results thrown away for an hour as older than the last)', async () => {
    const world = testWorld();
    const upstream = testUpstream(world.clock);
    const hanging = hangingStore(world.clock, world.memory.open());
    const fleet = createFleet(world.options({ store: hanging.store, prober: upstream, targets: [target] }));
    fleet.start();
    await world.pass(12_000);
    // A probe under a grant of the old clock ends when there is a new one, which knows of no grant.
    upstream.tookMs = 4_000;
    const known = upstream.probes.length;
    for (let ms = 0; ms < 20_000 && upstream.probes.length === known; ms += 10) await world.pass(10);
    hanging.hung = true;
    await world.pass(1_000);
    world.memory.flush();
    world.clock.stepWall(-HOUR_MS);
    hanging.hung = false;
    await world.pass(4_000);
    upstream.tookMs = 100;
    await world.pass(20_000);
    const probed = upstream.probes.length;
    const seen = new Set<number | null>();
    for (let ms = 0; ms < 60_000; ms += 500) {
      await world.pass(500, 50);
      seen.add(fleet.target(target.id)!.evidenceAt);
    }
    expect(upstream.probes.length - probed).toBe(6);
    expect(seen.size).toBeGreaterThanOrEqual(6);
  });
});

describe("a store's clock that is wrong for a while", () => {
  it('delays no probe by a pause that had ended before it was set back (nobody probed for hours)', async () => {
    const { clock, memory, options, pass } = testWorld();
    const upstream = testUpstream(clock);
    const fleets = ['pod_a', 'pod_b'].map((pod) =>
      createFleet(options({ pod, store: memory.open(), prober: upstream, targets: [target] })),
    );
    for (const fleet of fleets) fleet.start();
    await pass(30_000, 50);
    const order = { on: 'probing', until: null, by: 'me', reason: 'because' } as const;
    for (const kind of ['pause', 'none'] as const) {
      const decided = fleets[0]!.decide({ ...order, kind });
      await pass(5_000, 50);
      expect(await decided).toMatchObject({ kind: 'stored' });
    }
    await pass(60_000, 50);
    clock.stepWall(-3 * HOUR_MS);
    upstream.failure = { class: 'server', status: 500, message: 'boom' };
    const before = upstream.probes.length;
    await pass(60_000, 50);
    expect(upstream.probes.length - before).toBeGreaterThanOrEqual(5);
    expect(fleets.map((fleet) => fleet.target(target.id)?.state)).toEqual(['down', 'down']);
  });

  it('keeps no budget spent once it is right again (free probes only for days)', async () => {
    const { clock, memory, options, pass } = testWorld();
    const upstream = testUpstream(clock);
    const paid = fleetTarget({ paid: { worstNanoUsd: 100, instead: 'models' } });
    createFleet(
      options({ store: memory.open(), prober: upstream, targets: [paid], budget: { probesPerHour: 3 } }),
    ).start();
    clock.stepWall(72 * HOUR_MS);
    await pass(60_000, 50);
    const paidProbes = (): number => upstream.probes.filter(({ level }) => level === 'inference').length;
    expect(paidProbes()).toBe(3);
    clock.stepWall(-72 * HOUR_MS);
    await pass(60_000, 50);
    expect(paidProbes()).toBeGreaterThanOrEqual(5);
  });

  it('lets targets that came with a reload just before it be probed', async () => {
    const { clock, memory, options, pass } = testWorld();
    const upstream = testUpstream(clock);
    const given = options({ store: memory.open(), prober: upstream, targets: [target] });
    const fleet = createFleet(given);
    fleet.start();
    await pass(30_000, 50);
    const added = fleetTarget({ id: '40000000bbbb', name: 'added' });
    clock.stepWall(-3 * HOUR_MS);
    fleet.reload({ ...given, targets: [target, added], targetsHash: 'both' });
    await pass(60_000, 50);
    expect(fleet.target(added.id)?.state).toBe('up');
  });

  it.each([500, -500])('and drifts by %d ppm lets a lone witness be believed in time', async (ppm) => {
    const { clock, memory, options, pass } = testWorld();
    const upstream = testUpstream(clock);
    const blind: Prober = {
      probe: (_, level) =>
        Promise.resolve({
          outcome: { kind: 'no-evidence', why: 'out of sockets' },
          level,
          latencyMs: 0,
          sent: 'nothing',
        }),
    };
    const fleets = [upstream, blind, blind].map((prober, i) =>
      createFleet(options({ pod: `pod_${i}`, store: memory.open(), prober, targets: [target] })),
    );
    for (const fleet of fleets) fleet.start();
    await pass(60_000, 50);
    upstream.failure = { class: 'server', status: 500, message: 'boom' };
    for (let ms = 0; ms < 60_000; ms += 1_000) {
      clock.stepWall(ppm / 1_000);
      // oxlint-disable-next-line no-await-in-loop -- second by second
      await pass(1_000, 50);
    }
    expect(fleets.map((fleet) => fleet.target(target.id)?.state)).toEqual(['down', 'down', 'down']);
  });
});
