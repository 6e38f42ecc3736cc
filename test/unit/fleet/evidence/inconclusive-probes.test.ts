import { describe, expect, it } from 'vitest';
import { fleetTarget, settled, storeWith, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';
import type { FleetOptions } from '../../../../src/fleet/options.ts';

const onDemand = fleetTarget({ background: false });
const { id } = onDemand;

/** A pod whose claims are counted. */
function pod(world: ReturnType<typeof testWorld>, changes: Partial<FleetOptions>) {
  const inner = world.memory.open();
  const claims: number[] = [];
  const store = storeWith(inner, {
    claim: (input) => {
      claims.push(world.clock.monotonicMs());
      return inner.claim(input);
    },
  });
  const fleet = createFleet(world.options({ store, ...changes }));
  fleet.start();
  const check = (target: string = id) => {
    const state = { done: false };
    void fleet.check([target], new AbortController().signal).then(() => (state.done = true));
    return state;
  };
  return { fleet, claims, check };
}

describe('a pod whose probes are inconclusive', () => {
  it('claims a handful of times in ten seconds for a check on demand (thousands of claims a second)', async () => {
    const world = testWorld();
    const prober: FleetOptions['prober'] = {
      probe: (_, level) =>
        Promise.resolve({ outcome: { kind: 'no-evidence', why: 'out of sockets' }, level, latencyMs: 0 }),
    };
    const { claims, check } = pod(world, { prober, targets: [onDemand] });
    await world.pass(500);
    const state = check();
    await world.pass(10_000);
    expect(claims.length).toBeGreaterThanOrEqual(1);
    expect(claims.length).toBeLessThanOrEqual(5);
    await world.pass(10_000);
    expect(state.done).toBe(true);
  });

  it('answers at once about a record of a newer version, without a probe (a check that waits for its deadline)', async () => {
    const world = testWorld();
    world.memory.plant('records', id, `7 0 7 7 ${JSON.stringify({ format: 3, shape: 'new' })}`);
    const upstream = testUpstream(world.clock);
    const { fleet, claims, check } = pod(world, { prober: upstream, targets: [onDemand] });
    await world.pass(500);
    expect(fleet.target(id)?.why).toContain('newer version');
    const state = check();
    await settled();
    expect(state.done).toBe(true);
    expect(claims).toEqual([]);
    expect(upstream.probes).toEqual([]);
  });

  it('leaves a check to the others while only it fails (an impaired pod that spends probes it must not report)', async () => {
    const world = testWorld();
    const target = fleetTarget({ id: '00000000', intervalMs: 30_000 });
    const way = testUpstream(world.clock);
    const sick = pod(world, { pod: 'pod_sick', prober: way, targets: [target] });
    pod(world, { pod: 'pod_well', prober: testUpstream(world.clock), targets: [target] });
    await world.pass(30_000, 50);
    way.failure = { class: 'network', message: 'connection refused' };
    // Alone with its failure, and what is known is too old to be reused.
    const ready = (): boolean => {
      const { localOnly, ageMs } = sick.fleet.target(target.id)!;
      return localOnly && ageMs! > 12_000;
    };
    for (let ms = 0; ms < 240_000 && !ready(); ms += 50) await world.pass(50);
    expect(ready()).toBe(true);
    const [claims, probes] = [sick.claims.length, way.probes.length];
    const state = sick.check(target.id);
    await world.pass(1_000);
    expect(state.done).toBe(true);
    expect(sick.claims).toHaveLength(claims);
    expect(way.probes.slice(probes).every(({ level }) => level === 'connect')).toBe(true);
  });
});
