import { describe, expect, it } from 'vitest';
import { quietCircuit } from '../../../support/quiet-circuit.ts';
import { fleetTarget, settled, storeWith, testWorld } from '../../../support/fleet-parts.ts';
import type { TestWorld } from '../../../support/fleet-parts.ts';
import type { FleetStore, HeartbeatInput, TargetsInput } from '../../../../src/ports/index.ts';
import { Heartbeat } from '../../../../src/fleet/membership/heartbeat.ts';
import { Membership } from '../../../../src/fleet/membership/membership.ts';

const many = Array.from({ length: 2_500 }, (_, index) => `${String(index).padStart(8, '0')}aaaa`);

/** A pod that knows `ids` under `print`, and what it said to the store. */
function member(world: TestWorld, pod: string, hash: string, ids: readonly string[], changes = laterSame) {
  const beats: HeartbeatInput[] = [];
  const brought: TargetsInput[] = [];
  const asked: string[] = [];
  const inner = world.memory.open();
  const spied = storeWith(inner, {
    heartbeat: (input) => {
      beats.push(input);
      return inner.heartbeat(input);
    },
    writeTargets: (input) => {
      brought.push(input);
      return inner.writeTargets(input);
    },
    readTargets: (asking, piece) => {
      asked.push(`${asking} ${piece}`);
      return inner.readTargets(asking, piece);
    },
  });
  const targets = ids.map((id) => fleetTarget({ id }));
  const options = world.options({ pod, targets, targetsHash: hash, store: changes(spied) });
  const circuit = quietCircuit(options);
  let told = 0;
  const membership = new Membership(options, circuit, new Heartbeat(options), {
    changed: () => (told += 1),
    tick: () => undefined,
  });
  return { membership, beats, brought, asked, told: () => told };
}

function laterSame(store: FleetStore): FleetStore {
  return store;
}

async function beat(...members: readonly { readonly membership: Membership }[]): Promise<void> {
  for (const { membership } of members) {
    membership.beat();
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await settled();
  }
}

