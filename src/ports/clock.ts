/** A pending timer. `cancel` may be called repeatedly. */
export interface Timer {
  cancel(): void;
}

/** Time, injected so that the same code runs in the simulator. */
export interface Clock {
  /** Milliseconds from an arbitrary start, never decreasing. For durations and deadlines. */
  monotonicMs(): number;
  /** Milliseconds since the epoch on this machine. For log lines and ids, never for records. */
  wallMs(): number;
  /** Calls `run` once after `delayMs`. The timer does not keep the process running. */
  setTimer(delayMs: number, run: () => void): Timer;
}
