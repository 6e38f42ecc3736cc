import { describe, it } from 'vitest';
import { requireRedis } from '../../src/testing/index.ts';
import { expectSound, HISTORY_LIMIT_MS, seeds } from './expect-sound.ts';
import { clockOfServers } from './programs.ts';
import { startSingle } from './stand/single.ts';

describe('a fleet on one Redis', () => {
  it.each(seeds())('keeps its promises through every fault, seed %i', { timeout: HISTORY_LIMIT_MS }, async (seed) => {
    await expectSound({
      topology: 'redis',
      seed,
      startStore: async () => startSingle(await requireRedis(), clockOfServers()),
    });
  });
});
