import type { Clock } from '../ports/index.ts';

/** One time limit around one probe. */
export interface Deadline {
  /** Aborts at the deadline, or when the caller aborts. */
  readonly signal: AbortSignal;
  /** Why it aborted; undefined while it did not. */
  why(): 'expired' | 'caller' | undefined;
  /** Lets go of the timer and of the caller's signal. */
  end(): void;
}

/** Long enough to read answers that arrived while the event loop was blocked. */
const GRACE_MS = 20;
const LATE_MS = 5;

/**
 * Starts the deadline. If the timer fires late, an unread answer may be in the socket, because timers run before sockets:
 * the deadline waits 20 ms for it.
 */
export function startDeadline(clock: Clock, ms: number, caller: AbortSignal): Deadline {
  const controller = new AbortController();
  const dueMs = clock.monotonicMs() + ms;
  let why: ReturnType<Deadline['why']>;
  const abort = (reason: 'expired' | 'caller'): void => {
    why ??= reason;
    controller.abort();
  };
  const giveUp = (): void => abort('caller');
  let timer = clock.setTimer(ms, () => {
    if (clock.monotonicMs() - dueMs <= LATE_MS) return abort('expired');
    timer = clock.setTimer(GRACE_MS, () => abort('expired'));
  });
  caller.addEventListener('abort', giveUp);
  if (caller.aborted) giveUp();
  return {
    signal: controller.signal,
    why: () => why,
    end() {
      timer.cancel();
      caller.removeEventListener('abort', giveUp);
    },
  };
}
