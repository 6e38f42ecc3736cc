import { describe, expect, it } from 'vitest';
import { fleetTarget, testUpstream, testWorld } from '../../../support/fleet-parts.ts';
import type { FleetTarget } from '../../../../src/fleet/options.ts';
import { createFleet } from '../../../../src/fleet/fleet.ts';

// Eight targets on three hosts: with two pods each probes some of every host.
const targets: readonly FleetTarget[] = Array.from({ length: 8 }, (_, i) =>
  fleetTarget({ id: `${i}0000000`, upstreamHost: `host-${i % 3}`, name: `t${i}` }),
);
const first = targets[0]!;

/** Two pods, each with its own way to the upstreams. */
function twoPods(known: readonly FleetTarget[] = targets) {
  const world = testWorld();
  const pod = (name: string) => {
    const way = testUpstream(world.clock);
    const store = world.memory.open();
    const fleet = createFleet(world.options({ pod: name, store, prober: way, targets: known }));
    fleet.start();
    return { way, fleet };
  };
  return { ...world, sick: pod('pod_sick'), well: pod('pod_well') };
}

const refused = { class: 'network', message: 'connection refused' } as const;
const denied = { class: 'auth', status: 401, message: 'the proxy wants a login' } as const;

describe('a pod that loses its way to the upstreams', () => {
  it("changes no other pod's verdict, and says of its own that only it fails", async () => {
    const { sick, well, pass } = twoPods();
    await pass(30_000, 50);
    const seen: string[] = [];
    well.fleet.onChange((change) => {
      if (change.kind === 'verdict-changed') seen.push(`${change.from} to ${change.to}`);
    });
    sick.way.failure = refused;
    await pass(120_000, 50);
    expect(seen).toEqual([]);
    expect(well.fleet.targets().map(({ state }) => state)).toEqual(targets.map(() => 'up'));
    expect(sick.fleet.status().impaired).toBe(true);
    const lost = sick.fleet.targets().filter(({ localOnly }) => localOnly);
    expect(lost.length).toBeGreaterThanOrEqual(2);
    expect(lost[0]?.why).toContain('only this pod fails, other pods reach it');
    expect(well.fleet.status().members).toContainEqual(expect.objectContaining({ pod: 'pod_sick', impaired: true }));
  });

  it("changes no other pod's verdict when what answers in its way is a proxy (one pod's fault, told as the target's)", async () => {
    const { sick, well, pass } = twoPods();
    await pass(30_000, 50);
    const seen: string[] = [];
    well.fleet.onChange((change) => {
      if (change.kind === 'verdict-changed') seen.push(`${change.from} to ${change.to}`);
    });
    sick.way.failure = denied;
    await pass(120_000, 50);
    expect(seen).toEqual([]);
    const views = sick.fleet.targets();
    expect(views.map(({ state }) => state)).not.toContain('down');
    expect(views.find(({ localOnly }) => localOnly)?.why).toBe(
      'only this pod fails, other pods reach it: auth: the proxy wants a login',
    );
  });

  it('leaves the probing to the others meanwhile: no target is probed less', async () => {
    const { sick, well, pass, clock } = twoPods();
    await pass(30_000, 50);
    sick.way.failure = refused;
    await pass(60_000, 50);
    const fromMs = clock.monotonicMs();
    await pass(60_000, 50);
    const paid = (way: typeof sick.way) =>
      way.probes.filter(({ level, atMs }) => level === 'inference' && atMs >= fromMs).length;
    expect(paid(sick.way)).toBe(0);
    expect(paid(well.way)).toBe(6 * targets.length);
  });

  it('takes part again once its way is open', async () => {
    const { sick, pass, clock } = twoPods();
    await pass(30_000, 50);
    sick.way.failure = refused;
    await pass(60_000, 50);
    sick.way.failure = undefined;
    await pass(100_000, 50);
    expect(sick.fleet.status().impaired).toBe(false);
    expect(sick.fleet.targets().some(({ localOnly }) => localOnly)).toBe(false);
    const fromMs = clock.monotonicMs();
    await pass(60_000, 50);
    expect(sick.way.probes.some(({ level, atMs }) => level === 'inference' && atMs >= fromMs)).toBe(true);
  });

  it.each([
    ['one target', [first]],
    ['all it knows', targets],
  ])('believes its own eyes again about %s once no other pod is left to ask', async (_, known) => {
    const { sick, well, pass } = twoPods(known);
    await pass(30_000, 50);
    sick.way.failure = refused;
    await pass(60_000, 50);
    expect(sick.fleet.target(first.id)?.localOnly).toBe(true);
    // Now the targets really break, and the pod that could have told is gone.
    void well.fleet.stop();
    await pass(60_000, 50);
    expect(sick.fleet.targets().map(({ state, localOnly }) => `${state} ${localOnly}`)).toEqual(
      known.map(() => 'down false'),
    );
    expect(sick.fleet.targets().every(({ ageMs }) => ageMs !== null && ageMs < 12_000)).toBe(true);
  });
});
