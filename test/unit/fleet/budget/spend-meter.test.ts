import { describe, expect, it } from 'vitest';
import { failedProbe, fleetTarget, okProbe, recordingLogger } from '../../../support/fleet-parts.ts';
import type { ProbeCost } from '../../../../src/ports/index.ts';
import { SpendMeter } from '../../../../src/fleet/budget/spend-meter.ts';

// gpt-4o-mini is listed at $0.15 and $0.60 for a million tokens: 150 and 600 billionths for one. A probe of 12 tokens
// in and 5 out costs 12 × 150 + 5 × 600 = 4,800 billionths.
const COST = 4_800;
const target = fleetTarget({ deployments: 3, paid: { worstNanoUsd: 15_000, instead: 'models' } });
const probe = okProbe(1, { costUsd: 0.000_004_8 });

function tillOf(pods: number) {
  const logger = recordingLogger();
  return { spendMeter: new SpendMeter({ logger, podsWith: () => pods }), lines: logger.lines };
}

describe('the bill of a probe', () => {
  it('is its cost, saved once per other pod, and once per further deployment in every pod', () => {
    expect(tillOf(4).spendMeter.probeCostOf(target, probe)).toEqual({
      nanoUsd: COST,
      totals: {
        probes: 1,
        unpriced: 0,
        spent: COST,
        savedBySharing: 3 * COST,
        savedByAlias: 2 * 4 * COST,
        savedByCache: 0,
      },
    });
  });

  it('of a check by name saved nothing by sharing: other pods would not have made it', () => {
    const cost = tillOf(4).spendMeter.probeCostOf(target, { ...probe, reason: 'forced' });
    expect(cost?.totals).toMatchObject({ spent: COST, savedBySharing: 0, savedByAlias: 0 });
  });

  it('is the worst price where a probe may have run, and nothing where it was refused', () => {
    const { spendMeter } = tillOf(1);
    const costs = (one: typeof probe): number | undefined => spendMeter.probeCostOf(target, one)?.nanoUsd;
    expect(costs(okProbe(1))).toBe(15_000);
    expect(costs(failedProbe(1, { class: 'timeout' }))).toBe(15_000);
    expect(costs(failedProbe(1, { class: 'auth', status: 401 }))).toBe(0);
  });

  it('of an unknown price is counted, and in no sum of money', () => {
    const own = fleetTarget({ paid: { worstNanoUsd: 0, instead: 'models' } });
    const totals = { probes: 1, unpriced: 1, spent: 0, savedBySharing: 0, savedByAlias: 0, savedByCache: 0 };
    expect(tillOf(3).spendMeter.probeCostOf(own, okProbe(1))).toEqual({ nanoUsd: 0, totals });
  });

  it('has every check that was answered by fresh evidence once, though the store refuses the first bill', () => {
    const { spendMeter } = tillOf(1);
    const saved = (cost: ProbeCost | undefined): number | undefined => cost?.totals.savedByCache;
    spendMeter.reused(target.id);
    spendMeter.reused(target.id);
    expect(saved(spendMeter.probeCostOf(target, probe))).toBe(2 * COST);
    // Refused for a newer version, and made anew; one more check comes before it is taken.
    const cost = spendMeter.probeCostOf(target, probe)!;
    expect(saved(cost)).toBe(2 * COST);
    spendMeter.reused(target.id);
    spendMeter.paid(target, cost);
    expect(saved(spendMeter.probeCostOf(target, probe))).toBe(COST);
  });
});

it('a probe that costs more than its token limit allows is logged once, until one keeps to it (cost bomb)', () => {
  const { spendMeter, lines } = tillOf(1);
  const costing = (nanoUsd: number): void =>
    spendMeter.paid(target, { ...spendMeter.probeCostOf(target, probe)!, nanoUsd });
  costing(15_000);
  expect(lines).toEqual([]);
  // 60,000 tokens of thoughts.
  for (const nanoUsd of [36_001_800, 36_001_800]) costing(nanoUsd);
  expect(lines).toEqual([
    {
      level: 'warn',
      message:
        'A probe of openai/gpt-4o-mini cost $0.0360018, above the $0.000015 that its token limit allows: the upstream ignores the limit. To fix: set fleet_health.budget, or probe at level models',
    },
  ]);
  costing(COST);
  costing(36_001_800);
  expect(lines).toHaveLength(2);
});
