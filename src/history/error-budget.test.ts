import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { errorBudgetOf, groupSpans, spansOf } from './index.ts';
import type { PastPoint, SpanState, StateSpan } from './index.ts';

const MINUTE = 60_000_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const window = { from: 0, until: 30 * DAY };

function spansFrom(parts: readonly (readonly [minutes: number, state: SpanState])[]): readonly StateSpan[] {
  const spans: StateSpan[] = [];
  for (const [minutes, state] of parts) {
    const from = spans.at(-1)?.until ?? 0;
    spans.push({ from, until: from + minutes * MINUTE, state });
  }
  return spans;
}

const state = fc.constantFrom<SpanState>('up', 'down', 'unknown');
/** States that fill the window. */
const filled = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 4_000 }), state), { minLength: 1, maxLength: 30 })
  .map((parts): readonly StateSpan[] => {
    const spans = spansFrom(parts).filter(({ from }) => from < window.until);
    const until = spans.at(-1)?.until ?? 0;
    const rest: readonly StateSpan[] = until < window.until ? [{ from: until, until: window.until, state: 'up' }] : [];
    return [...spans.map((span) => ({ ...span, until: Math.min(span.until, window.until) })), ...rest];
  });
const objective = fc.constantFrom(50, 90, 99, 99.5, 99.9, 99.95, 99.99, 99.999);

describe('the error budget', () => {
  it('is what the objective leaves of the window, less the time that was down', () => {
    const spans = spansFrom([
      [30 * 24 * 60 - 100, 'up'],
      [10, 'down'],
      [90, 'up'],
    ]);
    const found = errorBudgetOf(spans, 99.9, window);
    expect(found).toMatchObject({ totalUs: 43.2 * MINUTE, usedUs: 10 * MINUTE, leftUs: 1_992_000_000, state: 'left' });
    expect(found.leftRatio).toBeCloseTo(33.2 / 43.2);
    expect(found.burnRates).toMatchObject({ '5m': 0, '1h': 0, '6h': expect.closeTo(10 / 360 / 0.001) as number });
    expect(found.exhaustedInUs).toBeNull();
  });

  it('says when it is spent at the rate of the last hour', () => {
    const spans = spansFrom([
      [30 * 24 * 60 - 6, 'up'],
      [6, 'down'],
    ]);
    const { burnRates, exhaustedInUs } = errorBudgetOf(spans, 99.9, window);
    expect(burnRates).toMatchObject({ '5m': expect.closeTo(1_000) as number, '1h': expect.closeTo(100) as number });
    expect(exhaustedInUs).toBeCloseTo((43.2 - 6) * 10 * MINUTE, -3);
  });

  it('is overdrawn and spent after a longer outage, and spent already when just used up', () => {
    const after = (minutes: number) => {
      const parts = [
        [9_000 - minutes, 'up'],
        [minutes, 'down'],
      ] as const;
      return errorBudgetOf(spansFrom(parts), 99, { from: 0, until: 9_000 * MINUTE });
    };
    expect(after(89)).toMatchObject({ state: 'left' });
    expect(after(90)).toMatchObject({ state: 'spent', leftUs: 0, exhaustedInUs: 0 });
    expect(after(180)).toMatchObject({ state: 'spent', leftUs: -90 * MINUTE, leftRatio: -1, exhaustedInUs: 0 });
  });

  it('is nothing, and not spent, where nothing is known', () => {
    expect(errorBudgetOf([], 99.9, window)).toMatchObject({
      totalUs: 0,
      usedUs: 0,
      leftRatio: null,
      state: 'left',
      burnRates: { '5m': null, '30m': null, '1h': null, '6h': null },
      exhaustedInUs: null,
    });
  });

  it('adds up: used and left are the total, and all is whole microseconds', () => {
    fc.assert(
      fc.property(filled, objective, (spans, percent) => {
        const { totalUs, usedUs, leftUs, upUs, downUs, unknownUs } = errorBudgetOf(spans, percent, window);
        expect(usedUs + leftUs).toBe(totalUs);
        expect(upUs + downUs + unknownUs).toBe(window.until);
        expect([totalUs, usedUs, leftUs].every(Number.isSafeInteger)).toBe(true);
      }),
    );
  });

  it('neither grows nor shrinks by unknown time, wherever it is and however long', () => {
    fc.assert(
      fc.property(filled, objective, fc.integer({ min: 1, max: 90 }), (spans, percent, days) => {
        const known = errorBudgetOf(spans, percent, window);
        const longer = errorBudgetOf(spans, percent, { from: -days * DAY, until: window.until });
        const { totalUs, usedUs, leftUs, state: end, burnRates } = known;
        expect(longer).toMatchObject({ totalUs, usedUs, leftUs, state: end, burnRates });
        const withoutUnknown = spans.filter((span) => span.state !== 'unknown');
        expect(errorBudgetOf(withoutUnknown, percent, window)).toEqual(known);
      }),
    );
  });

  it('is spent exactly where the availability is not above the objective', () => {
    fc.assert(
      fc.property(filled, objective, (spans, percent) => {
        const { upUs, downUs, totalUs, state: end } = errorBudgetOf(spans, percent, window);
        fc.pre(Math.abs(totalUs - downUs) > 1);
        expect(end === 'spent').toBe(downUs > 0 && upUs / (upUs + downUs) < percent / 100);
      }),
    );
  });

  it('does not depend on the order of the points', () => {
    const point = fc.record({
      at: fc.integer({ min: 0, max: 48 }).map((n) => n * 30 * MINUTE),
      kind: fc.constantFrom('ok', 'failed', 'overloaded'),
      pod: fc.constant('pod_a'),
      latencyMs: fc.constant(5),
    }) satisfies fc.Arbitrary<PastPoint>;
    const shuffled = fc
      .array(point, { maxLength: 40 })
      .chain((points) => fc.tuple(fc.constant(points), fc.shuffledSubarray(points, { minLength: points.length })));
    const cadence = { intervalMs: 60_000, timeoutMs: 10_000, probed: 'in-background' } as const;
    const day = { from: 0, until: DAY };
    fc.assert(
      fc.property(shuffled, objective, ([points, others], percent) => {
        const budget = (of: readonly PastPoint[]) => {
          return errorBudgetOf(groupSpans([spansOf(of, cadence, day)], day), percent, day);
        };
        expect(budget(others)).toEqual(budget(points));
      }),
    );
  });
});
