/** A pending call; `cancel` is safe to repeat. */
export interface Timer {
  cancel(): void;
}

/** Time, handed in so that the same code runs under a simulator. */
export interface Clock {
  /** Milliseconds from an arbitrary start, never stepping back. For durations and deadlines. */
  monotonicMs(): number;
  /** Milliseconds since the epoch on this machine. For log lines and ids, never for records. */
  wallMs(): number;
  /** Calls `run` once after `delayMs`; the timer alone does not keep a process alive. */
  setTimer(delayMs: number, run: () => void): Timer;
}
