import type { Clock } from '../ports/index.ts';

const STEP_MS = 20;

/** Waits until `condition` holds, at most `withinMs`. */
export async function waitFor(clock: Clock, condition: () => boolean, withinMs: number): Promise<void> {
  const deadlineMs = clock.monotonicMs() + withinMs;
  while (!condition() && clock.monotonicMs() < deadlineMs) {
    // oxlint-disable-next-line no-await-in-loop -- a bounded wait
    await new Promise<void>((resolve) => {
      clock.setTimer(STEP_MS, resolve);
    });
  }
}
