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

/** A timer that runs later than this was delayed by a process that stood still, not by its other work. */
const STANDSTILL_MS = 500;

/**
 * One timer for all limits: it is set anew only when it runs out, so a part of the answer costs one reading of the clock. A limit
 * that ran out while this process stood still begins anew, once: the answer may be there, unread.
 */
export function watchSilence(limits: SilenceLimits, clock: Clock, onSilence: (message: string) => void): Silence {
  let startedMs = clock.monotonicMs();
  let heardMs: number | undefined;
  let isPaused = false;
  let timer: Timer | undefined;
  let plannedMs = Infinity;
  let stoodStill = false;

  const due = (): { atMs: number; message: string } => {
    const total = { atMs: startedMs + limits.totalMs, message: `no end of the answer within ${limits.totalMs} ms` };
    if (isPaused) return total;
    const next =
      heardMs === undefined
        ? { atMs: startedMs + limits.firstByteMs, message: `no first byte within ${limits.firstByteMs} ms` }
        : { atMs: heardMs + limits.idleMs, message: `no data for ${limits.idleMs} ms in the middle of the answer` };
    return next.atMs < total.atMs ? next : total;
  };
  const plan = (delayMs: number): void => {
    plannedMs = clock.monotonicMs() + delayMs;
    timer = clock.setTimer(delayMs, check);
  };
  const check = (): void => {
    const nowMs = clock.monotonicMs();
    if (nowMs - plannedMs > STANDSTILL_MS && !stoodStill) {
      stoodStill = true;
      startedMs = nowMs;
      if (heardMs !== undefined) heardMs = nowMs;
    }
    const { atMs, message } = due();
    if (nowMs >= atMs) onSilence(message);
    else plan(atMs - nowMs);
  };
  const restart = (): void => {
    timer?.cancel();
    plannedMs = Infinity;
    check();
  };
  plan(Math.min(limits.firstByteMs, limits.totalMs));
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
