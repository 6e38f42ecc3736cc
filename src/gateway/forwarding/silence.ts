import type { Clock, Timer } from '../../ports/index.ts';

/** Limits of one attempt, ms. */
export interface SilenceLimits {
  /** Until the first byte of the answer. */
  readonly firstByteMs: number;
  /** Between two parts of the answer. */
  readonly idleMs: number;
  /** Until the end. */
  readonly totalMs: number;
}

/** Watches that an answer begins, goes on and ends in time. */
export interface Silence {
  /** A part of the answer came. */
  heard(): void;
  /** The client does not read: the upstream cannot send, and is not to blame. */
  pause(): void;
  resume(): void;
  stop(): void;
}

/** One timer for all limits: it is set anew only when it runs out, so a part of the answer costs one reading of the clock. */
export function watchSilence(limits: SilenceLimits, clock: Clock, onSilence: (message: string) => void): Silence {
  const startedMs = clock.monotonicMs();
  let heardMs: number | undefined;
  let isPaused = false;
  let timer: Timer | undefined;

  const due = (): { atMs: number; message: string } => {
    const total = { atMs: startedMs + limits.totalMs, message: `no end of the answer within ${limits.totalMs} ms` };
    if (isPaused) return total;
    const next =
      heardMs === undefined
        ? { atMs: startedMs + limits.firstByteMs, message: `no first byte within ${limits.firstByteMs} ms` }
        : { atMs: heardMs + limits.idleMs, message: `no data for ${limits.idleMs} ms in the middle of the answer` };
    return next.atMs < total.atMs ? next : total;
  };
  const check = (): void => {
    const nowMs = clock.monotonicMs();
    const { atMs, message } = due();
    if (nowMs >= atMs) onSilence(message);
    else timer = clock.setTimer(atMs - nowMs, check);
  };
  const restart = (): void => {
    timer?.cancel();
    check();
  };
  timer = clock.setTimer(Math.min(limits.firstByteMs, limits.totalMs), check);
  return {
    heard: () => {
      const isFirst = heardMs === undefined;
      heardMs = clock.monotonicMs();
      // The limit of the first byte may be much longer than the limits that hold from now on.
      if (isFirst && limits.idleMs < limits.firstByteMs) restart();
    },
    pause: () => {
      isPaused = true;
    },
    resume: () => {
      if (!isPaused) return;
      isPaused = false;
      heardMs = clock.monotonicMs();
      restart();
    },
    stop: () => timer?.cancel(),
  };
}
