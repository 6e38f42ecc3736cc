import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  groupSpans,
  incidentsOf,
  knownRatio,
  latencyOf,
  spansOf,
  uptimeByDay,
  uptimeOf,
  uptimeRatio,
} from './index.ts';
import type { Cadence, PastPoint, TimeWindow } from './index.ts';

const MINUTE = 60_000_000;
const HOUR = 60 * MINUTE;
const cadence: Cadence = { intervalMs: 60_000, timeoutMs: 10_000, probed: 'in-background' };
/** Two intervals and the timeout. */
const REACH = 130_000_000;

const ok = (at: number): PastPoint => ({ at, kind: 'ok', pod: 'pod_a', latencyMs: 100 });
const failed = (at: number, more: Partial<PastPoint> = {}): PastPoint => {
  return { at, kind: 'failed', class: 'server', message: 'HTTP 500', pod: 'pod_a', latencyMs: 9, ...more };
};

describe('spans of a target', () => {
  it('last until the next point if probes ran on', () => {
    const points = [ok(10), failed(20 * MINUTE), ok(25 * MINUTE), ok(HOUR + MINUTE)];
    expect(spansOf(points, cadence, { from: 0, until: HOUR + 2 * MINUTE })).toEqual([
      { from: 0, until: 10, state: 'unknown' },
      { from: 10, until: 20 * MINUTE, state: 'up' },
      { from: 20 * MINUTE, until: 25 * MINUTE, state: 'down' },
      { from: 25 * MINUTE, until: HOUR + 2 * MINUTE, state: 'up' },
    ]);
  });

  it('are unknown where an hour has no point, after two intervals', () => {
    expect(spansOf([ok(0), ok(3 * HOUR)], cadence, { from: 0, until: 3 * HOUR + MINUTE })).toEqual([
      { from: 0, until: REACH, state: 'up' },
      { from: REACH, until: 3 * HOUR, state: 'unknown' },
      { from: 3 * HOUR, until: 3 * HOUR + MINUTE, state: 'up' },
    ]);
  });

  it('are unknown after the last point, also after a failure', () => {
    expect(spansOf([failed(0)], cadence, { from: 0, until: HOUR })).toEqual([
      { from: 0, until: REACH, state: 'down' },
      { from: REACH, until: HOUR, state: 'unknown' },
    ]);
  });

  it('allow for the longer interval after failures that only an operator can end', () => {
    const late = HOUR + 8 * MINUTE;
    const window = { from: 0, until: late };
    expect(spansOf([failed(0, { class: 'auth' }), ok(late)], cadence, window)).toEqual([
      { from: 0, until: late, state: 'down' },
    ]);
    expect(uptimeOf(spansOf([failed(0), ok(late)], cadence, window), window).downUs).toBe(REACH);
  });

  it('are unknown while the upstream rejects the probe', () => {
    const points = [ok(0), failed(MINUTE, { class: 'bad-probe' }), ok(2 * MINUTE)];
    const window = { from: 0, until: 3 * MINUTE };
    expect(uptimeOf(spansOf(points, cadence, window), window)).toEqual({
      upUs: 2 * MINUTE,
      downUs: 0,
      unknownUs: MINUTE,
    });
  });

  it('say nothing about the time between results that were requested', () => {
    const spans = spansOf([ok(0), ok(30 * MINUTE)], { ...cadence, probed: 'on-request' }, { from: 0, until: HOUR });
    expect(uptimeOf(spans, { from: 0, until: HOUR })).toEqual({
      upUs: 2 * REACH,
      downUs: 0,
      unknownUs: HOUR - 2 * REACH,
    });
  });
});

describe('spans of a group', () => {
  const window = { from: 0, until: 40 };
  it('are down only while all targets are, and up while one is', () => {
    const a = [
      { from: 0, until: 20, state: 'down' as const },
      { from: 20, until: 40, state: 'up' as const },
    ];
    const b = [
      { from: 0, until: 10, state: 'unknown' as const },
      { from: 10, until: 40, state: 'down' as const },
    ];
    expect(groupSpans([a, b], window)).toEqual([
      { from: 0, until: 10, state: 'unknown' },
      { from: 10, until: 20, state: 'down' },
      { from: 20, until: 40, state: 'up' },
    ]);
  });

  it('are unknown without a target', () => {
    expect(groupSpans([], window)).toEqual([{ from: 0, until: 40, state: 'unknown' }]);
  });
});

