import { beforeEach, describe, expect, it } from 'vitest';
import { commit, replicating, storeVersion, withFilteredChannel } from '../../../support/replicating.ts';
import { settled, storeWith, testWorld } from '../../../support/fleet-parts.ts';
import type { TestWorld } from '../../../support/fleet-parts.ts';

describe('the follower', () => {
  let world: TestWorld;
  beforeEach(() => {
    world = testWorld();
  });

  it('reads what is there and then applies what is pushed', async () => {
    await commit(world);
    const { replicator, replica, synced } = replicating(world);
    replicator.start();
    await settled();
    expect(replica.version('aa')).toBe(storeVersion(world));
    await commit(world);
    await commit(world, 'bb');
    expect(replica.version('aa')).toBe(storeVersion(world));
    expect(replica.version('bb')).toBe(storeVersion(world, 'bb'));
    expect(synced.every((dataLost) => !dataLost)).toBe(true);
    await replicator.stop();
  });

  it('notices a hole in the sequence and reads everything again', async () => {
    const { replicator, replica, synced } = replicating(
      world,
      withFilteredChannel(world, (event) => event.kind !== 'commit' || event.seq !== 2),
    );
    replicator.start();
    await settled();
    const before = synced.length;
    await commit(world, 'aa');
    await commit(world, 'bb');
    await commit(world, 'cc');
    await settled();
    expect(replica.version('bb')).toBe(storeVersion(world, 'bb'));
    expect(synced.length).toBe(before + 1);
    await replicator.stop();
  });

  it('recovers missed events within a second of an answer that is ahead of the applied events', async () => {
    const { replicator, replica } = replicating(
      world,
      withFilteredChannel(world, () => false),
    );
    replicator.start();
    await settled();
    await commit(world);
    expect(replica.version('aa')).toBe(0);
    replicator.answered({ epoch: '', seq: 1, now: world.storeNow() }, 0);
    await world.pass(1_010);
    expect(replica.version('aa')).toBe(storeVersion(world));
    await replicator.stop();
  });

  it('replaces a channel that does not answer its ping', async () => {
    const inner = world.memory.open();
    let opened = 0;
    const store = storeWith(inner, {
      subscribe: async (listener) => {
        opened += 1;
        if (opened > 1) return await inner.subscribe(listener);
        const hung = { kind: 'lost', loss: { code: 'timeout', message: 'no answer in time' } } as const;
        const ping = async (): Promise<typeof hung> => await Promise.resolve(hung);
        return { kind: 'subscribed', subscription: { ping, close: async () => await Promise.resolve() } };
      },
    });
    const { replicator, replica } = replicating(world, store);
    replicator.start();
    await world.pass(5_000, 50);
    expect(opened).toBe(2);
    await commit(world);
    expect(replica.version('aa')).toBe(storeVersion(world));
    await replicator.stop();
  });

  it('takes a lower sequence in an answer for a store that lost its last writes', async () => {
    const { replicator, replica, synced } = replicating(world);
    replicator.start();
    await settled();
    await commit(world);
    const snapshot = world.memory.snapshot();
    await commit(world);
    world.memory.restore(snapshot);
    replicator.answered({ epoch: replica.epoch, seq: 1, now: world.storeNow() }, 2);
    await settled();
    expect(synced.at(-1)).toBe(true);
    expect(replica.version('aa')).toBe(storeVersion(world));
    await replicator.stop();
  });

  it('notices while it reads everything that the store went back (a failover that also cuts the channel)', async () => {
    const { replicator, replica, synced } = replicating(world);
    replicator.start();
    await settled();
    await commit(world);
    const snapshot = world.memory.snapshot();
    await commit(world);
    world.memory.restore(snapshot);
    replicator.resync('no push channel');
    await settled();
    expect(synced.at(-1)).toBe(true);
    expect(replica.version('aa')).toBe(storeVersion(world));
    expect(replica.takeLost()).toHaveLength(1);
    await replicator.stop();
  });

  it('notices a loss that later writes have hidden from the sequence, by a record older than its own', async () => {
    const { replicator, replica, synced } = replicating(
      world,
      withFilteredChannel(world, () => !deaf),
    );
    let deaf = false;
    replicator.start();
    await settled();
    await commit(world);
    const snapshot = world.memory.snapshot();
    await commit(world);
    deaf = true;
    world.memory.restore(snapshot);
    await commit(world, 'bb');
    await commit(world, 'cc');
    replicator.resync('no push channel');
    await settled();
    expect(synced.at(-1)).toBe(true);
    for (const target of ['aa', 'bb', 'cc']) expect(replica.version(target)).toBe(storeVersion(world, target));
    expect(replica.takeLost().map(([target]) => target)).toEqual(['aa']);
    await replicator.stop();
  });

  it('notices a loss by an event that repeats a sequence it has read past, but happened later', async () => {
    const { replicator, replica, synced } = replicating(world);
    replicator.start();
    await settled();
    await commit(world);
    const snapshot = world.memory.snapshot();
    await commit(world);
    // All of it was read before the store went back; no answer comes before the sequence is level again.
    replicator.resync('as a precaution');
    await settled();
    world.memory.restore(snapshot);
    await commit(world, 'bb');
    await settled();
    expect(synced.at(-1)).toBe(true);
    expect(replica.version('aa')).toBe(storeVersion(world));
    expect(replica.version('bb')).toBe(storeVersion(world, 'bb'));
    await replicator.stop();
  });

  it('ignores an event that was on its way while everything was read', async () => {
    const late: (() => void)[] = [];
    const { replicator, synced, applied } = replicating(
      world,
      withFilteredChannel(world, (_, deliver) => {
        late.push(deliver);
        return false;
      }),
    );
    replicator.start();
    await settled();
    await commit(world);
    world.clock.advance(1);
    replicator.resync('as a precaution');
    await settled();
    const before = synced.length;
    for (const deliver of late) deliver();
    await settled();
    expect(applied).toEqual([]);
    expect(synced).toHaveLength(before);
    await replicator.stop();
  });

  it('does not take a record written while it reads for a loss', async () => {
    const inner = world.memory.open();
    let meanwhile: (() => Promise<void>) | undefined;
    const store = storeWith(inner, {
      readRecords: async (cursor) => {
        const page = await inner.readRecords(cursor);
        await meanwhile?.();
        return page;
      },
    });
    const { replicator, replica, synced } = replicating(world, store);
    replicator.start();
    await settled();
    await commit(world);
    // An answer brings the newer record before the page with the older one has come.
    meanwhile = async () => {
      meanwhile = undefined;
      await commit(world);
      const newer = await inner.readRecords(['aa']);
      if (newer.kind === 'ok') for (const { target, stored } of newer.value) replica.apply(target, stored);
    };
    replicator.resync('as a precaution');
    await settled();
    expect(synced.at(-1)).toBe(false);
    expect(replica.version('aa')).toBe(storeVersion(world));
    await replicator.stop();
  });

  it('keeps a detected loss of data when the resync then fails half way', async () => {
    let broken = false;
    let deaf = false;
    const inner = withFilteredChannel(world, () => !deaf);
    const store = storeWith(inner, {
      readRecords: (cursor) =>
        broken
          ? Promise.resolve({ kind: 'lost', loss: { code: 'timeout', message: 'no answer' } })
          : inner.readRecords(cursor),
    });
    const { replicator, synced } = replicating(world, store);
    replicator.start();
    await settled();
    await commit(world);
    deaf = true;
    world.memory.flush();
    await commit(world, 'bb');
    broken = true;
    replicator.resync('first attempt');
    await settled();
    broken = false;
    synced.length = 0;
    await world.pass(2_000);
    expect(synced).toContain(true);
    await replicator.stop();
  });

  it('subscribes again after the channel broke, and reads what it missed', async () => {
    const { replicator, replica } = replicating(world);
    replicator.start();
    await settled();
    world.memory.dropSubscribers('connection closed');
    await commit(world);
    await world.pass(2_500);
    expect(replica.version('aa')).toBe(storeVersion(world));
    await commit(world);
    expect(replica.version('aa')).toBe(storeVersion(world));
    await replicator.stop();
  });

  it('leaves no timer and no subscription behind', async () => {
    const { replicator, applied } = replicating(world);
    replicator.start();
    await settled();
    await replicator.stop();
    expect(world.clock.pending()).toBe(0);
    await commit(world);
    expect(applied).toEqual([]);
  });
});
