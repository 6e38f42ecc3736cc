import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { State } from '../../../src/health/index.ts';
import type { RequestPlan, RoutedDeployment, RoutingSettings, Strategy } from '../../../src/routing/index.ts';
import { deployment, harness, ok } from '../../support/routing.ts';
import type { Harness } from '../../support/routing.ts';

const strategies: readonly Strategy[] = [
  'simple-shuffle',
  'least-busy',
  'latency-based-routing',
  'usage-based-routing-v2',
  'cost-based-routing',
];

/** Runs requests with ten in flight at a time; what each deployment got. */
function load(router: Harness, count: number, tokens = 100): Record<string, number> {
  const got: Record<string, number> = {};
  const running: RequestPlan[] = [];
  for (let i = 0; i < count; i++) {
    const plan = router.request({ inputTokens: tokens });
    const step = plan.next();
    if (step.kind !== 'attempt') throw new Error(step.why);
    got[step.deployment.id] = (got[step.deployment.id] ?? 0) + 1;
    running.push(plan);
    router.clock.advance(1);
    if (running.length > 10) running.shift()?.ended(ok);
  }
  for (const plan of running) plan.ended(ok);
  return got;
}

const alike = (ids: readonly string[]): RoutedDeployment[] => ids.map((id) => deployment(id));

