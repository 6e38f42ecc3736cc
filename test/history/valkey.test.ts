import { describe, it } from 'vitest';
import { expectSound, HISTORY_LIMIT_MS, seeds } from './expect-sound.ts';
import { clockOfServers, valkeyProgram } from './programs.ts';
import { startSingle } from './stand/single.ts';

describe('a fleet on one Valkey', () => {
  it.each(seeds())('keeps its promises through every fault, seed %i', { timeout: HISTORY_LIMIT_MS }, async (seed) => {
    await expectSound({ topology: 'valkey', seed, startStore: () => startSingle(valkeyProgram(), clockOfServers()) });
  });
});
