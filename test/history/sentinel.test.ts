import { describe, it } from 'vitest';
import { expectSound, HISTORY_LIMIT_MS, seeds } from './expect-sound.ts';
import { startSentinelStore } from './stand/sentinel.ts';

describe('a fleet behind a Sentinel', () => {
  it.each(seeds())('keeps its promises through every fault, seed %i', { timeout: HISTORY_LIMIT_MS }, async (seed) => {
    await expectSound({ topology: 'sentinel', seed, startStore: startSentinelStore });
  });
});
