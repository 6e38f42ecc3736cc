import { describe, expect, it } from 'vitest';
import { fleetTarget, hangingStore, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';
import type { FleetOptions } from '../../../../src/fleet/options.ts';

const targets = Array.from({ length: 6 }, (_, i) => fleetTarget({ id: `${i * 2}0000000`, name: `t${i}` }));

function pods(count: number, known: readonly ReturnType<typeof fleetTarget>[] = targets) {
  const world = testWorld();
  const upstream = testUpstream(world.clock);
  const stores = Array.from({ length: count }, () => hangingStore(world.clock, world.memory.open()));
  const fleets = stores.map(({ store }, i) =>
    createFleet(world.options({ pod: `pod_${i}`, store, prober: upstream, targets: known, expectedPods: count })),
  );
  for (const fleet of fleets) fleet.start();
  const hang = (hung: boolean): void => {
    for (const store of stores) store.hung = hung;
  };
  const paid = (fromMs: number, target?: string): number[] =>
    upstream.probes
      .filter((probe) => probe.level === 'inference' && probe.atMs >= fromMs)
      .filter((probe) => target === undefined || probe.target === target)
      .map(({ atMs }) => atMs);
  return { ...world, upstream, fleets, hang, paid };
}

describe('a store that hangs', () => {
  it("delays no reader: the pods' verdicts stay readable with their age (everything hangs while liveness is green)", async () => {
    const { pass, hang, fleets } = pods(3);
    await pass(30_000, 50);
    hang(true);
    for (let second = 0; second < 10; second += 1) {
      await pass(1_000, 50);
      expect(fleets[0]!.targets().map(({ state }) => state)).toEqual(targets.map(() => 'up'));
      expect(fleets[0]!.targets().every(({ ageMs }) => ageMs !== null && ageMs < 22_000)).toBe(true);
    }
    expect(fleets.map((fleet) => fleet.status().mode)).toEqual(['fallback', 'fallback', 'fallback']);
    expect(fleets[0]!.status()).toMatchObject({ storeAvailable: false, storeProblem: 'no answer within 250 ms' });
  });

  it('costs no more probes than calm weather, and leaves no target alone for over two intervals', async () => {
    const { pass, hang, paid, clock } = pods(3);
    await pass(30_000, 50);
    const calmFromMs = clock.monotonicMs();
    await pass(60_000, 50);
    const calm = paid(calmFromMs).length;
    hang(true);
    const fromMs = clock.monotonicMs();
    await pass(60_000, 50);
    expect(calm).toBe(36);
    expect(paid(fromMs).length).toBeLessThanOrEqual(calm);
    for (const { id } of targets) {
      const starts = [...paid(calmFromMs, id), clock.monotonicMs()];
      const gaps = starts.slice(1).map((atMs, i) => atMs - starts[i]!);
      expect(Math.max(...gaps)).toBeLessThanOrEqual(20_000);
    }
  });

  it('is shared again within an interval of its return, one probe per target as before', async () => {
    const { pass, hang, paid, clock, fleets } = pods(3);
    await pass(30_000, 50);
    hang(true);
    await pass(60_000, 50);
    hang(false);
    await pass(5_000, 50);
    expect(fleets.map((fleet) => fleet.status().mode)).toEqual(['shared', 'shared', 'shared']);
    await pass(5_000, 50);
    const fromMs = clock.monotonicMs();
    await pass(60_000, 50);
    for (const { id } of targets) expect(paid(fromMs, id)).toHaveLength(6);
    const versions = fleets.map((fleet) => fleet.targets().map(({ version }) => version));
    expect(versions[1]).toEqual(versions[0]);
    expect(versions[2]).toEqual(versions[0]);
  });

  it('hides no failure: each pod sees for itself that nothing answers, and the fleet hears of it later', async () => {
    const { pass, hang, upstream, fleets } = pods(3);
    await pass(30_000, 50);
    hang(true);
    await pass(5_000, 50);
    upstream.failure = { class: 'network', message: 'connection refused' };
    await pass(30_000, 50);
    expect(fleets.flatMap((fleet) => fleet.targets().map(({ state }) => state))).not.toContain('up');
    hang(false);
    await pass(10_000, 50);
    expect(
      fleets.flatMap((fleet) => fleet.targets().map(({ state }) => state)).every((state) => state === 'down'),
    ).toBe(true);
  });

  it('keeps no target down for a whole turn of the fleet because one pod met a short failure', async () => {
    const { pass, hang, upstream, fleets, clock, paid } = pods(8, [targets[0]!]);
    await pass(30_000, 50);
    hang(true);
    await pass(5_000, 50);
    const state = (): (string | undefined)[] => fleets.map((fleet) => fleet.target(targets[0]!.id)?.state);
    const probe = upstream.probe;
    upstream.probe = (target, level, signal) => {
      upstream.failure = failing && level === 'inference' ? { class: 'server', message: 'broken' } : undefined;
      return probe(target, level, signal);
    };
    let failing = true;
    for (let ms = 0; ms < 20_000 && !state().includes('down'); ms += 50) await pass(50, 50);
    failing = false;
    const fromMs = clock.monotonicMs();
    expect(state().filter((one) => one === 'down')).toHaveLength(1);
    await pass(20_000, 50);
    expect(state()).not.toContain('down');
    expect(paid(fromMs).length, 'two slots, and one look again').toBeLessThanOrEqual(3);
  });

  it('probes a down target ever more rarely, at less than twice the cost', async () => {
    const { pass, hang, upstream, clock, paid } = pods(8, [targets[0]!]);
    await pass(30_000, 50);
    hang(true);
    await pass(5_000, 50);
    const probe = upstream.probe;
    upstream.probe = (target, level, signal) => {
      upstream.failure = level === 'inference' ? { class: 'server', message: 'broken' } : undefined;
      return probe(target, level, signal);
    };
    // Each pod has met it at its own slot, and confirmed it, after eighty seconds.
    await pass(160_000, 50);
    const fromMs = clock.monotonicMs();
    await pass(160_000, 50);
    expect(paid(fromMs).length).toBeLessThanOrEqual(20);
  });

  it('lets no free look raise what a paid probe found', async () => {
    const { pass, hang, upstream, fleets } = pods(2, [targets[0]!]);
    await pass(20_000, 50);
    upstream.failure = { class: 'auth', status: 401, message: 'wrong key' };
    await pass(20_000, 50);
    hang(true);
    await pass(5_000, 50);
    const looked = upstream.probes.length;
    // Connecting works all the time.
    const inference = upstream.failure;
    const probe = upstream.probe;
    upstream.probe = (target, level, signal) => {
      upstream.failure = level === 'connect' ? undefined : inference;
      return probe(target, level, signal);
    };
    await pass(30_000, 50);
    expect(upstream.probes.slice(looked).some(({ level }) => level === 'connect')).toBe(true);
    expect(fleets.map((fleet) => fleet.target(targets[0]!.id)!.state)).toEqual(['down', 'down']);
  });
});

describe('a pod that never saw the store', () => {
  const hour = 3_600_000;
  const paid = { worstNanoUsd: 100, instead: 'models' } as const;
  const billed = targets.map((target) => ({ ...target, paid }));

  function lone(changes: Partial<FleetOptions>) {
    const world = testWorld();
    const upstream = testUpstream(world.clock);
    const hanging = hangingStore(world.clock, world.memory.open());
    hanging.hung = true;
    const start = (name: string) => {
      const options = { pod: name, store: hanging.store, prober: upstream, targets: billed, expectedPods: null };
      const fleet = createFleet(world.options({ ...options, ...changes }));
      fleet.start();
      return fleet;
    };
    const paidProbes = (): number => upstream.probes.filter(({ level }) => level === 'inference').length;
    return { ...world, upstream, start, paidProbes };
  }

  it('pays once at its start, then after 2, 4, 8 … intervals, and connects in between (D5: probes times pods)', async () => {
    const { pass, upstream, start, paidProbes } = lone({});
    for (const name of ['pod_0', 'pod_1', 'pod_2']) start(name);
    await pass(hour / 3, 500);
    const perTargetAndPod = paidProbes() / billed.length / 3;
    // 120 intervals: at the start, then 2, 6, 14, 30 and 62 intervals later.
    expect(perTargetAndPod).toBeGreaterThanOrEqual(6);
    expect(perTargetAndPod).toBeLessThanOrEqual(7);
    const connects = upstream.probes.filter(({ level }) => level === 'connect').length;
    expect(connects / billed.length / 3).toBeGreaterThan(100);
  });

  it('takes its turn among as many pods as it was told of', async () => {
    const { pass, start, paidProbes } = lone({ expectedPods: 4 });
    start('pod_0');
    await pass(400_000, 100);
    expect(paidProbes() / billed.length).toBeGreaterThan(8);
    expect(paidProbes() / billed.length).toBeLessThan(12);
  });

  it('connects only where a budget is set: the process before it may have spent its share (D5)', async () => {
    const { pass, start, paidProbes, upstream } = lone({ budget: { probesPerHour: 1_000 } });
    start('pod_0');
    await pass(hour / 3, 500);
    expect(paidProbes()).toBe(0);
    expect(upstream.probes.length).toBeGreaterThan(300);
  });
});
