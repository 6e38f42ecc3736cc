import { describe, expect, it } from 'vitest';
import { settled, testWorld } from '../../../support/fleet-parts.ts';
import type { TestWorld } from '../../../support/fleet-parts.ts';
import { commit, replicating, storeVersion } from '../../../support/replicating.ts';

/** Somebody publishes what is no event, twenty times a second. */
async function flood({ memory, pass }: TestWorld, forMs: number): Promise<void> {
  for (let left = forMs; left > 0; left -= 50) {
    memory.publishGarbage(`junk ${left}`);
    // oxlint-disable-next-line no-await-in-loop -- time passes between two messages
    await pass(50, 50);
  }
}

const warned = ({ logger }: TestWorld): string[] =>
  logger.lines.flatMap(({ level, message }) => (level === 'warn' ? [message] : []));

describe('an unreadable message on the channel', () => {
  it('is logged at once and causes one resync', async () => {
    const world = testWorld();
    const { replicator, read } = replicating(world);
    replicator.start();
    await world.pass(10_000, 100);
    world.memory.publishGarbage('what?');
    await settled();
    await world.pass(120_000, 1_000);
    expect(read.map(({ why }) => why)).toEqual(['start', 'garbage on the channel']);
    expect(read[1]!.atMs).toBe(10_000);
    expect(warned(world)).toEqual([
      "Ignored a message on the fleet's channel that does not parse: what?. To fix: find the client that publishes there, or finish the deploy",
    ]);
    await replicator.stop();
  });

  it('costs one line a minute that counts the rest, however much of it there is (a flood that fills the log)', async () => {
    const world = testWorld();
    const { replicator } = replicating(world);
    replicator.start();
    await settled();
    await flood(world, 150_000);
    await world.pass(180_000, 1_000);
    // 3,000 messages: the first, those within a minute of it, those of the second minute, and the rest.
    expect(warned(world)).toEqual([
      "Ignored a message on the fleet's channel that does not parse: junk 150000. To fix: find the client that publishes there, or finish the deploy",
      "Ignored 1199 more messages on the fleet's channel that do not parse; the last one: junk 90050. To fix: restrict the channel to the pods' user",
      "Ignored 1200 more messages on the fleet's channel that do not parse; the last one: junk 30050. To fix: restrict the channel to the pods' user",
      "Ignored 600 more messages on the fleet's channel that do not parse; the last one: junk 50. To fix: restrict the channel to the pods' user",
    ]);
    world.memory.publishGarbage('again');
    expect(warned(world)).toHaveLength(5);
    await replicator.stop();
  });

  it('makes the pod read everything every five seconds at most (a flood that reads the store to death)', async () => {
    const world = testWorld();
    const { replicator, read } = replicating(world);
    replicator.start();
    await settled();
    await flood(world, 60_000);
    const distances = read.slice(1).map(({ atMs }, i) => atMs - read[i]!.atMs);
    expect(read.length).toBeGreaterThanOrEqual(12);
    expect(Math.min(...distances)).toBeGreaterThanOrEqual(5_000);
    await replicator.stop();
  });

  it('hides no event: what it took the place of is read at the next one', async () => {
    const world = testWorld();
    let garbled = false;
    const { replicator, replica } = replicating(
      world,
      withGarbler(world, () => garbled),
    );
    replicator.start();
    await flood(world, 1_000);
    garbled = true;
    await commit(world);
    expect(replica.version('aa')).toBe(0);
    garbled = false;
    await commit(world, 'bb');
    await settled();
    expect(replica.version('aa')).toBe(storeVersion(world));
    await replicator.stop();
  });
});

/** A store whose events arrive garbled now and then. */
function withGarbler({ memory }: TestWorld, garbled: () => boolean): ReturnType<TestWorld['memory']['open']> {
  const inner = memory.open();
  return {
    ...inner,
    subscribe: (listener) =>
      inner.subscribe({
        ...listener,
        event: (event) => (garbled() ? listener.garbage('%@!') : listener.event(event)),
      }),
  };
}
