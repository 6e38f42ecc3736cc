import type { Clock } from '../ports/index.ts';

/** Most bytes of one body. An event of LiteLLM has 13 kB without its messages. */
export const MAX_BATCH_BYTES: number = 8 * 1024 * 1024;
/** Numbers of {@link IntakeLimits}. */
export interface IntakeRates {
  /** Bodies that are read at the same time. Each is in memory as a whole. */
  readonly atOnce: number;
  /** Bytes that are accepted per second, on average. */
  readonly bytesPerSecond: number;
  /** Bytes that are accepted at once after a time with few bodies. */
  readonly burstBytes: number;
}

/** To parse so much takes about a tenth of a processor core. */
export const LITELLM_LIMITS: IntakeRates = {
  atOnce: 8,
  bytesPerSecond: 16 * 1024 * 1024,
  burstBytes: 64 * 1024 * 1024,
};

/** Limits of the memory and processor time that batches use in one pod. All senders share them. */
export interface IntakeLimits {
  /** Takes a place among the bodies that are read. Undefined where all are taken; else the function that gives it back. */
  enter(): (() => void) | undefined;
  /** Counts a body against the rate. False where it is beyond it; then it is not counted. */
  spend(bytes: number): boolean;
}

export function createIntakeLimits(
  clock: Pick<Clock, 'monotonicMs'>,
  { atOnce, bytesPerSecond, burstBytes }: IntakeRates,
): IntakeLimits {
  let reading = 0;
  let left = burstBytes;
  let filledMs = clock.monotonicMs();
  return {
    enter: () => {
      if (reading >= atOnce) return undefined;
      reading += 1;
      return () => void (reading -= 1);
    },
    spend: (bytes) => {
      const now = clock.monotonicMs();
      left = Math.min(burstBytes, left + ((now - filledMs) / 1_000) * bytesPerSecond);
      filledMs = now;
      if (bytes > left) return false;
      left -= bytes;
      return true;
    },
  };
}
