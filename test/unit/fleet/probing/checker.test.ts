import { describe, expect, it } from 'vitest';
import { fleetTarget, settled, storeWith, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import type { TestUpstream } from '../../../support/fleet-parts.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';
import type { Fleet } from '../../../../src/fleet/fleet.ts';
import type { FleetOptions } from '../../../../src/fleet/options.ts';

const id = fleetTarget().id;
// Switched off in the background: only checks on demand probe it.
const onDemand = fleetTarget({ background: false });

function fleets(changes: readonly Partial<FleetOptions>[]) {
  const world = testWorld();
  const upstream = testUpstream(world.clock);
  const pods = changes.map((one, i) =>
    createFleet(
      world.options({
        pod: `pod_${i}`,
        store: world.memory.open(),
        prober: upstream,
        targets: [onDemand],
        ...one,
      }),
    ),
  );
  for (const pod of pods) pod.start();
  return { ...world, upstream, pods: pods as [Fleet, ...Fleet[]], check: () => checking(pods, upstream) };
}

/** Starts a check in each pod; `done` counts those that ended. */
function checking(pods: readonly Fleet[], upstream: TestUpstream) {
  const state = { done: 0, probesBefore: upstream.probes.length, caller: new AbortController() };
  for (const pod of pods) void pod.check([id], state.caller.signal).then(() => (state.done += 1));
  return state;
}

describe('a check on demand', () => {
  it('is the only probe of a target that is switched off in the background (a model probed although switched off)', async () => {
    const { pods, upstream, pass, check } = fleets([{}]);
    await pass(60_000, 100);
    expect(upstream.probes).toEqual([]);
    const { done } = await ended(check(), pass, 1_000);
    expect(done).toBe(1);
    expect(upstream.probes).toHaveLength(1);
    expect(pods[0].target(id)?.state).toBe('up');
  });

  it('joins the probe that runs in another pod', async () => {
    const { upstream, pass, check, pods } = fleets([{}, {}, {}]);
    await pass(500);
    const { done } = await ended(check(), pass, 2_000);
    expect(done).toBe(3);
    expect(upstream.probes).toHaveLength(1);
    expect(pods.map((pod) => pod.target(id)?.state)).toEqual(['up', 'up', 'up']);
  });

  it('reuses evidence younger than ten seconds, and claims again when it is older', async () => {
    const { upstream, pass, check } = fleets([{}, {}]);
    await pass(500);
    await ended(check(), pass, 1_000);
    await pass(8_000);
    expect((await ended(check(), pass, 20)).done).toBe(2);
    expect(upstream.probes).toHaveLength(1);
    await pass(3_000);
    expect((await ended(check(), pass, 1_000)).done).toBe(2);
    expect(upstream.probes).toHaveLength(2);
  });

  it('does not probe again while its own result is on the way to the store', async () => {
    const world = testWorld();
    const inner = world.memory.open();
    const store = storeWith(inner, {
      commit: async (input) => {
        await new Promise<void>((resolve) => void world.clock.setTimer(240, resolve));
        return await inner.commit(input);
      },
    });
    const upstream = testUpstream(world.clock);
    const fleet = createFleet(world.options({ store, prober: upstream, targets: [onDemand] }));
    fleet.start();
    await world.pass(500);
    // Probed until 100 ms, committed at 340 ms; a waiting caller looks again every 200 ms.
    const { done } = await ended(checking([fleet], upstream), world.pass, 2_000);
    expect(done).toBe(1);
    expect(upstream.probes).toHaveLength(1);
  });

  it('ends when its caller gives up, and leaves the probe to the others', async () => {
    const { upstream, pass, check, pods } = fleets([{}]);
    upstream.tookMs = 3_000;
    await pass(500);
    const one = check();
    await pass(200);
    one.caller.abort();
    await settled();
    expect(one.done).toBe(1);
    await pass(4_000);
    expect(pods[0].target(id)?.state).toBe('up');
  });

  it('probes in fallback while the store is unreachable', async () => {
    const world = testWorld();
    const inner = world.memory.open();
    const lost = () => Promise.resolve({ kind: 'lost', loss: { code: 'timeout', message: 'no answer' } } as const);
    const store = Object.fromEntries(Object.keys(inner).map((name) => [name, lost])) as unknown as typeof inner;
    const upstream = testUpstream(world.clock);
    const fleet = createFleet(world.options({ store, prober: upstream, targets: [onDemand] }));
    fleet.start();
    await world.pass(5_000, 50);
    expect(fleet.status().mode).toBe('fallback');
    expect((await ended(checking([fleet], upstream), world.pass, 1_000)).done).toBe(1);
    expect(upstream.probes).toHaveLength(1);
    expect(fleet.target(id)?.state).toBe('up');
  });
});

async function ended<T>(state: T, pass: (ms: number) => Promise<void>, withinMs: number): Promise<T> {
  await settled();
  await pass(withinMs);
  return state;
}
