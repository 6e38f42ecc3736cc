import type { AttemptOutcome, AttemptWhy } from '../routing/index.ts';

/** One attempt of a request. */
export interface TriedAttempt {
  /** Name of the upstream, such as `openai/gpt-4o`. */
  readonly deployment: string;
  readonly group: string;
  /** Reason for its choice. */
  readonly why: AttemptWhy;
  /** `success`, `neutral`, a class of failure such as `server`, or `caller-fault`. */
  readonly outcome: string;
  /** HTTP status, where there was an answer. */
  readonly status?: number;
  readonly durationMs: number;
}

/** On responses and errors themselves: a table of all of them would cost more than the rest of a call. */
const TRIED: unique symbol = Symbol('allswell tried');

interface Noted {
  [TRIED]?: readonly TriedAttempt[];
}

/**
 * What was tried before a response or an error of {@link FleetMember.fetch}, {@link FleetMember.call} or {@link FleetMember.model}; empty for
 * any other value, and for the reason of a signal that aborted more than one request. Clients that wrap errors keep them as `cause`,
 * which is followed.
 *
 * @example
 * triedOf(new Error('not of a request')) // []
 */
export function triedOf(value: unknown): readonly TriedAttempt[] {
  for (let one: unknown = value, depth = 0; typeof one === 'object' && one !== null && depth < 8; depth += 1) {
    const list = (one as Noted)[TRIED] ?? aborts.get(one);
    if (list !== undefined) return list;
    one = 'cause' in one ? one.cause : undefined;
  }
  return [];
}

/** Remembers what was tried, as long as the value lives. */
export function noteTried<T>(value: T, list: readonly TriedAttempt[]): T {
  // Other values belong to the caller.
  if (value instanceof Response || (value instanceof Error && Object.isExtensible(value))) {
    (value as Noted)[TRIED] = list;
  }
  return value;
}

/**
 * What was tried before an abort, by its error. That is the reason of the caller's signal, which belongs to the caller and may be that of
 * many requests: as soon as a second one ends with it, it says nothing about either.
 */
const aborts = new WeakMap<object, readonly TriedAttempt[]>();

/** Remembers what was tried before the caller gave up. */
export function noteAbort<T>(error: T, list: readonly TriedAttempt[]): T {
  if (typeof error === 'object' && error !== null) aborts.set(error, aborts.has(error) ? [] : list);
  return error;
}

/** An attempt as users see it. */
export function triedAttempt(
  { id, group }: { readonly id: string; readonly group: string },
  why: AttemptWhy,
  outcome: AttemptOutcome,
): TriedAttempt {
  const status = 'status' in outcome ? outcome.status : undefined;
  return {
    deployment: id,
    group,
    why,
    outcome: outcome.kind === 'failure' ? outcome.class : outcome.kind,
    ...(status !== undefined && { status }),
    durationMs: Math.round(outcome.durationMs),
  };
}
