import { describe, expect, it } from 'vitest';
import { hangingStore, settled, storeWith, testWorld } from '../../../support/fleet-parts.ts';
import { commit, replicating, storeVersion } from '../../../support/replicating.ts';
import { seededRandom } from '../../../sim/seeded-random.ts';
import type { StoreListener } from '../../../../src/ports/index.ts';

describe('reading everything', () => {
  it('happens once at the start of a pod, after it has subscribed (everything read twice)', async () => {
    const world = testWorld();
    await commit(world);
    const { replicator, read, replica } = replicating(world);
    replicator.start();
    await world.pass(5_000, 100);
    expect(read.map(({ why }) => why)).toEqual(['start']);
    expect(replica.version('aa')).toBe(storeVersion(world));
    await replicator.stop();
  });

  it('happens once after a broken channel was opened again, and misses nothing (everything read twice)', async () => {
    const world = testWorld();
    const { replicator, read, replica } = replicating(world);
    replicator.start();
    await settled();
    world.memory.dropSubscribers('connection closed');
    await settled();
    await commit(world);
    await world.pass(10_000, 100);
    expect(read.map(({ why }) => why)).toEqual(['start', 'the push channel broke']);
    expect(replica.version('aa')).toBe(storeVersion(world));
    await commit(world);
    expect(replica.version('aa')).toBe(storeVersion(world));
    await replicator.stop();
  });

  it('waits for the channel: a commit that neither the pages nor a push would have brought is not missed', async () => {
    const world = testWorld();
    const inner = world.memory.open();
    let open: (() => void) | undefined;
    const store = storeWith(inner, {
      subscribe: async (listener) => {
        await new Promise<void>((resolve) => (open = resolve));
        return await inner.subscribe(listener);
      },
    });
    const { replicator, read, replica } = replicating(world, store);
    replicator.start();
    await world.pass(50);
    await commit(world);
    open?.();
    await world.pass(900);
    expect(replica.version('aa')).toBe(storeVersion(world));
    expect(read).toHaveLength(1);
    await replicator.stop();
  });

  it('happens once when the store is back and the channel with it (everything read twice, or thrice)', async () => {
    const world = testWorld();
    const hanging = hangingStore(world.clock, world.memory.open());
    const { replicator, circuit, read, replica } = replicating(world, hanging.store);
    replicator.start();
    await settled();
    hanging.hung = true;
    world.memory.dropSubscribers('connection reset');
    await world.pass(30_000, 50);
    expect(circuit.available).toBe(false);
    expect(read).toHaveLength(1);
    await commit(world);
    hanging.hung = false;
    await world.pass(10_000, 50);
    expect(circuit.available).toBe(true);
    expect(read.map(({ why }) => why)).toEqual(['start', 'Redis is back']);
    expect(replica.version('aa')).toBe(storeVersion(world));
    await commit(world);
    expect(replica.version('aa')).toBe(storeVersion(world));
    await replicator.stop();
  });

  it('serves a store that came back with the first answer of this very reading', async () => {
    const world = testWorld();
    const hanging = hangingStore(world.clock, world.memory.open());
    const { replicator, circuit, read } = replicating(world, hanging.store);
    hanging.hung = true;
    // One failure: the circuit is still closed, so that a reading may be the first to be answered.
    await Promise.all([circuit.call('time', (store) => store.time()), world.pass(260)]);
    hanging.hung = false;
    replicator.start();
    await world.pass(10_000, 50);
    expect(read.map(({ why }) => why)).toEqual(['start']);
    await replicator.stop();
  });

  it('starts again for a loss after its start', async () => {
    const world = testWorld();
    const inner = world.memory.open();
    let meanwhile: (() => void) | undefined;
    const store = storeWith(inner, {
      readRecords: async (cursor) => {
        meanwhile?.();
        return await inner.readRecords(cursor);
      },
    });
    const { replicator, read } = replicating(world, store);
    meanwhile = () => {
      meanwhile = undefined;
      replicator.storeReachable();
    };
    replicator.start();
    await world.pass(1_000);
    expect(read.map(({ why }) => why)).toEqual(['start', 'Redis is back']);
    await replicator.stop();
  });

  it('continues without a channel, and opens one as soon as possible', async () => {
    const world = testWorld();
    const inner = world.memory.open();
    let forbidden = true;
    const store = storeWith(inner, {
      subscribe: async (listener: StoreListener) =>
        forbidden
          ? { kind: 'lost', loss: { code: 'no-permission', message: 'NOPERM' } }
          : await inner.subscribe(listener),
    });
    const { replicator, read, replica } = replicating(world, store);
    replicator.start();
    await settled();
    expect(read).toHaveLength(1);
    await commit(world);
    await world.pass(2_500, 50);
    expect(replica.version('aa')).toBe(storeVersion(world));
    forbidden = false;
    await world.pass(2_500, 50);
    const before = read.length;
    await commit(world);
    expect(replica.version('aa')).toBe(storeVersion(world));
    await world.pass(60_000, 100);
    expect(read).toHaveLength(before);
    await replicator.stop();
  });
});

