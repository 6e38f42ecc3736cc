import { counted } from '../health/index.ts';
import type { Clock, Logger } from '../ports/index.ts';
import type { IgnoredWhy } from './litellm-event.ts';

/** Each line at most once in this time. */
const ONCE_PER_MS = 60_000;

const tooOldFix =
  '. To fix: synchronise the clocks of the LiteLLM pods, and set their DEFAULT_FLUSH_INTERVAL_SECONDS below 60';

/** The lines about events that did not count. Each has the counts since the one before. */
export interface IntakeLog {
  taken(batch: { readonly unknown: readonly string[]; readonly ignored: ReadonlyMap<IgnoredWhy, number> }): void;
  refused(why: string): void;
}

export function createIntakeLog(logger: Logger, clock: Pick<Clock, 'monotonicMs'>): IntakeLog {
  const unknownLine = atMostOncePerMinute(clock);
  const ignoredLine = atMostOncePerMinute(clock);
  const refusedLine = atMostOncePerMinute(clock);
  let unknownCount = 0;
  let refusedCount = 0;
  const ignoredCounts = new Map<IgnoredWhy, number>();
  return {
    taken: ({ unknown, ignored }) => {
      unknownCount += unknown.length;
      const last = unknown.at(-1);
      if (last !== undefined) {
        unknownLine(() => {
          logger.warn(
            `Ignored ${counted(unknownCount, 'event')} from LiteLLM for unknown model ids, such as ${shownId(last)}: give LiteLLM and allswell the same model_list and environment`,
          );
          unknownCount = 0;
        });
      }
      // LiteLLM sends those for each request that it refuses and for each of its own health checks.
      for (const [why, count] of ignored) {
        if (why !== 'no model_id') ignoredCounts.set(why, (ignoredCounts.get(why) ?? 0) + count);
      }
      if (ignoredCounts.size === 0) return;
      ignoredLine(() => {
        const counts = [...ignoredCounts].map(([why, count]) => `${count} ${why}`).join(', ');
        const shown = ignoredCounts.has('too old') ? counts + tooOldFix : counts;
        logger.warn(`Ignored events from LiteLLM: ${shown}`);
        ignoredCounts.clear();
      });
    },
    refused: (why) => {
      refusedCount += 1;
      refusedLine(() => {
        logger.warn(`Refused ${counted(refusedCount, 'request')} with events from LiteLLM: ${why}`);
        refusedCount = 0;
      });
    },
  };
}

/** Runs what it is given, unless it ran something within the last minute. */
export function atMostOncePerMinute(clock: Pick<Clock, 'monotonicMs'>): (write: () => void) => void {
  let writtenMs: number | undefined;
  return (write) => {
    const now = clock.monotonicMs();
    if (writtenMs !== undefined && now - writtenMs < ONCE_PER_MS) return;
    writtenMs = now;
    write();
  };
}

/** An id as LiteLLM makes them, or as an operator may choose one; any other text stays out of the log. */
export function shownId(id: string): string {
  return /^[\w.:@/-]{1,128}$/.test(id) ? id : 'one of another form';
}
