import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSlidingCount } from './sliding-count.ts';

const SPAN = { windowMs: 60_000, bucketMs: 1_000, aheadMs: 60_000 };

const steps = fc.array(
  fc.record({
    afterMs: fc.oneof(fc.integer({ min: 0, max: 3_000 }), fc.integer({ min: 0, max: 200_000 })),
    aheadMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60_000 })),
    amount: fc.integer({ min: 1, max: 50 }),
  }),
  { maxLength: 80 },
);

describe('a sliding count', () => {
  it('is never below the true sum of the window, and never above that of the window and one bucket', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), steps, (startMs, list) => {
        const count = createSlidingCount(SPAN);
        const added: { atMs: number; amount: number }[] = [];
        let nowMs = startMs;
        for (const { afterMs, aheadMs, amount } of list) {
          nowMs += afterMs;
          count.add(amount, nowMs + aheadMs, nowMs);
          added.push({ atMs: nowMs + aheadMs, amount });
          const since = (ms: number): number =>
            added.reduce((sum, one) => sum + (one.atMs > nowMs - ms ? one.amount : 0), 0);
          expect(count.total(nowMs)).toBeGreaterThanOrEqual(since(60_000));
          expect(count.total(nowMs)).toBeLessThanOrEqual(since(61_001));
        }
      }),
    );
  });

  it('says when it will be low enough, no later than it is', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 0, max: 300 }), (list, most) => {
        const count = createSlidingCount(SPAN);
        let nowMs = 0;
        for (const { afterMs, aheadMs, amount } of list) {
          nowMs += afterMs;
          count.add(amount, nowMs + aheadMs, nowMs);
        }
        const waitMs = count.msUntilAtMost(most, nowMs);
        const before = waitMs === 0 ? Infinity : count.total(nowMs + waitMs - 1);
        expect(before).toBeGreaterThan(most);
        expect(count.total(nowMs + waitMs)).toBeLessThanOrEqual(most);
      }),
    );
  });

  it('takes back what was counted before, while it is in the window', () => {
    const count = createSlidingCount(SPAN);
    count.add(100, 0, 0);
    count.add(-40, 0, 30_000);
    expect(count.total(30_000)).toBe(60);
    expect(count.total(61_000)).toBe(0);
    count.add(-60, 0, 61_000);
    expect(count.total(61_000)).toBe(0);
  });
});
