import type { FailureEffect } from './failure-effect.ts';
import type { StoreTime } from './ids.ts';
import type { Failure } from './outcome.ts';

/** Verdict of one window of requests: docs/explanation/protocol.md, "Evidence from traffic". `suspect` makes a confirming probe due. */
export type TrafficVerdict = 'success' | 'degraded' | 'suspect';

/** A request that proved something. */
export interface CountedRequest {
  /** Start and end, store clock. Requests are in the order of their starts, and in the window by their end. */
  readonly at: StoreTime;
  readonly endedAt: StoreTime;
  readonly latencyMs: number;
  readonly result: 'ok' | FailureEffect;
  /** Present where the result is not `ok`. */
  readonly failure?: Failure;
}

/** What the window says, and the newest request that supports it. */
export interface WindowVerdict {
  readonly verdict: TrafficVerdict;
  /** Rule that applied: a run of failures, one that is enough by itself, the share of all requests, or none. */
  readonly by: 'run' | 'at-once' | 'share' | 'success';
  readonly request: CountedRequest;
}

/** The requests of one target that ended within the last {@link WINDOW_SECONDS}, in bounded memory. */
export interface TrafficWindow {
  /** Adds a request, unless it is not in the window. The order of calls does not matter: pods report late, and not in turn. */
  add(request: CountedRequest, now: StoreTime): void;
  /** Undefined while nothing in the window supports a verdict. */
  verdict(now: StoreTime): WindowVerdict | undefined;
  /** Forgets all requests. */
  clear(): void;
}

/** Length of a window. */
export const WINDOW_SECONDS = 60;
/** Shares count from this many requests on. */
const SHARE_FROM = 10;
const SUSPECT_SHARE = 0.5;
const DEGRADED_SHARE = 0.1;

/**
 * The window rule (docs/explanation/protocol.md, "Evidence from traffic"). Requests are in the order of their starts:
 *
 * - `suspect`: the two newest are failures; or one that is enough by itself has no later success; or at least half of ten
 *   or more failed.
 * - `degraded`: an overload has no later success; or a tenth of ten or more failed or were overloaded.
 * - `success`: else, where one succeeded.
 *
 * Overloads do not interrupt a run of failures. Shares need only counts, runs only the newest success and the two newest
 * failures: both are kept for each second, so memory does not grow with traffic. Both methods run for every request of a
 * pod: they change the seconds in place and allocate only the answer.
 */
export function createWindow(): TrafficWindow {
  const seconds: Second[] = [];
  const all = emptySecond(0);
  // While nothing failed, the newest success decides alone.
  let newestOk: CountedRequest | undefined;
  let failedAt: StoreTime = -Infinity;
  return {
    add: (request, now) => {
      if (!isInWindow(request.endedAt, now)) return;
      const at = secondOf(request.endedAt);
      const second = (seconds[at % WINDOW_SECONDS] ??= emptySecond(at));
      if (second.at !== at) empty(second, at);
      count(second, request);
      if (request.result === 'ok') newestOk = later(newestOk, request);
      else failedAt = Math.max(failedAt, request.endedAt);
    },
    verdict: (now) => {
      const isFailureFree = secondOf(failedAt) <= secondOf(now) - WINDOW_SECONDS;
      if (isFailureFree && newestOk !== undefined && isInWindow(newestOk.endedAt, now)) return successOf(newestOk);
      empty(all, secondOf(now));
      // Sparse until a whole window of traffic was seen.
      for (const second of seconds) {
        if (second !== undefined && isInWindow(second.at * SECOND_US, now)) merge(all, second);
      }
      return verdictOf(all);
    },
    clear: () => {
      seconds.length = 0;
      newestOk = undefined;
      failedAt = -Infinity;
    },
  };
}

/** True if a request that ended at `endedAt` is in the window. A request that ended later than `now`, because the clock was set back, is not. */
export function isInWindow(endedAt: StoreTime, now: StoreTime): boolean {
  return secondOf(endedAt) > secondOf(now) - WINDOW_SECONDS && secondOf(endedAt) <= secondOf(now);
}

/** What the requests that ended in one second leave behind. Newest: by their starts. */
interface Second {
  at: number;
  ok: number;
  failed: number;
  overloaded: number;
  newestOk: CountedRequest | undefined;
  /** The two newest failures: counted ones, and those that are enough by themselves. */
  last: CountedRequest | undefined;
  before: CountedRequest | undefined;
  atOnce: CountedRequest | undefined;
  overload: CountedRequest | undefined;
}

function verdictOf({ newestOk, last, before, atOnce, overload, ...counts }: Second): WindowVerdict | undefined {
  const since = newestOk?.at ?? -1;
  const all = counts.ok + counts.failed + counts.overloaded;
  const share = (part: number): number => (all < SHARE_FROM ? 0 : part / all);
  const bad = share(counts.failed);
  // The share first: it holds also where a run does.
  if (last !== undefined && bad >= SUSPECT_SHARE) return { verdict: 'suspect', by: 'share', request: last };
  if (atOnce !== undefined && atOnce.at > since) return { verdict: 'suspect', by: 'at-once', request: atOnce };
  if (last !== undefined && before !== undefined && before.at > since) {
    return { verdict: 'suspect', by: 'run', request: last };
  }
  if (overload !== undefined && overload.at > since) return { verdict: 'degraded', by: 'at-once', request: overload };
  const worst = later(last, overload);
  if (worst !== undefined && share(counts.failed + counts.overloaded) >= DEGRADED_SHARE) {
    return { verdict: 'degraded', by: 'share', request: worst };
  }
  return newestOk === undefined ? undefined : successOf(newestOk);
}

function successOf(request: CountedRequest): WindowVerdict {
  return { verdict: 'success', by: 'success', request };
}

function count(second: Second, request: CountedRequest): void {
  switch (request.result) {
    case 'ok':
      second.ok++;
      second.newestOk = later(second.newestOk, request);
      return;
    case 'overloaded':
      second.overloaded++;
      second.overload = later(second.overload, request);
      return;
    case 'at-once':
      second.atOnce = later(second.atOnce, request);
      break;
    case 'counted':
      break;
  }
  second.failed++;
  keepFailure(second, request);
}

function merge(sum: Second, second: Second): void {
  sum.ok += second.ok;
  sum.failed += second.failed;
  sum.overloaded += second.overloaded;
  sum.newestOk = later(sum.newestOk, second.newestOk);
  if (second.last !== undefined) keepFailure(sum, second.last);
  if (second.before !== undefined) keepFailure(sum, second.before);
  sum.atOnce = later(sum.atOnce, second.atOnce);
  sum.overload = later(sum.overload, second.overload);
}

function keepFailure(second: Second, failure: CountedRequest): void {
  if (second.last === undefined || failure.at > second.last.at) {
    second.before = second.last;
    second.last = failure;
  } else {
    second.before = later(second.before, failure);
  }
}

function later(one: CountedRequest | undefined, other: CountedRequest | undefined): CountedRequest | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.at > one.at ? other : one;
}

function emptySecond(at: number): Second {
  const nothing = { newestOk: undefined, last: undefined, before: undefined, atOnce: undefined, overload: undefined };
  return { at, ok: 0, failed: 0, overloaded: 0, ...nothing };
}

function empty(second: Second, at: number): void {
  Object.assign(second, emptySecond(at));
}

const SECOND_US = 1_000_000;

function secondOf(at: StoreTime): number {
  return Math.floor(at / SECOND_US);
}
