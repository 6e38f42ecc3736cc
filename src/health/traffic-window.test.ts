import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWindow, WINDOW_SECONDS } from './traffic-window.ts';
import type { CountedRequest } from './traffic-window.ts';

const NOW = 1_000 * 1_000_000;
type Result = CountedRequest['result'];

function requestAt(secondsAgo: number, result: Result, tookSeconds = 0): CountedRequest {
  const endedAt = NOW - secondsAgo * 1_000_000;
  const request = { at: endedAt - tookSeconds * 1_000_000, endedAt, latencyMs: 10, result };
  return result === 'ok' ? request : { ...request, failure: { class: 'server', message: result } };
}

/** Results in the order of their starts, a second apart, the last one just now. */
function judged(...results: readonly Result[]): string | undefined {
  const window = createWindow();
  for (const [at, result] of results.entries()) window.add(requestAt(results.length - at - 1, result), NOW);
  return window.verdict(NOW)?.verdict;
}

const oks = (count: number): Result[] => Array.from({ length: count }, () => 'ok');
const fails = (count: number): Result[] => Array.from({ length: count }, () => 'counted');
const overloads = (count: number): Result[] => Array.from({ length: count }, () => 'overloaded');

describe('a window of requests', () => {
  it.each<[string, Result[], string | undefined]>([
    ['nothing', [], undefined],
    ['one success', ['ok'], 'success'],
    ['one counted failure alone', ['counted'], undefined],
    ['one counted failure after a success', ['ok', 'counted'], 'success'],
    ['two counted failures in a row', ['ok', 'counted', 'counted'], 'suspect'],
    ['two counted failures before a success', ['counted', 'counted', 'ok'], 'success'],
    ['two counted failures with a success between', ['counted', 'ok', 'counted'], 'success'],
    ['an overload between two counted failures', ['counted', 'overloaded', 'counted'], 'suspect'],
    ['one failure that is enough by itself', ['ok', 'at-once'], 'suspect'],
    ['the same before a success', ['at-once', 'ok'], 'success'],
    ['one overload', ['ok', 'overloaded'], 'degraded'],
    ['many overloads', overloads(20), 'degraded'],
    ['an overload before a success', ['overloaded', 'ok'], 'success'],
    ['half of nine', [...fails(5), ...oks(4)], 'success'],
    ['half of ten', [...fails(5), ...oks(5)], 'suspect'],
    ['four of ten', [...fails(4), ...oks(6)], 'degraded'],
    ['one of ten', ['counted', ...oks(9)], 'degraded'],
    ['one of eleven', ['counted', ...oks(10)], 'success'],
    ['four failures and four overloads of twelve', [...fails(4), ...overloads(4), ...oks(4)], 'degraded'],
    ['one overload of ten', ['overloaded', ...oks(9)], 'degraded'],
  ])('judges %s', (_what, results, verdict) => {
    expect(judged(...results)).toBe(verdict);
  });

  it('names the newest request that supports the verdict', () => {
    const window = createWindow();
    const requests = [requestAt(3, 'counted'), requestAt(2, 'counted'), requestAt(5, 'ok')];
    for (const request of requests) window.add(request, NOW);
    expect(window.verdict(NOW)).toEqual({ verdict: 'suspect', by: 'run', request: requestAt(2, 'counted') });
    window.add(requestAt(1, 'ok'), NOW);
    expect(window.verdict(NOW)).toEqual({ verdict: 'success', by: 'success', request: requestAt(1, 'ok') });
  });

  it('names the rule that applied, the share of all requests before a run of failures', () => {
    const by = (...list: readonly Result[]): string | undefined => {
      const window = createWindow();
      for (const [at, result] of list.entries()) window.add(requestAt(list.length - at - 1, result), NOW);
      return window.verdict(NOW)?.by;
    };
    expect(by('ok', 'counted', 'counted')).toBe('run');
    expect(by('ok', 'at-once')).toBe('at-once');
    expect(by(...oks(5), ...fails(5))).toBe('share');
  });

  it('has a long request by its end, and in the order of its start', () => {
    const window = createWindow();
    window.add(requestAt(0, 'counted', 600), NOW);
    window.add(requestAt(0, 'counted', 590), NOW);
    expect(window.verdict(NOW)?.verdict).toBe('suspect');
    window.add(requestAt(30, 'ok'), NOW);
    expect(window.verdict(NOW)?.verdict).toBe('success');
  });

  it('forgets what is older than it', () => {
    const window = createWindow();
    window.add(requestAt(0, 'counted'), NOW);
    window.add(requestAt(1, 'counted'), NOW);
    expect(window.verdict(NOW + (WINDOW_SECONDS - 2) * 1_000_000)?.verdict).toBe('suspect');
    expect(window.verdict(NOW + WINDOW_SECONDS * 1_000_000)).toBeUndefined();
  });

  it('forgets what lies ahead of a clock that was set back', () => {
    const window = createWindow();
    window.add(requestAt(0, 'ok'), NOW);
    const back = NOW - 600 * 1_000_000;
    expect(window.verdict(back)).toBeUndefined();
    window.add({ ...requestAt(0, 'at-once'), at: back, endedAt: back }, back);
    expect(window.verdict(back)?.verdict).toBe('suspect');
  });
});

