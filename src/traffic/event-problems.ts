import type { StoreTime } from '../health/index.ts';

/** Why events did not count: the request was refused, the deployment is unknown, or they ended too long ago. */
export type EventProblemKind = 'refused' | 'unknown' | 'too-old';

/** Requests (`refused`) or events that did not count, since the last ten minutes without one. */
export interface EventProblem {
  readonly kind: EventProblemKind;
  readonly count: number;
  /** Of the last one. */
  readonly at: StoreTime;
  /** Of the last one, without secrets. */
  readonly what: string;
}

/** Remembers for ten minutes that events did not count, for `GET /fleet`. */
export interface EventProblems {
  add(kind: EventProblemKind, count: number, what: string): void;
  /** Those of the last ten minutes. */
  recent(): readonly EventProblem[];
}

const KEPT_MS = 10 * 60_000;

export function createEventProblems(now: () => StoreTime): EventProblems {
  const problems = new Map<EventProblemKind, EventProblem>();
  const isRecent = ({ at }: EventProblem): boolean => now() - at < KEPT_MS * 1_000;
  return {
    add: (kind, count, what) => {
      const before = problems.get(kind);
      const counted = before !== undefined && isRecent(before) ? before.count : 0;
      problems.set(kind, { kind, count: counted + count, at: now(), what });
    },
    recent: () => [...problems.values()].filter(isRecent),
  };
}
