import type { Clock } from '../ports/index.ts';

/** Most bytes of one body. An event of LiteLLM has 13 kB without its messages. */
export const MAX_BATCH_BYTES: number = 8 * 1024 * 1024;
/** Bodies that are read at the same time. Each is in memory as a whole. */
const MAX_AT_ONCE = 8;
/** Bytes that are accepted per second, on average. Parsing them takes about a tenth of a processor core. */
const BYTES_PER_SECOND: number = 16 * 1024 * 1024;
/** Bytes that are accepted at once after a time with few bodies: 4 s at the full rate. */
const BURST_BYTES: number = 64 * 1024 * 1024;

/** Limits of the memory and processor time that batches of events use in one pod. All senders share them. */
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
