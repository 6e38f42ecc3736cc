import { effectOfFailure } from '../health/index.ts';
import type { FailureClass } from '../health/index.ts';
import type { RequestEvidence } from './evidence.ts';

/** Classes that a reporter may name: all but `bad-probe`, a refusal of what only a probe sends. */
export type ReportedClass = Exclude<FailureClass, 'bad-probe'>;

/** Result of one request of another program. */
export interface ReportedObservation {
  /** Target id or deployment id. */
  readonly about: { readonly target: string } | { readonly deployment: string };
  readonly ok: boolean;
  /** Only of a failure. */
  readonly class?: ReportedClass;
  readonly status?: number;
  readonly firstTokenMs?: number;
  readonly durationMs?: number;
  /** Retry-After of the answer. */
  readonly retryAfterMs?: number;
  /** End of the request on the reporter's clock, epoch milliseconds. Absent: now. */
  readonly atMs?: number;
}

/** Longest Retry-After that counts, as for probes. */
const MOST_REST_MS = 600_000;

/**
 * Reads a result as evidence. `by`: name that the reporter gave itself; undefined for an address, which is not shown. A class of the reporter wins over its status; a failure without either counts as one of the
 * server.
 *
 * @example
 * reportedEvidence({ about: { target: 'aa' }, ok: false, status: 400 }, 'proxy-1').kind // 'neutral'
 */
export function reportedEvidence(observation: ReportedObservation, by: string | undefined): RequestEvidence {
  const { ok, status, retryAfterMs } = observation;
  if (ok) return { kind: 'success' };
  const found = observation.class ?? classOfStatus(status);
  if (found === undefined) return { kind: 'neutral' };
  const restMs =
    found === 'overloaded' && retryAfterMs !== undefined ? Math.min(MOST_REST_MS, retryAfterMs) : undefined;
  const shown = status ?? (found === 'timeout' ? 408 : undefined);
  return {
    kind: 'failure',
    effect: effectOfFailure(found),
    failure: {
      class: found,
      // Of what was sent, only the checked name is repeated.
      message: `reported by ${by ?? 'another program'}`,
      ...(shown !== undefined && { status: shown }),
      ...(restMs !== undefined && { retryAfterMs: restMs }),
    },
  };
}

const BY_STATUS: ReadonlyMap<number, ReportedClass> = new Map([
  [401, 'auth'],
  [402, 'quota'],
  [404, 'not-found'],
  [408, 'timeout'],
  [429, 'overloaded'],
  [529, 'overloaded'],
]);

function classOfStatus(status: number | undefined): ReportedClass | undefined {
  if (status === undefined || (status >= 500 && status !== 529)) return 'server';
  return BY_STATUS.get(status);
}