describe('the target lists of pods', () => {
  it('are transferred once, in pieces, and never in a heartbeat', async () => {
    const world = testWorld();
    const [a, b] = [member(world, 'pod_a', 'p1', many), member(world, 'pod_b', 'p1', many)];
    await beat(a, b);
    await world.pass(60_000, 500);
    expect(new Set(a.brought.map(({ piece }) => piece))).toEqual(new Set([0, 1, 2]));
    expect(a.brought).toHaveLength(3);
    expect(a.brought.flatMap(({ targets }) => targets).toSorted()).toEqual(many);
    expect(b.brought).toEqual([]);
    expect(a.beats.length).toBeGreaterThan(19);
    for (const sent of [...a.beats, ...b.beats]) expect(JSON.stringify(sent).length).toBeLessThan(300);
  });

  it('are cut alike by pods that have them in another order', async () => {
    const world = testWorld();
    const cut = async (pod: string, ids: readonly string[]): Promise<Map<number, readonly string[]>> => {
      world.memory.flush();
      const one = member(world, pod, 'p1', ids);
      await beat(one);
      await one.membership.leave();
      return new Map(one.brought.map(({ piece, targets }) => [piece, targets]));
    };
    expect(await cut('pod_a', many)).toEqual(await cut('pod_b', many.toReversed()));
  });

  it('are uploaded by pods that start together, each from another piece, so that none uploads all', async () => {
    const world = testWorld();
    const pods = Array.from({ length: 12 }, (_, index) => member(world, `pod_${index}`, 'p1', many));
    for (const { membership } of pods) membership.beat();
    await settled();
    expect(new Set(pods.map(({ brought }) => brought[0]?.piece))).toEqual(new Set([0, 1, 2]));
    for (const { brought } of pods) expect(brought.length).toBeLessThan(3);
  });

  it('are uploaded again after the store lost them', async () => {
    const world = testWorld();
    const [a, b] = [member(world, 'pod_a', 'p1', many), member(world, 'pod_b', 'p2', ['x'])];
    await beat(a, b, a);
    world.memory.flush();
    await beat(a);
    expect(a.brought).toHaveLength(6);
    await beat(b);
    expect(b.membership.otherAbleIds(many[7]!)).toEqual(['pod_a']);
  });

  it('are read again soon, and logged, if a heartbeat came before the list', async () => {
    const world = testWorld();
    const held: (() => void)[] = [];
    const slow = (store: FleetStore): FleetStore =>
      storeWith(store, {
        writeTargets: async (input) => {
          await new Promise<void>((resolve) => void held.push(resolve));
          return await store.writeTargets(input);
        },
      });
    const next = member(world, 'pod_b', 'p2', ['a', 'b'], slow);
    const old = member(world, 'pod_a', 'p1', ['a']);
    await beat(next, old);
    expect(old.membership.members).toHaveLength(2);
    expect(old.membership.otherAbleIds('a')).toEqual([]);
    for (const go of held) go();
    const before = old.told();
    await world.pass(600, 100);
    expect(old.membership.otherAbleIds('a')).toEqual(['pod_b']);
    expect(old.told()).toBe(before + 1);
  });

  it('are not read at the short interval forever if no pod uploads them', async () => {
    const world = testWorld();
    const mute = (store: FleetStore): FleetStore => storeWith(store, { writeTargets: () => new Promise(() => {}) });
    const [old, next] = [member(world, 'pod_a', 'p1', ['a']), member(world, 'pod_b', 'p2', ['a'], mute)];
    await beat(next, old);
    await world.pass(1_000, 100);
    const before = old.beats.length;
    await world.pass(30_000, 100);
    expect(old.beats.length - before).toBe(10);
  });

  it('are kept while a member has their hash, and dropped then (the lists of every deploy pile up)', async () => {
    const world = testWorld();
    const old = member(world, 'pod_a', 'p1', ['a']);
    const next = member(world, 'pod_b', 'p2', ['a']);
    await beat(old, next, old, old);
    expect(old.asked).toEqual(['p2 0']);
    await next.membership.leave();
    await beat(old);
    const kept = [...world.memory.texts('pods').keys()].filter((field) => /^(!targets|pod_)/.test(field));
    expect(kept.toSorted()).toEqual(['!targets:p1', '!targets:p1:0/1', 'pod_a']);
    const again = member(world, 'pod_c', 'p2', ['b']);
    await beat(again, old);
    expect(old.asked).toEqual(['p2 0', 'p2 0']);
    expect(old.membership.otherAbleIds('a')).toEqual([]);
    expect(old.membership.otherAbleIds('b')).toEqual(['pod_c']);
  });

  it('do not let an older heartbeat, whose lists took long to read, overrule a newer one', async () => {
    const world = testWorld();
    const held: (() => void)[] = [];
    const slow = (store: FleetStore): FleetStore =>
      storeWith(store, {
        readTargets: async (hash, piece) => {
          if (held.length === 0) await new Promise<void>((resolve) => void held.push(resolve));
          return await store.readTargets(hash, piece);
        },
      });
    const next = member(world, 'pod_b', 'p2', ['a']);
    const old = member(world, 'pod_a', 'p1', ['a'], slow);
    await beat(next, old);
    await next.membership.leave();
    await beat(old);
    expect(old.membership.members.map(({ pod }) => pod)).toEqual(['pod_a']);
    for (const go of held) go();
    await settled();
    expect(old.membership.members.map(({ pod }) => pod)).toEqual(['pod_a']);
  });

  it('are logged once at debug if they differ', async () => {
    const world = testWorld();
    const [old, next] = [member(world, 'pod_a', 'p1', ['a']), member(world, 'pod_b', 'p2', ['a', 'b'])];
    await beat(next, old, old, next);
    expect(world.logger.lines).toEqual([
      { level: 'debug', message: 'Other pods have a different target list: pod_b: 2 targets, hash p2' },
      { level: 'debug', message: 'Other pods have a different target list: pod_a: 1 target, hash p1' },
    ]);
  });
});