describe('incidents', () => {
  const window = { from: 0, until: 5 * HOUR };
  it('have their ends, classes, pods and the first cause', () => {
    const points = [ok(0), failed(MINUTE), failed(3 * MINUTE, { class: 'timeout', pod: 'pod_b' }), ok(9 * MINUTE)];
    expect(incidentsOf(spansOf(points, cadence, window), points, window)).toEqual([
      {
        startedAt: MINUTE,
        start: 'seen',
        endedAt: 9 * MINUTE,
        end: 'recovered',
        classes: ['server', 'timeout'],
        pods: ['pod_a', 'pod_b'],
        cause: 'server: HTTP 500',
      },
    ]);
  });

  it('do not claim a start or an end that no evidence shows, and are split by a gap', () => {
    const points = [failed(0), failed(4 * HOUR), failed(5 * HOUR - 1)];
    const found = incidentsOf(spansOf(points, cadence, window), points, window);
    expect(found.map(({ startedAt, start, endedAt, end }) => ({ startedAt, start, endedAt, end }))).toEqual([
      { startedAt: 4 * HOUR, start: 'unknown', endedAt: 5 * HOUR, end: 'ongoing' },
      { startedAt: 0, start: 'unknown', endedAt: REACH, end: 'unknown' },
    ]);
  });
});

it('ratios are null and 0 where nothing is known', () => {
  const nothing = uptimeOf([], { from: 0, until: 100 });
  expect([uptimeRatio(nothing), knownRatio(nothing)]).toEqual([null, 0]);
});

it('percentiles are measured latencies of successes, and say of how many', () => {
  const points = [...[40, 10, 30, 20].map((latencyMs, at) => ({ ...ok(at), latencyMs })), failed(5)];
  expect(latencyOf(points, { from: 0, until: 10 })).toEqual({ points: 4, p50: 20, p90: 40, p99: 40 });
  expect(latencyOf([], { from: 0, until: 10 })).toEqual({ points: 0, p50: null, p90: null, p99: null });
});

const anyPoint = fc
  .record({
    at: fc.integer({ min: 0, max: 100 * HOUR }),
    kind: fc.constantFrom<PastPoint['kind']>('ok', 'failed', 'overloaded'),
  })
  .chain(({ at, kind }) =>
    fc.constantFrom<PastPoint['class']>('server', 'auth', 'bad-probe', undefined).map((failure): PastPoint => ({
      at,
      kind,
      pod: 'pod_a',
      latencyMs: 1,
      ...(failure !== undefined && { class: failure }),
    })),
  );
const anyPoints = fc.array(anyPoint, { maxLength: 60 });
const anyWindow = fc
  .tuple(fc.integer({ min: 0, max: 100 * HOUR }), fc.integer({ min: 1, max: 100 * HOUR }))
  .map(([from, length]): TimeWindow => ({ from, until: from + length }));

describe('for any points', () => {
  it('spans cover the window without overlap, and known up, known down and unknown add up to it', () => {
    fc.assert(
      fc.property(fc.array(anyPoints, { maxLength: 4 }), anyWindow, (targets, window) => {
        const each = targets.map((points) => spansOf(points, cadence, window));
        for (const spans of [...each, groupSpans(each, window)]) {
          expect(spans[0]?.from).toBe(window.from);
          expect(spans.at(-1)?.until).toBe(window.until);
          for (const [i, span] of spans.slice(1).entries()) expect(span.from).toBe(spans[i]?.until);
          const { upUs, downUs, unknownUs } = uptimeOf(spans, window);
          expect(Math.min(upUs, downUs, unknownUs)).toBeGreaterThanOrEqual(0);
          expect(upUs + downUs + unknownUs).toBe(window.until - window.from);
        }
      }),
    );
  });

  it('adjoining windows add up, and so do days', () => {
    fc.assert(
      fc.property(anyPoints, anyWindow, fc.double({ min: 0, max: 1, noNaN: true }), (points, window, share) => {
        const cut = Math.floor(window.from + share * (window.until - window.from));
        const parts = [
          { from: window.from, until: cut },
          { from: cut, until: window.until },
        ].map((part) => uptimeOf(spansOf(points, cadence, part), part));
        const whole = uptimeOf(spansOf(points, cadence, window), window);
        for (const key of ['upUs', 'downUs', 'unknownUs'] as const) {
          expect(parts.reduce((sum, part) => sum + part[key], 0)).toBe(whole[key]);
          const days = uptimeByDay(spansOf(points, cadence, window), window);
          expect(days.reduce((sum, day) => sum + day[key], 0)).toBe(whole[key]);
        }
      }),
    );
  });

  it('the order of points does not matter', () => {
    fc.assert(
      fc.property(
        anyPoints.chain((points) =>
          fc.tuple(fc.constant(points), fc.shuffledSubarray(points, { minLength: points.length })),
        ),
        anyWindow,
        ([points, shuffled], window) => {
          expect(spansOf(shuffled, cadence, window)).toEqual(spansOf(points, cadence, window));
        },
      ),
    );
  });
});
