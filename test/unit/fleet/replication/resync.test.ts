import { beforeEach, describe, expect, it } from 'vitest';
import { factsOf, okProbe, settled, storeWith, testWorld } from '../../../support/fleet-parts.ts';
import type { TestWorld } from '../../../support/fleet-parts.ts';
import { commit, replicating as followed, storeVersion } from '../../../support/replicating.ts';
import type { Replicating } from '../../../support/replicating.ts';
import type { FleetEvent, FleetStore, StoreListener } from '../../../../src/ports/index.ts';

/** More than one page holds. */
const TARGETS = Array.from({ length: 250 }, (_, i) => `target${i}`);

describe('reading everything in more than one page', () => {
  let world: TestWorld;
  beforeEach(async () => {
    world = testWorld();
    await commit(world);
    await commitAll(world);
  });

  it('reads the last page as well as the first', async () => {
    const { replicator, replica } = follow(world);
    replicator.start();
    await settled();
    expect([...replica.known()]).toHaveLength(TARGETS.length + 1);
    await replicator.stop();
  });

  it('has a commit between two pages from the channel at once, and takes no data for lost', async () => {
    const { replicator, replica, synced } = follow(
      world,
      between(world, () => commit(world)),
    );
    replicator.start();
    await settled();
    expect(replica.version('aa')).toBe(storeVersion(world));
    await world.pass(2_000, 100);
    expect(synced).toEqual([false]);
    await replicator.stop();
  });

  it('finds a commit between two pages whose event is lost (the sequence noted after the pages)', async () => {
    let deaf = true;
    const store = between(world, () => commit(world));
    const { replicator, circuit, replica } = follow(
      world,
      pushedEvents(store, () => !deaf),
    );
    replicator.start();
    await settled();
    deaf = false;
    expect(replica.version('aa')).toBeLessThan(storeVersion(world));
    // The next answer, whatever it is to, shows a sequence ahead of what was applied.
    await circuit.call('time', (one) => one.time());
    await world.pass(2_000, 100);
    expect(replica.version('aa')).toBe(storeVersion(world));
    await replicator.stop();
  });

  it('counts for nothing where the data changed between two pages, and is done again', async () => {
    const changing = between(world, async () => {
      world.memory.flush();
      await commit(world, 'bb');
    });
    const { replicator, replica, read } = follow(world, changing);
    replicator.start();
    await settled();
    expect(read).toEqual([]);
    await world.pass(3_000, 50);
    expect(read).toHaveLength(1);
    expect(replica.version('bb')).toBe(storeVersion(world, 'bb'));
    await replicator.stop();
  });

  it('drops records that the store has deleted while no events came', async () => {
    let deaf = false;
    const { replicator, replica } = follow(
      world,
      pushedEvents(world.memory.open(), () => !deaf),
    );
    replicator.start();
    await settled();
    deaf = true;
    const store = world.memory.open();
    const records = [{ target: 'target7', version: storeVersion(world, 'target7') }];
    expect(await store.sweep({ pod: 'pod_b', notAfter: world.storeNow(), records })).toMatchObject({
      value: ['target7'],
    });
    replicator.resync('as a precaution');
    await settled();
    expect(replica.record('target7')).toBeUndefined();
    expect(replica.record('target8')).toBeDefined();
    await replicator.stop();
  });

  it('takes older records for a loss where later commits have made up for it in the sequence', async () => {
    let deaf = false;
    const { replicator, replica, synced } = follow(
      world,
      pushedEvents(world.memory.open(), () => !deaf),
    );
    replicator.start();
    await settled();
    const before = world.memory.texts('records').get('aa') ?? '';
    await commit(world);
    const known = replica.version('aa');
    deaf = true;
    world.memory.plant('records', 'aa', before);
    await commit(world, 'cc');
    replicator.resync('as a precaution');
    await settled();
    expect(synced).toEqual([false, true]);
    expect(replica.version('aa')).toBeLessThan(known);
    expect(replica.takeLost().map(([target]) => target)).toContain('aa');
    await replicator.stop();
  });
});

/** A follower that lists all of them. */
function follow(world: TestWorld, store: FleetStore = world.memory.open()): Replicating {
  return followed(world, store, ['aa', 'bb', 'cc', ...TARGETS]);
}

/** Another pod commits a good probe of each target. */
async function commitAll(world: TestWorld): Promise<void> {
  const now = world.storeNow();
  for (let from = 0; from < TARGETS.length; from += 50) {
    const commits = TARGETS.slice(from, from + 50).map((target) => ({
      target,
      expectedVersion: 0,
      evidenceAt: now,
      nextDueAt: now + 10_000_000,
      facts: factsOf(okProbe(now, { pod: 'pod_b' })),
    }));
    await world.memory.open().commit({ pod: 'pod_b', notAfter: now, newEpoch: 'later', commits });
  }
}

/** A store in which something happens once, after the first page was read and before the second. */
function between({ memory }: TestWorld, happens: () => Promise<void>): FleetStore {
  const inner = memory.open();
  let waiting = true;
  return storeWith(inner, {
    readRecords: async (page) => {
      if (!page.includes('aa') && waiting) {
        waiting = false;
        await happens();
      }
      return await inner.readRecords(page);
    },
  });
}

/** A store whose channel delivers only while `hears`. */
function pushedEvents(inner: FleetStore, hears: (event: FleetEvent) => boolean): FleetStore {
  return storeWith(inner, {
    subscribe: async (listener: StoreListener) =>
      await inner.subscribe({ ...listener, event: (event) => hears(event) && listener.event(event) }),
  });
}
