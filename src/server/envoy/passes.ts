import type { Clock, Timer } from '../../ports/index.ts';

/** What one pass did. */
export interface Pass {
  /** Time of this process that it took, without waiting. */
  readonly tookMs: number;
  /** `failed`: to be tried again. */
  readonly outcome: 'done' | 'failed';
}

/** Passes over everything, one at a time, that gather requests. */
export interface Passes {
  /** Something changed: a pass is to follow. */
  request(): void;
  /** Resolves after a running pass; none follows. */
  stop(): Promise<void>;
}

/** From a request to its pass: a large outage changes many targets at once. */
const GATHER_MS = 50;
/** From a failed pass to the next one. */
const RETRY_MS = 5_000;
/** Between passes, as a multiple of the last one. */
const PAUSE_FACTOR = 20;

export function createPasses(clock: Clock, pass: () => Promise<Pass>): Passes {
  let isStopped = false;
  let isRequested = false;
  let next: Timer | undefined;
  let running: Promise<void> | undefined;
  let earliestMs = 0;
  const schedule = (delayMs: number): void => {
    next?.cancel();
    next = clock.setTimer(Math.max(delayMs, earliestMs - clock.monotonicMs()), begin);
  };
  const begin = (): void => {
    next = undefined;
    isRequested = false;
    running = pass().then(({ tookMs, outcome }) => {
      running = undefined;
      if (isStopped) return;
      earliestMs = clock.monotonicMs() + PAUSE_FACTOR * tookMs;
      if (isRequested) schedule(GATHER_MS);
      else if (outcome === 'failed') schedule(RETRY_MS);
    });
  };
  return {
    request: () => {
      if (isStopped || isRequested) return;
      isRequested = true;
      if (running === undefined) schedule(GATHER_MS);
    },
    stop: async () => {
      isStopped = true;
      next?.cancel();
      await running;
    },
  };
}
