import type { FailureClass, PodId, StoreTime } from '../health/index.ts';
import type { PastPoint, StateSpan, TimeWindow } from './spans.ts';

/** A time without interruption in which a target or group was down. */
export interface PastIncident {
  /** First known time of it. */
  readonly startedAt: StoreTime;
  /** `seen`: it was up before. `unknown`: it may have begun earlier. */
  readonly start: 'seen' | 'unknown';
  /** Last known time of it, or the end of the window if it continues. */
  readonly endedAt: StoreTime;
  /** `recovered`: it was up again. `unknown`: evidence ended. `ongoing`: it was down when the window ended. */
  readonly end: 'recovered' | 'unknown' | 'ongoing';
  /** Classes of the stored failures, in order of first occurrence. */
  readonly classes: readonly FailureClass[];
  /** Pods whose failures are stored. Failures between points are not, so there may have been more. */
  readonly pods: readonly PodId[];
  /** `class: message` of the first stored failure; null if none is stored. */
  readonly cause: string | null;
}

/**
 * Incidents that overlap a window, newest first.
 *
 * @example
 * const spans = [{ from: 0, until: 10, state: 'up' }, { from: 10, until: 20, state: 'down' }];
 * const point = { at: 10, kind: 'failed', class: 'server', message: 'HTTP 500', pod: 'pod_a', latencyMs: 9 };
 * incidentsOf(spans, [point], { from: 0, until: 20 })[0]?.cause // 'server: HTTP 500'
 */
export function incidentsOf(
  spans: readonly StateSpan[],
  points: readonly PastPoint[],
  window: TimeWindow,
): readonly PastIncident[] {
  const failures = points.filter(({ kind }) => kind === 'failed').toSorted((a, b) => a.at - b.at);
  return spans
    .flatMap((span, i) => {
      if (span.state !== 'down' || span.until <= window.from || span.from >= window.until) return [];
      const isLast = span.until >= window.until;
      const next = spans[i + 1]?.state;
      return [
        {
          startedAt: span.from,
          start: spans[i - 1]?.state === 'up' ? ('seen' as const) : ('unknown' as const),
          endedAt: Math.min(span.until, window.until),
          end: isLast ? ('ongoing' as const) : next === 'up' ? ('recovered' as const) : ('unknown' as const),
          ...evidenceOf(failures.filter(({ at }) => at >= span.from && at < span.until)),
        },
      ];
    })
    .toReversed();
}

function evidenceOf(failures: readonly PastPoint[]): Pick<PastIncident, 'classes' | 'pods' | 'cause'> {
  const classes = failures.flatMap(({ class: failure }) => (failure === undefined ? [] : [failure]));
  const first = failures.find(({ class: failure }) => failure !== undefined);
  return {
    classes: [...new Set(classes)],
    pods: [...new Set(failures.map(({ pod }) => pod))],
    cause: first === undefined ? null : `${first.class}: ${first.message ?? ''}`,
  };
}