describe.each(strategies)('%s', (strategy) => {
  const settings: Partial<RoutingSettings> = { strategy };

  it('never picks a deployment that is not eligible while another is', () => {
    const states = fc.constantFrom<State>('unknown', 'up', 'degraded', 'suspect', 'down');
    fc.assert(
      fc.property(fc.array(states, { minLength: 1, maxLength: 8 }), fc.integer(), (list, seed) => {
        const router = harness(alike(list.map((_, i) => String(i))), { settings, seed });
        for (const [i, state] of list.entries()) router.verdict(String(i), state);
        const isRoutable = (state: State | undefined): boolean => state !== 'down' && state !== 'suspect';
        const mustBe = list.some(isRoutable);
        for (const id of Object.keys(load(router, 30))) {
          expect(!mustBe || isRoutable(list[Number(id)])).toBe(true);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('spreads requests evenly over deployments that are alike', () => {
    const got = load(harness(alike(['a', 'b', 'c', 'd']), { settings: { ...settings, latencyBuffer: 0.5 } }), 4_000);
    for (const id of ['a', 'b', 'c', 'd']) expect((got[id] ?? 0) / 1_000).toBeCloseTo(1, 0);
  });

  it('gives a degraded deployment about a quarter of what it would get', () => {
    const router = harness(alike(['a', 'b', 'c', 'd']), { settings: { ...settings, latencyBuffer: 0.5 } });
    router.verdict('a', 'degraded');
    const part = (load(router, 8_000)['a'] ?? 0) / 8_000;
    expect(part).toBeGreaterThan(0.04);
    expect(part).toBeLessThan(0.11);
  });

  it('raises a deployment that recovers little by little, and never to nothing', () => {
    const router = harness(alike(['a', 'b']), { settings: { ...settings, latencyBuffer: 0.5 } });
    router.verdict('a', { state: 'up', before: 'down', since: router.now() });
    const early = (load(router, 3_000)['a'] ?? 0) / 3_000;
    expect(early).toBeGreaterThan(0.005);
    expect(early).toBeLessThan(0.12);
    // Past the minute that usage counts.
    router.clock.advance(120_000);
    expect((load(router, 3_000)['a'] ?? 0) / 3_000).toBeGreaterThan(0.42);
  });

  it('picks the only one that there is', () => {
    expect(load(harness(alike(['a']), { settings }), 5)).toEqual({ a: 5 });
  });
});

describe('a preference', () => {
  it('simple-shuffle follows weight, else rpm, else tpm', () => {
    const part = (changes: readonly Partial<RoutedDeployment>[]): number => {
      const list = changes.map((one, i) => deployment(String(i), one));
      return (load(harness(list), 4_000, 0)['0'] ?? 0) / 4_000;
    };
    expect(part([{ weight: 3 }, { weight: 1 }])).toBeCloseTo(0.75, 1);
    expect(
      part([
        { weight: 1, rpm: 900_000 },
        { weight: 1, rpm: 100_000 },
      ]),
    ).toBeCloseTo(0.5, 1);
    expect(part([{ rpm: 900_000 }, { rpm: 100_000 }])).toBeCloseTo(0.9, 1);
    expect(part([{ tpm: 200_000 }, { tpm: 800_000 }])).toBeCloseTo(0.2, 1);
    expect(part([{ weight: 0 }, { weight: 1 }])).toBe(0);
    expect(part([{ weight: 0 }, { weight: 0 }])).toBeCloseTo(0.5, 1);
  });

  it('least-busy leaves alone a deployment whose requests take long', () => {
    const router = harness(alike(['a', 'b']), { settings: { strategy: 'least-busy' } });
    router.verdict('b', 'down');
    const held = Array.from({ length: 5 }, () => router.request());
    for (const plan of held) expect(plan.next()).toMatchObject({ deployment: { id: 'a' } });
    router.verdict('b', 'up');
    for (let i = 0; i < 20; i++) expect(router.run(() => ok).went).toEqual(['b']);
    for (const plan of held) plan.ended(ok);
    expect(load(router, 200)['a']).toBeGreaterThan(60);
  });

  it('latency-based-routing prefers the fastest, and those within the buffer', () => {
    const firstByteMs: Record<string, number> = { a: 100, b: 140, c: 400 };
    const went = (latencyBuffer: number): string => {
      const router = harness(alike(['a', 'b', 'c']), {
        settings: { strategy: 'latency-based-routing', latencyBuffer },
      });
      const one = (): readonly string[] =>
        router.run((id) => ({ kind: 'success', firstByteMs: firstByteMs[id] ?? 0, durationMs: 500 })).went;
      for (let i = 0; i < 10; i++) one();
      return [...new Set(Array.from({ length: 60 }, one).flat())].toSorted().join(' ');
    };
    expect(went(0)).toBe('a');
    expect(went(0.5)).toBe('a b');
    expect(went(10)).toBe('a b c');
  });

  it('latency-based-routing measures again what it has not measured for long', () => {
    const router = harness(alike(['a', 'b']), { settings: { strategy: 'latency-based-routing' } });
    const one = (slow: string): readonly string[] =>
      router.run((id) => ({ kind: 'success', firstByteMs: id === slow ? 400 : 50, durationMs: 500 })).went;
    for (let i = 0; i < 20; i++) one('b');
    expect(one('b')).toEqual(['a']);
    router.clock.advance(300_001);
    const later = Array.from({ length: 40 }, () => one('a')).flat();
    expect(later.slice(-10)).toEqual(Array.from({ length: 10 }, () => 'b'));
  });

  it('usage-based-routing-v2 levels the tokens', () => {
    const router = harness(alike(['a', 'b']), { settings: { strategy: 'usage-based-routing-v2' } });
    const tokens: Record<string, number> = { a: 0, b: 0 };
    for (let i = 0; i < 400; i++) {
      const {
        went: [id = ''],
      } = router.run((one) => {
        const output = one === 'a' ? 900 : 100;
        return { kind: 'success', firstByteMs: 1, durationMs: 1, tokens: { input: 0, output } };
      });
      tokens[id] = (tokens[id] ?? 0) + (id === 'a' ? 900 : 100);
    }
    expect((tokens['a'] ?? 0) / (tokens['b'] ?? 1)).toBeCloseTo(1, 1);
  });

  it('cost-based-routing takes the cheapest, and one without a price last', () => {
    const list = [deployment('x'), deployment('a', { usdPerToken: 2e-6 }), deployment('b', { usdPerToken: 1e-6 })];
    const router = harness(list, { settings: { strategy: 'cost-based-routing' } });
    expect(load(router, 20)).toEqual({ b: 20 });
    router.verdict('b', 'down');
    expect(load(router, 20)).toEqual({ a: 20 });
    router.verdict('a', 'down');
    expect(load(router, 20)).toEqual({ x: 20 });
  });
});
