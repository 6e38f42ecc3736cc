import { beforeEach, describe, expect, it } from 'vitest';
import { quietCircuit } from '../../../support/quiet-circuit.ts';
import { hangingStore, noMetrics, settled, testWorld } from '../../../support/fleet-parts.ts';
import type { TestWorld } from '../../../support/fleet-parts.ts';
import type { ClaimAnswer } from '../../../../src/ports/index.ts';
import { Leases } from '../../../../src/fleet/probing/leases.ts';

const target = '80000000aaaa';

function keeping(world: TestWorld, leaseMs = 10_000) {
  const hanging = hangingStore(world.clock, world.memory.open());
  let lost = 0;
  const metrics = { ...noMetrics, leaseLost: () => (lost += 1) };
  const options = world.options({ store: hanging.store, leaseMs, metrics });
  const circuit = quietCircuit(options);
  const leases = new Leases(options, circuit);
  return { hanging, leases, lost: () => lost };
}

async function claim(world: TestWorld, pod: string, ttlMs: number): Promise<ClaimAnswer> {
  const request = { target, reason: 'scheduled', intervalMs: 60_000, everyMs: 60_000, version: 0 } as const;
  const notAfter = world.storeNow() + 1_000_000;
  const answer = await world.memory.open().claim({ pod, ttlMs, notAfter, requests: [request] });
  return answer.kind === 'ok' ? answer.value[0]! : Promise.reject(new Error('no claim'));
}

async function granted(world: TestWorld, ttlMs: number): Promise<number> {
  const answer = await claim(world, 'pod_a', ttlMs);
  return answer.kind === 'granted' ? answer.grant : Promise.reject(new Error('not granted'));
}

describe('the leases of a pod', () => {
  let world: TestWorld;
  beforeEach(() => {
    world = testWorld();
  });

  it('last as long as they are configured to', async () => {
    const { leases } = keeping(world, 4_000);
    expect(leases.ttlMs).toBe(4_000);
    leases.hold(target, await granted(world, 4_000), world.clock.monotonicMs());
    leases.stop();
    await world.pass(3_990);
    expect(leases.grant(target)).toBeDefined();
    await world.pass(20);
    expect(leases.grant(target)).toBeUndefined();
  });

  it('count from the sending of the claim, not from its answer', async () => {
    const { leases, hanging } = keeping(world);
    const sentMs = world.clock.monotonicMs();
    const grant = await granted(world, 10_000);
    hanging.hung = true;
    await world.pass(4_000);
    leases.hold(target, grant, sentMs);
    await world.pass(5_990);
    expect(leases.grant(target)).toBe(grant);
    await world.pass(20);
    expect(leases.grant(target)).toBeUndefined();
    expect(leases.isHeld(target), 'its probe may still run').toBe(true);
    leases.stop();
  });

  it('are renewed at a third of their time, for as long as the probe takes, by one timer', async () => {
    const { leases, lost } = keeping(world);
    leases.hold(target, await granted(world, 10_000), world.clock.monotonicMs());
    for (let second = 0; second < 60; second += 1) {
      await world.pass(1_000, 100);
      expect(leases.grant(target)).toBeDefined();
      expect((await claim(world, 'pod_b', 10_000)).kind).toBe('held');
    }
    expect(world.clock.pending()).toBe(1);
    expect(lost()).toBe(0);
    leases.drop(target);
    await world.pass(15_000, 100);
    expect(world.clock.pending()).toBe(0);
  });

  it('that another pod took over are found lost, once, and never committed under', async () => {
    const { leases, hanging, lost } = keeping(world);
    leases.hold(target, await granted(world, 10_000), world.clock.monotonicMs());
    hanging.hung = true;
    await world.pass(10_500, 100);
    expect((await claim(world, 'pod_b', 10_000)).kind).toBe('granted');
    hanging.hung = false;
    await world.pass(8_000, 100);
    expect(lost()).toBe(1);
    expect(leases.grant(target)).toBeUndefined();
    expect(leases.isHeld(target)).toBe(false);
    leases.stop();
  });

  it('are given back without a result', async () => {
    const { leases } = keeping(world);
    leases.hold(target, await granted(world, 10_000), world.clock.monotonicMs());
    await leases.release([target, 'unknown']);
    expect(leases.isHeld(target)).toBe(false);
    expect((await claim(world, 'pod_b', 10_000)).kind).toBe('granted');
    leases.stop();
  });

  it('do not include those of others: a former owner cannot end a lease (a lock deleted by a former owner)', async () => {
    const { leases } = keeping(world);
    leases.hold(target, await granted(world, 1_000), world.clock.monotonicMs());
    world.clock.advance(1_001);
    expect((await claim(world, 'pod_b', 60_000)).kind).toBe('granted');
    await leases.release([target]);
    expect((await claim(world, 'pod_c', 60_000)).kind).toBe('held');
    leases.stop();
  });

  it('unknown to this pod because the answer was lost are released; its own and those of other pods stay', async () => {
    const { leases } = keeping(world);
    await granted(world, 60_000);
    await leases.reconcile();
    const answer = await claim(world, 'pod_b', 60_000);
    expect(answer.kind).toBe('granted');
    await leases.reconcile();
    expect((await claim(world, 'pod_c', 60_000)).kind).toBe('held');
  });

  it('of running probes stay when this pod releases those of a lost answer', async () => {
    const { leases } = keeping(world);
    leases.hold(target, await granted(world, 60_000), world.clock.monotonicMs());
    await leases.reconcile();
    expect(leases.isHeld(target)).toBe(true);
    expect((await claim(world, 'pod_b', 60_000)).kind).toBe('held');
    leases.stop();
  });

  it('of results that got no answer are given back once the store answers (the old one granted again, for one more paid probe)', async () => {
    const { leases } = keeping(world);
    const grant = await granted(world, 60_000);
    leases.hold(target, grant, world.clock.monotonicMs());
    leases.dropUnanswered(target);
    expect(leases.grant(target)).toBeUndefined();
    expect((await claim(world, 'pod_b', 60_000)).kind).toBe('held');
    await leases.releaseUnanswered();
    expect((await claim(world, 'pod_b', 60_000)).kind).toBe('granted');
    leases.stop();
  });

  it('leave no timer behind', async () => {
    const { leases } = keeping(world);
    leases.hold(target, await granted(world, 10_000), world.clock.monotonicMs());
    leases.stop();
    await settled();
    expect(world.clock.pending()).toBe(0);
  });
});
