import type { Clock, Logger, Timer } from '../../ports/index.ts';
import type { ToWorker } from './messages.ts';

/** One process, as far as a slot knows it. */
export interface SpawnedWorker {
  readonly pid: number | undefined;
  send(message: ToWorker): void;
  kill(signal: 'SIGKILL'): void;
}

/** What a slot hears from its process. */
export interface SpawnEvents {
  readonly message: (received: unknown) => void;
  /** In words, such as `exit status 1` or `SIGKILL`. */
  readonly exit: (how: string) => void;
}

/** Starts a process. Its events come later, never during the call. */
export type Spawn = (events: SpawnEvents) => SpawnedWorker;

export interface SlotParts {
  /** From 1. */
  readonly number: number;
  readonly spawn: Spawn;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly message: (worker: SpawnedWorker, received: unknown) => void;
  /** The process ended, expected or not. */
  readonly ended: (how: string) => void;
  /** Another process is started in its place. */
  readonly restarted: () => void;
}

/** Keeps one worker process running. */
export interface WorkerSlot {
  /** Sends to the running process; nothing happens between two processes. */
  send(message: ToWorker): void;
  /** Asks it to finish within this time. It is killed some time after that. Resolves when it has ended. */
  stop(drainMs: number): Promise<void>;
}

/** First wait before a worker that ended is started again; doubled for each one that ends before {@link STEADY_MS}. */
const FIRST_WAIT_MS = 100;
const MOST_WAIT_MS = 30_000;
const STEADY_MS = 60_000;
/** A worker sends something every second. One that sent nothing for so many seconds hangs, and is killed. */
const SILENT_S = 30;
/** Beyond the drain time, for the last messages. */
const GRACE_MS = 2_000;

/** Starts the process at once. */
export function createWorkerSlot(parts: SlotParts): WorkerSlot {
  const { number, spawn, clock, logger } = parts;
  let running: Running | undefined;
  let timer: Timer | undefined;
  let waitMs = FIRST_WAIT_MS;
  let stopped: (() => void) | undefined;

  const start = (): void => {
    const mine: Running = {
      startedMs: clock.monotonicMs(),
      silentS: 0,
      worker: spawn({
        message: (received) => {
          mine.silentS = 0;
          parts.message(mine.worker, received);
        },
        exit: (how) => {
          if (running === mine) ended(how);
        },
      }),
    };
    running = mine;
    watch();
  };
  // Counts its own seconds: after a stop of the whole pod, by SIGSTOP or a sleeping machine, no worker is late.
  const watch = (): void => {
    timer = clock.setTimer(1_000, () => {
      if (running === undefined) return;
      running.silentS += 1;
      if (running.silentS > SILENT_S) {
        logger.error(`Worker ${number} (pid ${running.worker.pid}) did not answer for ${SILENT_S} s: it is killed`);
        running.worker.kill('SIGKILL');
        return;
      }
      watch();
    });
  };
  const ended = (how: string): void => {
    const lastedMs = running === undefined ? 0 : clock.monotonicMs() - running.startedMs;
    const pid = running?.worker.pid;
    running = undefined;
    timer?.cancel();
    parts.ended(how);
    if (stopped !== undefined) return stopped();
    if (lastedMs >= STEADY_MS) waitMs = FIRST_WAIT_MS;
    logger.error(
      `Worker ${number} (pid ${pid}) ended unexpectedly (${how}); its requests are lost. Another one starts in ${waitMs / 1_000} s`,
    );
    timer = clock.setTimer(waitMs, () => {
      parts.restarted();
      start();
    });
    waitMs = Math.min(MOST_WAIT_MS, waitMs * 2);
  };

  start();
  return {
    send: (message) => running?.worker.send(message),
    stop: async (drainMs) => {
      if (running === undefined) {
        timer?.cancel();
        return;
      }
      const { worker } = running;
      await new Promise<void>((resolve) => {
        stopped = resolve;
        timer?.cancel();
        timer = clock.setTimer(drainMs + GRACE_MS, () => worker.kill('SIGKILL'));
        worker.send({ kind: 'stop', drainMs });
      });
      timer?.cancel();
    },
  };
}

interface Running {
  readonly worker: SpawnedWorker;
  readonly startedMs: number;
  silentS: number;
}
