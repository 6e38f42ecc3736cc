import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { independentProbes, recentRate } from './count-probes.ts';
import { savings } from './savings.ts';

describe('what independent pods would have sent', () => {
  it('is one probe at the start of each pod and one per interval of its life', () => {
    const lives = [{ fromMs: 0 }, { fromMs: 0, toMs: 9_000 }, { fromMs: 11_000 }];
    expect(independentProbes(lives, { intervalMs: 5_000, nowMs: 12_000 })).toBe(3 + 2 + 1);
  });

  it('never exceeds pods x (intervals + 1) and grows with every pod', () => {
    const life = fc.record({ fromMs: fc.nat(60_000) });
    fc.assert(
      fc.property(fc.array(life), life, (lives, one) => {
        const time = { intervalMs: 5_000, nowMs: 60_000 };
        const probes = independentProbes(lives, time);
        expect(probes).toBeLessThanOrEqual(lives.length * 13);
        expect(independentProbes([...lives, one], time)).toBeGreaterThan(probes);
      }),
    );
  });
});

describe('the rate of probes', () => {
  const every5s = (phaseMs: number): number[] => Array.from({ length: 13 }, (_, i) => phaseMs + i * 5_000);

  it('is exactly 1 at any moment for targets on a grid, whatever their phases', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10_000, max: 60_000 }), fc.nat(4_999), fc.nat(4_999), (nowMs, one, other) => {
        const starts = [every5s(one), every5s(other)];
        expect(recentRate({ starts, sinceMs: 0, nowMs, intervalMs: 5_000 })).toBe(1);
      }),
    );
  });

  it('counts extra probes and only recent ones', () => {
    const starts = [[1, 2, 3, 90_001, 90_002, ...every5s(60_500)]];
    expect(recentRate({ starts, sinceMs: 0, nowMs: 120_000, intervalMs: 5_000 })).toBeCloseTo(8 / 6);
  });

  it('is null before two intervals have passed', () => {
    expect(recentRate({ starts: [[1]], sinceMs: 0, nowMs: 9_999, intervalMs: 5_000 })).toBeNull();
  });
});

describe('savings', () => {
  it('are unknown, and not nothing, while no price is known', () => {
    const unknown = { spentUsd: null, savedUsd: null, monthlyUsd: null, unpriced: 1 };
    const unpriced = [{ counted: 3, costUsd: undefined }];
    expect(savings({ targets: unpriced, independentPerTarget: 9, pods: 3, intervalMs: 5_000 })).toEqual(unknown);
  });

  const targets = [
    { counted: 10, costUsd: 0.000_1 },
    { counted: 12, costUsd: undefined },
    { counted: 10, costUsd: 0.000_02 },
  ];

  it('are the probes not made, each at its own price; those without a price save nothing', () => {
    const { spentUsd, savedUsd, unpriced } = savings({
      targets,
      independentPerTarget: 30,
      pods: 3,
      intervalMs: 5_000,
    });
    expect(savedUsd).toBeCloseTo(20 * 0.000_12, 12);
    expect(spentUsd).toBeCloseTo(10 * 0.000_12, 12);
    expect(unpriced).toBe(1);
  });

  it('of a month are those of all pods but one, in every interval of thirty days', () => {
    const { monthlyUsd } = savings({ targets, independentPerTarget: 30, pods: 3, intervalMs: 300_000 });
    expect(monthlyUsd).toBeCloseTo(2 * 0.000_12 * 8_640, 9);
    expect(savings({ targets, independentPerTarget: 30, pods: 1, intervalMs: 300_000 }).monthlyUsd).toBe(0);
  });

  it('can be negative: one pod alone has nobody to share a confirmation with', () => {
    const { savedUsd } = savings({ targets, independentPerTarget: 9, pods: 1, intervalMs: 5_000 });
    expect(savedUsd).toBeCloseTo(-0.000_12, 12);
  });
});
