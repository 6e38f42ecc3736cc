import { afterAll, afterEach, beforeAll } from 'vitest';
import type { TestContext } from 'vitest';
import { startFleet } from './fleet.ts';
import type { FleetShape, TestFleet } from './fleet.ts';

const MOST_LINES = 400;

/** A fleet for one test; gone after it, also when the test fails, and then its log is shown. */
export async function fleetFor(test: TestContext, shape: FleetShape): Promise<TestFleet> {
  const fleet = await startFleet(shape);
  test.onTestFinished(async () => await fleet.stop(), STOP_LIMIT_MS);
  test.onTestFailed(() => tell(fleet));
  return fleet;
}

/** A fleet for all tests of the surrounding `describe`. */
export function sharedFleet(shape: FleetShape, prepare?: (fleet: TestFleet) => Promise<void> | void): () => TestFleet {
  let fleet: TestFleet | undefined;
  beforeAll(async () => {
    fleet = await startFleet(shape);
    await prepare?.(fleet);
  });
  afterEach(({ task }) => {
    if (task.result?.state === 'fail' && fleet !== undefined) tell(fleet);
  });
  afterAll(async () => await fleet?.stop());
  return () => {
    if (fleet === undefined) throw new Error('the fleet has not started');
    return fleet;
  };
}

const STOP_LIMIT_MS = 30_000;

function tell(fleet: TestFleet): void {
  const lines = fleet.story().split('\n');
  const left = lines.length > MOST_LINES ? `… ${lines.length - MOST_LINES} lines before\n` : '';
  console.log(`log of the pods:\n${left}${lines.slice(-MOST_LINES).join('\n')}`);
}
