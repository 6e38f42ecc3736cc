import { beforeEach, describe, expect, it } from 'vitest';
import { quietCircuit } from '../../../support/quiet-circuit.ts';
import { fleetTarget, hangingStore, settled, testWorld } from '../../../support/fleet-parts.ts';
import type { TestWorld } from '../../../support/fleet-parts.ts';
import { Heartbeat } from '../../../../src/fleet/membership/heartbeat.ts';
import { Membership } from '../../../../src/fleet/membership/membership.ts';

const all = ['a', 'b', 'c'].map((id) => fleetTarget({ id }));

function member(world: TestWorld, pod: string, known: readonly string[] = ['a', 'b', 'c']) {
  const targets = all.filter(({ id }) => known.includes(id));
  const hanging = hangingStore(world.clock, world.memory.open());
  const options = world.options({ pod, targets, targetsHash: known.join('-'), store: hanging.store });
  const circuit = quietCircuit(options);
  let changes = 0;
  const membership = new Membership(options, circuit, new Heartbeat(options), {
    changed: () => (changes += 1),
    tick: () => undefined,
  });
  return { membership, hanging, changes: () => changes };
}

describe('who is in the fleet', () => {
  let world: TestWorld;
  beforeEach(() => {
    world = testWorld();
  });

  async function beats(...members: readonly { membership: Membership }[]): Promise<void> {
    for (const { membership } of members) membership.beat();
    await settled();
    for (const { membership } of members) membership.beat();
    await settled();
  }

  it('is the same list in each of its pods, in one order', async () => {
    const [b, a] = [member(world, 'pod_b'), member(world, 'pod_a')];
    expect(a.membership.known).toBe(false);
    await beats(b, a);
    for (const { membership } of [a, b]) expect(membership.members.map(({ pod }) => pod)).toEqual(['pod_a', 'pod_b']);
    expect(a.membership.otherAbleIds('a')).toEqual(['pod_b']);
  });

  it('is evaluated per target while two lists are in use: other pods count only for targets that they have', async () => {
    const [old, next, alike] = [member(world, 'pod_a'), member(world, 'pod_b', ['b', 'c']), member(world, 'pod_c')];
    await beats(old, next, alike);
    expect(old.membership.otherAbleIds('a')).toEqual(['pod_c']);
    expect(old.membership.otherAbleIds('b')).toEqual(['pod_b', 'pod_c']);
    expect(next.membership.otherAbleIds('b')).toEqual(['pod_a', 'pod_c']);
  });

  it('does not count pods that lost their way', async () => {
    const [a, b] = [member(world, 'pod_a'), member(world, 'pod_b')];
    await beats(a, b);
    b.membership.impaired = true;
    await settled();
    await beats(a);
    expect(a.membership.otherAbleIds('a')).toEqual([]);
    expect(a.membership.members).toHaveLength(2);
    expect(a.changes()).toBe(3);
  });

  it('forgets a pod ten seconds after its last heartbeat, and one that leaves at once (a dead pod stays for ever)', async () => {
    const [a, dead, leaver] = [member(world, 'pod_a'), member(world, 'pod_b'), member(world, 'pod_c')];
    await beats(a, dead, leaver);
    await leaver.membership.leave();
    dead.hanging.hung = true;
    await world.pass(3_500, 100);
    expect(a.membership.members.map(({ pod }) => pod)).toEqual(['pod_a', 'pod_b']);
    await world.pass(9_700, 100);
    expect(a.membership.members.map(({ pod }) => pod)).toEqual(['pod_a']);
    expect([...world.memory.texts('pods').keys()].filter((name) => name.startsWith('pod_'))).toEqual(['pod_a']);
  });

  it('stays as it was last seen while the store is away', async () => {
    const [a, b] = [member(world, 'pod_a'), member(world, 'pod_b')];
    await beats(a, b);
    a.hanging.hung = true;
    await world.pass(60_000, 250);
    expect(a.membership.members).toHaveLength(2);
    expect(a.membership.known).toBe(true);
  });

  it('reports a change once, and nothing while nothing changes', async () => {
    const [a, b] = [member(world, 'pod_a'), member(world, 'pod_b')];
    await beats(a, b);
    const before = a.changes();
    await world.pass(30_000, 100);
    expect(a.changes()).toBe(before);
  });

  it('says no more after it left', async () => {
    const a = member(world, 'pod_a');
    await beats(a);
    await a.membership.leave();
    a.membership.beat();
    await world.pass(10_000, 500);
    expect(world.memory.texts('pods').has('pod_a')).toBe(false);
    expect(world.clock.pending()).toBe(0);
  });
});
