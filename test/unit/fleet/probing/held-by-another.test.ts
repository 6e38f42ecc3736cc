import { describe, expect, it } from 'vitest';
import { fleetTarget, hangingStore, storeWith, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';

const target = fleetTarget();
const others = ['pod_b', 'pod_c', 'pod_d', 'pod_e'];

/** A pod whose commit found no store, so that it still believes in its lease, and four that are only known. */
async function podWithLostCommit() {
  const world = testWorld();
  const upstream = testUpstream(world.clock);
  const inner = world.memory.open();
  const claims: number[] = [];
  const counting = storeWith(inner, {
    claim: (input) => {
      claims.push(world.clock.monotonicMs());
      return inner.claim(input);
    },
  });
  const hanging = hangingStore(world.clock, counting);
  const fleet = createFleet(world.options({ store: hanging.store, prober: upstream, targets: [target] }));
  fleet.start();
  await world.pass(12_000);
  for (const pod of others) {
    const hashes = { policyHash: 'policy', targetsHash: 'targets' };
    const info = {
      pod,
      version: '0.0.0',
      startedAt: 0,
      impaired: false,
      host: pod,
      domain: pod,
      blind: [],
      unreached: [],
      ...hashes,
    };
    await inner.heartbeat({ info, ttlMs: 10_000, notAfter: world.storeNow() });
  }
  const known = upstream.probes.length;
  for (let ms = 0; ms < 20_000 && upstream.probes.length === known; ms += 10) await world.pass(10);
  hanging.hung = true;
  return { ...world, hanging, claims, fleet };
}

describe('a pod whose lease went to another pod unseen', () => {
  it("waits for that pod's lease to end (hundreds of claims a second)", async () => {
    const { memory, clock, storeNow, hanging, claims, pass, fleet } = await podWithLostCommit();
    await pass(12_000);
    // Another store takes over, empty and with a slow clock, and another pod comes first there.
    memory.flush();
    clock.stepWall(-20_000);
    const request = {
      target: target.id,
      reason: 'scheduled',
      intervalMs: 10_000,
      everyMs: 10_000,
      version: 0,
    } as const;
    await memory.open().claim({ pod: 'pod_b', ttlMs: 10_000, notAfter: storeNow(), requests: [request] });
    const before = claims.length;
    hanging.hung = false;
    await pass(15_000);
    const made = claims.slice(before);
    expect(made.length).toBeGreaterThanOrEqual(2);
    expect(made.length).toBeLessThanOrEqual(4);
    expect(fleet.target(target.id)).toMatchObject({ state: 'up', stale: false });
  });
});