describe('an event that affects all pods at once', () => {
  const causes = [
    { name: 'a flush', strike: (memory: ReturnType<typeof testWorld>['memory']) => memory.flush() },
    {
      name: 'the end of all channels',
      strike: (memory: ReturnType<typeof testWorld>['memory']) => memory.dropSubscribers('killed'),
    },
    {
      name: 'garbage',
      strike: (memory: ReturnType<typeof testWorld>['memory']) => memory.publishGarbage('junk'),
    },
  ];

  it.each(causes)(
    'is answered by a large fleet over two seconds: $name (a thousand pods read at once)',
    async (cause) => {
      const { at, world, pods } = await struck(200, cause.strike);
      expect(at).toHaveLength(200);
      const busiest = Math.max(...at.map((from) => at.filter((ms) => ms >= from && ms < from + 200).length));
      // A tenth of the time, a tenth of the pods; at random, so a few more.
      expect(busiest).toBeLessThanOrEqual(50);
      expect(Math.max(...at) - Math.min(...at)).toBeGreaterThan(1_500);
      for (const { replica } of pods) expect(replica.version('bb')).toBe(storeVersion(world, 'bb'));
      for (const { replicator } of pods) await replicator.stop();
    },
  );

  it('is answered by three pods within 60 ms', async () => {
    const { at, pods, struckMs } = await struck(3, (memory) => memory.flush());
    expect(at).toHaveLength(3);
    expect(Math.max(...at) - struckMs).toBeLessThanOrEqual(61);
    for (const { replicator } of pods) await replicator.stop();
  });

  it('holds up no event that comes while a pod waits for its turn after a loss of data', async () => {
    const { world, pods } = await struck(100, (memory) => memory.flush(), 100);
    const waiting = pods.filter(({ read }) => read.length === 1);
    expect(waiting.length).toBeGreaterThan(50);
    for (const target of ['cc', 'dd']) await commit(world, target);
    for (const { replica } of waiting) {
      for (const target of ['cc', 'dd']) expect(replica.version(target)).toBe(storeVersion(world, target));
    }
    await world.pass(2_500, 20);
    for (const { replica, synced } of pods) {
      for (const target of ['bb', 'cc', 'dd']) expect(replica.version(target)).toBe(storeVersion(world, target));
      expect(synced).toEqual([false, true]);
      expect(replica.takeLost().map(([target]) => target)).toEqual(['aa']);
    }
    for (const { replicator } of pods) await replicator.stop();
  });
});

/** A fleet of followers to which something happens, followed by a commit; when each of them then read everything. */
async function struck(count: number, strike: (memory: ReturnType<typeof testWorld>['memory']) => void, waitMs = 4_000) {
  const world = testWorld();
  await commit(world);
  const pods = Array.from({ length: count }, (_, i) => replicating({ ...world, pods: count, random: seededRandom(i) }));
  for (const { replicator } of pods) replicator.start();
  await world.pass(10_000, 500);
  const struckMs = world.clock.monotonicMs();
  strike(world.memory);
  await commit(world, 'bb');
  await world.pass(waitMs, 5);
  const at = pods.flatMap(({ read }) => read.flatMap(({ atMs }) => (atMs >= struckMs ? [atMs] : [])));
  return { world, pods, at, struckMs };
}
