import { describe, expect, it } from 'vitest';
import { settled, testWorld } from '../../test/support/fleet-parts.ts';
import { follow } from '../../test/support/following.ts';
import type { HoldRequest } from '../ports/index.ts';

const NOT_OURS =
  "Dropped 1000 rows on the fleet's channel within a minute: not of this pod's targets, or too many; the last one: ";

describe('a flood on the channel', () => {
  it('of places that this pod does not list is dropped, with one line a minute', async () => {
    const world = testWorld();
    const { follower, view, read } = follow(world);
    follower.start();
    await settled();
    const store = world.memory.open();
    const flood = async (name: string): Promise<void> => {
      for (let i = 0; i < 1_500; i += 1) {
        const hold: HoldRequest = { place: `${name}${i}`, kind: 'drain', until: null, by: 'x', reason: 'y' };
        // oxlint-disable-next-line no-await-in-loop -- one event each
        await store.hold({ pod: 'x', notAfter: Infinity, newEpoch: 'e', holds: [hold] });
      }
      await settled();
    };
    await flood('one');
    expect(view.holds.all()).toEqual([]);
    await flood('two');
    const warned = (): string[] =>
      world.logger.lines.flatMap(({ level, message }) => (level === 'warn' ? message : []));
    expect(warned()).toEqual([`${NOT_OURS}one999`]);
    await world.pass(61_000, 1_000);
    await flood('three');
    expect(warned()).toEqual([`${NOT_OURS}one999`, `${NOT_OURS}three999`]);
    expect(read.map(({ why }) => why)).toEqual(['start']);
    await follower.stop();
  });

  it('of holds on all probing is cut short, and what the store holds then is read', async () => {
    const world = testWorld();
    const { follower, view, read, applied } = follow(world);
    follower.start();
    await settled();
    const store = world.memory.open();
    const decide = async (reason: string): Promise<void> => {
      const hold: HoldRequest = { place: '*', kind: 'pause', until: null, by: 'x', reason };
      await store.hold({ pod: 'x', notAfter: Infinity, newEpoch: 'e', holds: [hold] });
    };
    // oxlint-disable-next-line no-await-in-loop -- in their order
    for (let i = 0; i < 1_000; i += 1) await decide(`number ${i}`);
    await settled();
    const told = applied.filter((event) => event.kind === 'hold' && event.holds.length > 0);
    expect(told.length).toBeLessThan(200);
    await world.pass(10_000, 100);
    expect(read.map(({ why }) => why)).toEqual(['start', 'a flood on the channel']);
    expect(view.holds.probing?.reason).toBe('number 999');
    await follower.stop();
  });
});
