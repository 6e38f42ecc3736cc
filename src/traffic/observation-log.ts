import { counted } from '../health/index.ts';
import type { Clock, Logger } from '../ports/index.ts';
import { atMostOncePerMinute, shownId } from './intake-log.ts';
import { MOST_WINDOWS } from './observation-windows.ts';

/** The lines about reported observations that did not count. Each has the counts since the one before. */
export interface ObservationLog {
  taken(batch: { readonly unknown: readonly string[]; readonly ignored: number; readonly tooOld: number }): void;
  refused(why: string): void;
  /** More pairs of reporter and target than there are windows. */
  windowLost(): void;
}

export function createObservationLog(logger: Logger, clock: Pick<Clock, 'monotonicMs'>): ObservationLog {
  const unknownLine = atMostOncePerMinute(clock);
  const ignoredLine = atMostOncePerMinute(clock);
  const refusedLine = atMostOncePerMinute(clock);
  const lostLine = atMostOncePerMinute(clock);
  let [unknownCount, ignoredCount, tooOldCount, refusedCount] = [0, 0, 0, 0];
  return {
    taken: ({ unknown, ignored, tooOld }) => {
      unknownCount += unknown.length;
      ignoredCount += ignored;
      tooOldCount += tooOld;
      const last = unknown.at(-1);
      if (last !== undefined) {
        unknownLine(() => {
          logger.warn(
            `Ignored ${counted(unknownCount, 'observation')} of unknown targets, such as ${shownId(last)}: report target ids of GET /fleet, or model ids`,
          );
          unknownCount = 0;
        });
      }
      if (ignored === 0) return;
      ignoredLine(() => {
        logger.warn(
          `Ignored ${counted(ignoredCount, 'observation')}: ${ignoredCount - tooOldCount} invalid, ${tooOldCount} too old. To fix: see problems in the answer of POST /fleet/observations`,
        );
        [ignoredCount, tooOldCount] = [0, 0];
      });
    },
    windowLost: () => {
      lostLine(() => {
        logger.warn(
          `Forgot results of reporters: more than ${MOST_WINDOWS} pairs of reporter and target within a minute. To fix: give programs on one host one reporter name`,
        );
      });
    },
    refused: (why) => {
      refusedCount += 1;
      refusedLine(() => {
        logger.warn(`Refused ${counted(refusedCount, 'request')} with observations: ${why}`);
        refusedCount = 0;
      });
    },
  };
}
