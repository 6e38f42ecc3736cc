import { describe, expect, it } from 'vitest';
import { fleetTarget, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';
import type { Fleet } from '../../../../src/fleet/fleet.ts';

const [a, b, c] = ['40000000', '80000000', 'c0000000'].map((id) => fleetTarget({ id, name: id })) as [
  ReturnType<typeof fleetTarget>,
  ReturnType<typeof fleetTarget>,
  ReturnType<typeof fleetTarget>,
];

function deploying() {
  const world = testWorld();
  const upstream = testUpstream(world.clock);
  const start = (pod: string, targets: readonly ReturnType<typeof fleetTarget>[]): Fleet => {
    const targetsHash = targets.map(({ id, intervalMs }) => `${id}.${intervalMs}`).join('-');
    const fleet = createFleet(
      world.options({ pod, targets, targetsHash, store: world.memory.open(), prober: upstream }),
    );
    fleet.start();
    return fleet;
  };
  const paid = (target: string, fromMs: number): number[] =>
    upstream.probes.filter((probe) => probe.target === target && probe.atMs >= fromMs).map(({ atMs }) => atMs);
  return { ...world, upstream, start, paid };
}

describe('two configurations in one fleet', () => {
  it('lose nothing, show nothing foreign, and share their common targets (two configs overwrite each other)', async () => {
    const { start, pass, paid, clock } = deploying();
    const [old, next] = [start('pod_old', [a, b]), start('pod_new', [b, c])];
    await pass(30_000, 50);
    const fromMs = clock.monotonicMs();
    await pass(60_000, 50);
    for (const { id } of [a, b, c]) expect(paid(id, fromMs), id).toHaveLength(6);
    expect(old.targets().map(({ id, state }) => `${id} ${state}`)).toEqual(['40000000 up', '80000000 up']);
    expect(next.targets().map(({ id, state }) => `${id} ${state}`)).toEqual(['80000000 up', 'c0000000 up']);
    expect(old.target(c.id)).toBeUndefined();
    expect(old.target(b.id)?.version).toBe(next.target(b.id)?.version);
  });

  it('probe at the shorter of two intervals', async () => {
    const { start, pass, paid, clock } = deploying();
    start('pod_old', [fleetTarget({ ...a, intervalMs: 20_000 })]);
    start('pod_new', [fleetTarget({ ...a, intervalMs: 5_000 })]);
    await pass(40_000, 50);
    const fromMs = clock.monotonicMs();
    await pass(60_000, 50);
    expect(paid(a.id, fromMs)).toHaveLength(12);
  });

  it('do not wait for a second witness that does not have the target', async () => {
    const { start, pass, upstream } = deploying();
    const [old] = [start('pod_old', [a, b]), start('pod_new', [b])];
    await pass(20_000, 50);
    upstream.failure = { class: 'server', message: 'boom' };
    await pass(20_000, 50);
    // Alone with a, it believes its own eyes; b needs and gets two witnesses.
    expect(old.target(a.id)?.facts?.failureRun?.witnesses).toHaveLength(1);
    expect(old.target(a.id)?.state).toBe('down');
    expect(old.target(b.id)?.facts?.failureRun?.witnesses).toHaveLength(2);
    expect(old.target(b.id)?.state).toBe('down');
  });
});

describe('a probe that takes longer than its lease', () => {
  it('stays the only one: who lost the claim neither gives up waiting nor probes anyway', async () => {
    const { start, pass, upstream, paid } = deploying();
    const slow = fleetTarget({ ...a, timeoutMs: 60_000 });
    const fleets = ['pod_1', 'pod_2', 'pod_3'].map((pod) => start(pod, [slow]));
    upstream.tookMs = 25_000;
    await pass(24_000, 50);
    expect(paid(a.id, 0)).toHaveLength(1);
    await pass(4_000, 50);
    expect(fleets.map((fleet) => fleet.target(a.id)?.state)).toEqual(['up', 'up', 'up']);
    upstream.tookMs = 100;
    await pass(30_000, 50);
    const starts = paid(a.id, 0);
    expect(starts.slice(1).every((atMs, i) => atMs - starts[i]! >= 5_000)).toBe(true);
  });
});
