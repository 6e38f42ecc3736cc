import { describe, expect, it } from 'vitest';
import { fleetTarget, settled, testUpstream, testWorld } from '../../support/fleet-parts.ts';
import type { TestUpstream } from '../../support/fleet-parts.ts';
import { createFleet } from '../../../src/fleet/fleet.ts';
import type { FleetOptions, FleetReload, FleetTarget } from '../../../src/fleet/options.ts';

const INTERVAL_MS = 10_000;
const [a, b, c] = ['20000000aaaa', '80000000bbbb', 'c0000000cccc'].map((id) =>
  fleetTarget({ id, name: id.slice(-1), intervalMs: INTERVAL_MS }),
) as [FleetTarget, FleetTarget, FleetTarget];

function pods(count: number, targets: readonly FleetTarget[]) {
  const world = testWorld();
  const upstream = testUpstream(world.clock);
  const options = Array.from({ length: count }, (_, i): FleetOptions => {
    return world.options({
      pod: `pod_${i}`,
      store: world.memory.open(),
      prober: upstream,
      targets,
      targetsHash: 'one',
    });
  });
  const fleets = options.map((one) => createFleet(one));
  for (const fleet of fleets) fleet.start();
  return { ...world, upstream, fleets, reload: reloadOf(options[0]!) };
}

function reloadOf(options: FleetOptions): (targets: readonly FleetTarget[]) => FleetReload {
  return (targets) => ({ ...pick(options), targets, targetsHash: targets.map(({ name }) => name).join('') });
}

function pick({ policy, policyHash, cacheTtlMs, leaseMs, bootWindowMs, expectedPods, ...rest }: FleetOptions) {
  const { maxProbes, maxProbesPerHost, budget, history } = rest;
  const bounds = { maxProbes, maxProbesPerHost, budget, history };
  return { policy, policyHash, cacheTtlMs, leaseMs, bootWindowMs, expectedPods, ...bounds };
}

function timesOf(upstream: TestUpstream, { id }: FleetTarget): readonly number[] {
  return upstream.probes.filter(({ target }) => target === id).map(({ atMs }) => atMs);
}

describe('a reload', () => {
  it.each([1, 3])('of %i pods leaves targets that stay on their grid, without a probe for it', async (count) => {
    const { fleets, upstream, reload, pass, clock } = pods(count, [a, b]);
    await pass(25_000, 50);
    for (const fleet of fleets) {
      fleet.reload(reload([a, c]));
      // oxlint-disable-next-line no-await-in-loop -- pods read their files one after another
      await pass(1_300, 50);
    }
    const reloadedMs = clock.monotonicMs();
    await pass(40_000, 50);
    const times = timesOf(upstream, a);
    const gaps = times.slice(1).map((at, i) => at - (times[i] ?? 0));
    for (const gap of gaps.slice(1)) expect(Math.abs(gap - INTERVAL_MS)).toBeLessThan(0.2 * INTERVAL_MS);
    expect(fleets[0]?.target(a.id)?.state).toBe('up');
    expect(timesOf(upstream, b).filter((at) => at > reloadedMs)).toEqual([]);
    expect(timesOf(upstream, c).length).toBeGreaterThanOrEqual(4);
    expect(timesOf(upstream, c).length).toBeLessThanOrEqual(6);
    for (const fleet of fleets) {
      expect(fleet.targets().map(({ id, state }) => [id, state])).toEqual([
        [a.id, 'up'],
        [c.id, 'up'],
      ]);
      expect(fleet.target(b.id)).toBeUndefined();
    }
  });

  it('reads the records of a target that is new here, without a probe', async () => {
    const world = testWorld();
    const upstream = testUpstream(world.clock);
    const options = (pod: string, targets: readonly FleetTarget[]): FleetOptions =>
      world.options({
        pod,
        store: world.memory.open(),
        prober: upstream,
        targets,
        targetsHash: String(targets.length),
      });
    const first = createFleet(options('pod_0', [a, b]));
    const second = createFleet(options('pod_1', [a]));
    first.start();
    second.start();
    await world.pass(15_000, 50);
    const before = timesOf(upstream, b).length;
    second.reload({ ...pick(options('pod_1', [a, b])), targets: [a, b], targetsHash: '2' });
    await settled();
    expect(second.target(b.id)?.state).toBe('up');
    await world.pass(1_000, 50);
    expect(timesOf(upstream, b).length - before).toBeLessThanOrEqual(1);
    await world.pass(40_000, 50);
    expect(timesOf(upstream, b).length).toBeLessThanOrEqual(7);
    // The lists are one again: both count as witnesses of it.
    expect(second.status().members.map(({ targetsHash }) => targetsHash)).toEqual(['2', '2']);
  });

  it('changes the interval of a target that stays', async () => {
    const { fleets, upstream, reload, pass } = pods(1, [a]);
    await pass(15_000, 50);
    const before = timesOf(upstream, a).length;
    fleets[0]?.reload(reload([{ ...a, intervalMs: 5_000 }]));
    await pass(30_000, 50);
    expect(timesOf(upstream, a).length - before).toBeGreaterThanOrEqual(6);
    expect(timesOf(upstream, a).length - before).toBeLessThanOrEqual(7);
  });

  it('lets the running probe of a target that went end, and gives its lease back', async () => {
    const { fleets, upstream, reload, pass, memory } = pods(1, [a, b]);
    upstream.tookMs = 4_000;
    await pass(1_700, 50);
    expect(timesOf(upstream, a).length + timesOf(upstream, b).length).toBeGreaterThan(0);
    fleets[0]?.reload(reload([c]));
    await pass(8_000, 50);
    const leases = await memory.open().readLeases(Array.from(memory.texts('leases').keys()));
    expect(leases.kind === 'ok' && leases.value.filter(({ target }) => target !== c.id)).toEqual([]);
  });

  it('judges known facts by the new policy', async () => {
    const { fleets, upstream, reload, pass } = pods(1, [a]);
    upstream.failure = { class: 'server', status: 500, message: 'boom' };
    await pass(3_000, 50);
    expect(fleets[0]?.target(a.id)?.state).toBe('down');
    fleets[0]?.reload({ ...reload([a]), policy: { rise: 1, fall: 9, edgeIntervalMs: 5_000 } });
    expect(fleets[0]?.target(a.id)?.state).toBe('suspect');
  });
});
