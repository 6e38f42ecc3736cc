import type { Clock, Logger } from '../ports/index.ts';

/** A shorter request may have been given up for reasons of the caller's own. */
const LEAST_MS = 1_000;
const IN_ROW = 3;
const LINE_EVERY_MS = 60_000;

/** Requests in a row that callers aborted before any answer came. */
export interface GivenUpRun {
  readonly count: number;
  /** Duration of the last one. */
  readonly lastMs: number;
}

/** Counts requests without an answer, by upstream. They prove nothing, so no verdict depends on them; log and `explain` show them. */
export interface GivenUp {
  /** The caller aborted the request to an upstream before the head of an answer. */
  aborted(upstream: string, name: string, durationMs: number): void;
  /** An answer or an error came, which is evidence by itself. */
  answered(upstream: string): void;
  /** The present run if it is worth a line. */
  run(upstream: string): GivenUpRun | undefined;
}

/** Counts from zero. */
export function countGivenUp({ clock, logger }: { readonly clock: Clock; readonly logger: Logger }): GivenUp {
  const runs = new Map<string, GivenUpRun>();
  const loggedMs = new Map<string, number>();

  const run = (upstream: string): GivenUpRun | undefined => {
    const one = runs.get(upstream);
    return one !== undefined && one.count >= IN_ROW ? one : undefined;
  };

  return {
    run,
    aborted: (upstream, name, durationMs) => {
      if (durationMs < LEAST_MS) return;
      runs.set(upstream, { count: (runs.get(upstream)?.count ?? 0) + 1, lastMs: durationMs });
      const found = run(upstream);
      const nowMs = clock.monotonicMs();
      if (found === undefined || nowMs - (loggedMs.get(upstream) ?? -Infinity) < LINE_EVERY_MS) return;
      loggedMs.set(upstream, nowMs);
      logger.warn(
        `${givenUpText(found)}: ${name}. An abort is no evidence, so it gets further requests. To fix: set routing.timeoutMs below the time limit of the callers`,
      );
    },
    answered: (upstream) => {
      if (runs.size > 0) runs.delete(upstream);
    },
  };
}

/** One line about a run. */
export function givenUpText({ count, lastMs }: GivenUpRun): string {
  return `${count} requests in a row were given up by their callers without an answer, the last after ${(lastMs / 1_000).toFixed(1)} s`;
}
