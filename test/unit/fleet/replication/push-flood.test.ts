import { describe, expect, it } from 'vitest';
import { settled, storeWith, testWorld } from '../../../support/fleet-parts.ts';
import { replicating } from '../../../support/replicating.ts';
import type { FleetEvent, HoldRequest } from '../../../../src/ports/index.ts';
import { wantedOf } from '../../../../src/store/format/index.ts';

const HOLD = { kind: 'pause', until: null, by: 'x', reason: 'forged' } as const;

const NOT_OURS =
  "Ignored 1000 results received on the fleet's channel within a minute: this pod does not have their targets; the last one: ";
const ADVICE = ". To fix: compare the pods' model lists, and restrict the channel to the pods' user";

describe('a flood on the channel', () => {
  it('of places that this pod does not list is dropped, with one line a minute', async () => {
    const world = testWorld();
    const { replicator, replica, read } = replicating(world);
    replicator.start();
    await settled();
    const store = world.memory.open();
    const flood = async (name: string): Promise<void> => {
      for (let i = 0; i < 1_500; i += 1) {
        const hold: HoldRequest = { key: `${name}${i}`, kind: 'drain', until: null, by: 'x', reason: 'y' };
        // oxlint-disable-next-line no-await-in-loop -- one event each
        await store.hold({ pod: 'x', notAfter: Infinity, newEpoch: 'e', holds: [hold] });
      }
      await settled();
    };
    await flood('one');
    expect(replica.holds.all()).toEqual([]);
    await flood('two');
    const warned = (): string[] =>
      world.logger.lines.flatMap(({ level, message }) => (level === 'warn' ? message : []));
    expect(warned()).toEqual([`${NOT_OURS}one999${ADVICE}`]);
    await world.pass(61_000, 1_000);
    await flood('three');
    expect(warned()).toEqual([`${NOT_OURS}one999${ADVICE}`, `${NOT_OURS}three999${ADVICE}`]);
    expect(read.map(({ why }) => why)).toEqual(['start']);
    await replicator.stop();
  });

  it('of holds on all probing costs four reads of the holds a second, and what the store holds then counts', async () => {
    const world = testWorld();
    let reads = 0;
    const inner = world.memory.open();
    const counted = storeWith(inner, {
      readHolds: async (places) => {
        reads += 1;
        return await inner.readHolds(places);
      },
    });
    const { replicator, replica, read } = replicating(world, counted);
    replicator.start();
    await settled();
    const store = world.memory.open();
    const decide = async (reason: string): Promise<void> => {
      const hold: HoldRequest = { key: '*', kind: 'pause', until: null, by: 'x', reason };
      await store.hold({ pod: 'x', notAfter: Infinity, newEpoch: 'e', holds: [hold] });
    };
    const before = reads;
    for (let i = 0; i < 1_000; i += 1) {
      // oxlint-disable-next-line no-await-in-loop -- in their order
      await decide(`number ${i}`);
      // oxlint-disable-next-line no-await-in-loop -- as above
      await world.pass(2, 2);
    }
    await world.pass(300, 10);
    expect(replica.holds.probing?.reason).toBe('number 999');
    expect(reads - before).toBeLessThanOrEqual(11);
    expect(read.map(({ why }) => why)).toEqual(['start']);
    await replicator.stop();
  });
});

describe('a hold that the channel announces', () => {
  const forged: FleetEvent = {
    kind: 'hold',
    epoch: 'e',
    seq: 1,
    at: 1,
    pod: 'x',
    holds: [{ key: '*', stored: { kind: 'hold', hold: { ...HOLD, version: 7 } } }],
  };

  it('counts for nothing where the store does not hold it', async () => {
    const { world, replicator, replica, publish } = await hinted();
    publish(forged);
    await world.pass(1_000, 50);
    expect(replica.holds.all()).toEqual([]);
    await replicator.stop();
  });

  it('is read at once, and what came while it was read a little later', async () => {
    const { world, replicator, replica, hint } = await hinted();
    world.memory.plant('holds', '*', `7 pause 0 {"by":"x","reason":"first"}`);
    hint();
    await settled();
    expect(replica.holds.probing?.reason).toBe('first');
    world.memory.plant('holds', '*', `8 none 0 {"by":"x","reason":"second"}`);
    hint();
    await world.pass(249, 1);
    expect(replica.holds.probing?.reason).toBe('first');
    await world.pass(2, 1);
    expect(replica.holds.probing?.reason).toBe('second');
    await replicator.stop();
  });

  it('is read again if another message came during the read', async () => {
    const { world, replicator, replica, hint, slow } = await hinted();
    world.memory.plant('holds', '*', `7 pause 0 {"by":"x","reason":"first"}`);
    slow.ms = 100;
    hint();
    await world.pass(50, 10);
    world.memory.plant('holds', '*', `8 none 0 {"by":"x","reason":"second"}`);
    hint();
    await world.pass(100, 10);
    expect(replica.holds.probing?.reason).toBe('first');
    await world.pass(400, 10);
    expect(replica.holds.probing?.reason).toBe('second');
    await replicator.stop();
  });

  it('is read once the store answers again', async () => {
    const { world, replicator, replica, hint, failing } = await hinted();
    world.memory.plant('holds', '*', `7 pause 0 {"by":"x","reason":"first"}`);
    failing.now = true;
    hint();
    await settled();
    failing.now = false;
    await world.pass(1_100, 50);
    expect(replica.holds.probing?.reason).toBe('first');
    await replicator.stop();
    expect(world.clock.pending()).toBe(0);
  });
});

/** A follower that read everything, and a channel on which anything can be published. */
async function hinted() {
  const world = testWorld();
  const inner = world.memory.open();
  const [failing, slow] = [{ now: false }, { ms: 0 }];
  let [publish, hint]: [(event: FleetEvent) => void, () => void] = [() => undefined, () => undefined];
  const store = storeWith(inner, {
    readHolds: async (places) => {
      if (failing.now) return { kind: 'lost', loss: { code: 'timeout', message: 'no answer' } };
      const answer = await inner.readHolds(places);
      if (slow.ms > 0) await new Promise<void>((resolve) => void world.clock.setTimer(slow.ms, resolve));
      return answer;
    },
    subscribe: async (listener) => {
      publish = (event) => listener.event(wantedOf(event, listener.wants));
      hint = () => void listener.wants?.('hold', '*');
      return await inner.subscribe(listener);
    },
  });
  const following = replicating(world, store);
  following.replicator.start();
  await settled();
  return { world, ...following, failing, slow, publish: (event: FleetEvent) => publish(event), hint: () => hint() };
}
