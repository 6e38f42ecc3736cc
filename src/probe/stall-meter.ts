import type { Clock, Timer } from '../ports/index.ts';

/** Measures how long the event loop was blocked, because a timeout during that time is no evidence. */
export interface StallMeter {
  /** Starts a measurement. */
  watch(): StallWatch;
}

export interface StallWatch {
  /** How long the event loop was blocked since the start; may be read repeatedly. */
  stalledMs(): number;
  end(): void;
}

const EVERY_MS = 250;
/** Less than this is the jitter of a busy process, not a stall. */
const JITTER_MS = 100;

/** Measures by the lateness of its own timer, which runs only during measurements. */
export function stallMeter(clock: Clock): StallMeter {
  let watching = 0;
  let totalMs = 0;
  let plannedMs = 0;
  let timer: Timer | undefined;

  const latenessMs = (): number => {
    const lateMs = clock.monotonicMs() - plannedMs;
    return watching > 0 && lateMs > JITTER_MS ? lateMs : 0;
  };
  const plan = (): void => {
    plannedMs = clock.monotonicMs() + EVERY_MS;
    timer = clock.setTimer(EVERY_MS, () => {
      totalMs += latenessMs();
      plan();
    });
  };

  return {
    watch() {
      if (watching === 0) plan();
      watching += 1;
      const startMs = totalMs + latenessMs();
      let over = false;
      return {
        stalledMs: () => totalMs + latenessMs() - startMs,
        end() {
          if (over) return;
          over = true;
          watching -= 1;
          if (watching === 0) timer?.cancel();
        },
      };
    },
  };
}
