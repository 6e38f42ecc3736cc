import { afterAll, afterEach, beforeAll } from 'vitest';
import { openStand } from './stand.ts';
import type { Stand, StandShape } from './stand.ts';

/**
 * A stand for all tests of a file: they are one story and run in its order, for LiteLLM takes long to start. When one
 * fails, what the pods said is shown.
 */
export function sharedStand(shape: StandShape, prepare?: (stand: Stand) => Promise<unknown>): () => Stand {
  let stand: Stand | undefined;
  beforeAll(async () => {
    stand = await openStand(shape);
    await prepare?.(stand);
  }, START_LIMIT_MS);
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.log(stand?.story().split('\n').slice(-MOST_LINES).join('\n'));
  });
  afterAll(async () => await stand?.stop());
  return () => {
    if (stand === undefined) throw new Error('the stand has not started');
    return stand;
  };
}

const START_LIMIT_MS = 300_000;
const MOST_LINES = 600;
