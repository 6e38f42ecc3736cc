import type { Failure, StoreTime } from '../health/index.ts';
import type { TrafficVerdict } from '../ports/index.ts';
import type { FailureEffect } from './evidence.ts';

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
  readonly request: CountedRequest;
}

/** The requests of one target that ended within the last {@link WINDOW_SECONDS}, in bounded memory. */
export interface TrafficWindow {
  /** Adds a request that is in the window. The order of calls does not matter: pods report late, and not in turn. */
  add(request: CountedRequest): void;
  /** Undefined while nothing in the window supports a verdict. */
  verdict(now: StoreTime): WindowVerdict | undefined;
}

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
 * failures: both are kept for each second, so memory does not grow with traffic.
 */
export function createWindow(): TrafficWindow {
  const seconds = new Map<number, Second>();
  return {
    add: (request) => {
      const second = secondOf(request.endedAt);
      seconds.set(second, merged(seconds.get(second) ?? NOTHING, secondWith(request)));
    },
    verdict: (now) => {
      for (const second of seconds.keys()) if (!isInWindow(second * SECOND_US, now)) seconds.delete(second);
      return verdictOf([...seconds.values()].reduce(merged, NOTHING));
    },
  };
}

/** True if a request that ended at `endedAt` is in the window. A request that ended later than `now`, because the clock was set back, is not. */
export function isInWindow(endedAt: StoreTime, now: StoreTime): boolean {
  return secondOf(endedAt) > secondOf(now) - WINDOW_SECONDS && secondOf(endedAt) <= secondOf(now);
}

/** What the requests that ended in one second leave behind. Newest: by their starts. */
interface Second {
  readonly ok: number;
  readonly failed: number;
  readonly overloaded: number;
  readonly newestOk: CountedRequest | undefined;
  /** The two newest, newest first: counted ones, and those that are enough by themselves. */
  readonly failures: readonly CountedRequest[];
  readonly atOnce: CountedRequest | undefined;
  readonly overload: CountedRequest | undefined;
}

const NOTHING: Second = {
  ok: 0,
  failed: 0,
  overloaded: 0,
  newestOk: undefined,
  failures: [],
  atOnce: undefined,
  overload: undefined,
};

function verdictOf({ newestOk, failures, atOnce, overload, ...counts }: Second): WindowVerdict | undefined {
  const [last, before] = failures;
  const since = newestOk?.at ?? -1;
  const all = counts.ok + counts.failed + counts.overloaded;
  const share = (part: number): number => (all < SHARE_FROM ? 0 : part / all);
  if (atOnce !== undefined && atOnce.at > since) return { verdict: 'suspect', request: atOnce };
  if (last !== undefined && ((before !== undefined && before.at > since) || share(counts.failed) >= SUSPECT_SHARE)) {
    return { verdict: 'suspect', request: last };
  }
  if (overload !== undefined && overload.at > since) return { verdict: 'degraded', request: overload };
  const worst = later(last, overload);
  if (worst !== undefined && share(counts.failed + counts.overloaded) >= DEGRADED_SHARE) {
    return { verdict: 'degraded', request: worst };
  }
  return newestOk === undefined ? undefined : { verdict: 'success', request: newestOk };
}

function secondWith(request: CountedRequest): Second {
  switch (request.result) {
    case 'ok':
      return { ...NOTHING, ok: 1, newestOk: request };
    case 'overloaded':
      return { ...NOTHING, overloaded: 1, overload: request };
    case 'at-once':
      return { ...NOTHING, failed: 1, failures: [request], atOnce: request };
    case 'counted':
      return { ...NOTHING, failed: 1, failures: [request] };
  }
}

function merged(one: Second, other: Second): Second {
  return {
    ok: one.ok + other.ok,
    failed: one.failed + other.failed,
    overloaded: one.overloaded + other.overloaded,
    newestOk: later(one.newestOk, other.newestOk),
    failures: [...one.failures, ...other.failures].toSorted((a, b) => b.at - a.at).slice(0, 2),
    atOnce: later(one.atOnce, other.atOnce),
    overload: later(one.overload, other.overload),
  };
}

function later(one: CountedRequest | undefined, other: CountedRequest | undefined): CountedRequest | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return other.at > one.at ? other : one;
}

const SECOND_US = 1_000_000;

function secondOf(at: StoreTime): number {
  return Math.floor(at / SECOND_US);
}
