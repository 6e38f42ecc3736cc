import type { LibraryCore } from './core.ts';

const FIRST_PAUSE_MS = 60_000;
const MOST_PAUSE_MS = 3_600_000;

/** Tests that `pick` took and whose call was never reported: each keeps the fleet from testing its upstream for a while. */
export interface UnreportedTests {
  /** False during a pause: then requests of `fetch` and `call` test instead. */
  mayTest(): boolean;
  note(upstream: string): void;
  reported(): void;
}

/** The pause doubles with each one, and ends with a report. */
export function createUnreportedTests({ clock, logger }: Pick<LibraryCore, 'clock' | 'logger'>): UnreportedTests {
  let pauseMs = FIRST_PAUSE_MS;
  let untilMs = -Infinity;
  return {
    mayTest: () => clock.monotonicMs() >= untilMs,
    note: (upstream) => {
      if (pauseMs === FIRST_PAUSE_MS) {
        logger.warn(
          `The call to a picked upstream was not reported: ${upstream}. It was to show whether the upstream is back. To fix: call fleet.report after each pick`,
        );
      }
      untilMs = clock.monotonicMs() + pauseMs;
      pauseMs = Math.min(MOST_PAUSE_MS, 2 * pauseMs);
    },
    reported: () => {
      pauseMs = FIRST_PAUSE_MS;
      untilMs = -Infinity;
    },
  };
}
