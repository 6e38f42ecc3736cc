import { describe, it } from 'vitest';
import { expectSound, HISTORY_LIMIT_MS, seeds } from './expect-sound.ts';
import { startClusterStore } from './stand/cluster.ts';

describe('a fleet on a Redis Cluster', () => {
  it.each(seeds())('keeps its promises through every fault, seed %i', { timeout: HISTORY_LIMIT_MS }, async (seed) => {
    await expectSound({ topology: 'cluster', seed, startStore: startClusterStore });
  });
});