// The rule, from a list of all requests: slow, and as the protocol words it.
function verdictFromList(requests: readonly CountedRequest[], now: number): string | undefined {
  const kept = requests
    .filter(({ endedAt }) => endedAt <= now && Math.floor(endedAt / 1e6) > Math.floor(now / 1e6) - WINDOW_SECONDS)
    .toSorted((a, b) => a.at - b.at);
  const sinceSuccess = kept.slice(kept.findLastIndex(({ result }) => result === 'ok') + 1);
  const failed = kept.filter(({ result }) => result === 'counted' || result === 'at-once').length;
  const overloaded = kept.filter(({ result }) => result === 'overloaded').length;
  const counts = (part: number, share: number): boolean => kept.length >= 10 && part >= share * kept.length;
  const inRow = sinceSuccess.filter(({ result }) => result !== 'overloaded').length;
  if (inRow >= 2 || sinceSuccess.some(({ result }) => result === 'at-once') || counts(failed, 0.5)) return 'suspect';
  if (sinceSuccess.some(({ result }) => result === 'overloaded') || counts(failed + overloaded, 0.1)) return 'degraded';
  return kept.some(({ result }) => result === 'ok') ? 'success' : undefined;
}

const results = fc.constantFrom<Result>('ok', 'ok', 'ok', 'counted', 'at-once', 'overloaded');
/** Requests that ended within two minutes, short and long, in any order; no two started at the same time. */
const anyRequests = fc
  .uniqueArray(
    fc.record({
      tenths: fc.integer({ min: 0, max: 1_200 }),
      tookTenths: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2_000 })),
      result: results,
    }),
    { maxLength: 60, size: 'max', selector: ({ tenths, tookTenths }) => tenths + tookTenths },
  )
  .map((list) => list.map(({ tenths, tookTenths, result }) => requestAt(tenths / 10, result, tookTenths / 10)));

describe('a window that is cleared', () => {
  it('has no request, and counts those that come', () => {
    const window = createWindow();
    window.add(requestAt(1, 'at-once'), NOW);
    window.clear();
    expect(window.verdict(NOW)).toBeUndefined();
    window.add(requestAt(0, 'ok'), NOW);
    expect(window.verdict(NOW)?.verdict).toBe('success');
  });
});

describe('for any requests', () => {
  it('the verdict is that of the rule over the whole list, whatever the order of their arrival', () => {
    fc.assert(
      fc.property(anyRequests, (requests) => {
        const window = createWindow();
        for (const request of requests) window.add(request, NOW);
        expect(window.verdict(NOW)?.verdict).toBe(verdictFromList(requests, NOW));
      }),
      { numRuns: 2_000 },
    );
  });

  it('the verdict stays that of the rule while time passes and more arrive', () => {
    fc.assert(
      fc.property(anyRequests, (requests) => {
        const window = createWindow();
        const known: CountedRequest[] = [];
        for (const request of requests.toSorted((a, b) => a.endedAt - b.endedAt)) {
          window.add(request, request.endedAt);
          known.push(request);
          expect(window.verdict(request.endedAt)?.verdict).toBe(verdictFromList(known, request.endedAt));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('the request that is named has the result that the verdict needs', () => {
    fc.assert(
      fc.property(anyRequests, (requests) => {
        const window = createWindow();
        for (const request of requests) window.add(request, NOW);
        const found = window.verdict(NOW);
        const allowed = {
          success: ['ok'],
          degraded: ['counted', 'at-once', 'overloaded'],
          suspect: ['counted', 'at-once'],
        };
        expect(found === undefined || allowed[found.verdict].includes(found.request.result)).toBe(true);
      }),
    );
  });
});
