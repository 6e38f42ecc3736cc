import type { Clock } from '../ports/index.ts';

/** Most bytes of one body. An event of LiteLLM has 13 kB without its messages. */
export const MAX_BATCH_BYTES: number = 8 * 1024 * 1024;
/** Bodies that are read at the same time: they are in memory as a whole. */
const MAX_AT_ONCE = 8;
/** Bytes that are parsed in a second: about a tenth of a processor. */
const BYTES_PER_SECOND: number = 16 * 1024 * 1024;
/** Bytes that may come at once after a calm time. */
const BURST_BYTES: number = 64 * 1024 * 1024;

/** What keeps batches of events from taking a pod's memory and processor. Of one pod, for all senders. */
export interface IntakeLimits {
  /** Takes a place among the bodies that are read. Undefined where all are taken; else the function that gives it back. */
  enter(): (() => void) | undefined;
  /** Counts a body against the rate. False where it is beyond it; then it is not counted. */
  spend(bytes: number): boolean;
}

export function createIntakeLimits(clock: Pick<Clock, 'monotonicMs'>): IntakeLimits {
  let reading = 0;
  let left = BURST_BYTES;
  let filledMs = clock.monotonicMs();
  return {
    enter: () => {
      if (reading >= MAX_AT_ONCE) return undefined;
      reading += 1;
      return () => void (reading -= 1);
    },
    spend: (bytes) => {
      const now = clock.monotonicMs();
      left = Math.min(BURST_BYTES, left + ((now - filledMs) / 1_000) * BYTES_PER_SECOND);
      filledMs = now;
      if (bytes > left) return false;
      left -= bytes;
      return true;
    },
  };
}
