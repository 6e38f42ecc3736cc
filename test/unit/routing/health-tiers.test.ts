import { describe, expect, it } from 'vitest';
import { deployment, failed, harness, ok } from '../../support/routing.ts';
import type { Harness } from '../../support/routing.ts';

/** Requests that each deployment got of `count` that succeed. */
function spread(router: Harness, count: number): Record<string, number> {
  const got: Record<string, number> = {};
  for (let i = 0; i < count; i++) {
    const { went } = router.run(() => ok);
    for (const id of went) got[id] = (got[id] ?? 0) + 1;
  }
  return got;
}

describe('a group of deployments', () => {
  it.each(['down', 'suspect'] as const)('gives nothing to one that is %s while another is routable', (state) => {
    const router = harness([deployment('a'), deployment('b')]);
    router.verdict('a', state);
    expect(spread(router, 200)).toEqual({ b: 200 });
  });

  it('gives a quarter to one that is degraded', () => {
    const router = harness([deployment('a'), deployment('b')]);
    router.verdict('a', 'degraded');
    const { a = 0, b = 0 } = spread(router, 4_000);
    expect(a / (a + b)).toBeCloseTo(0.2, 1);
  });

  it('counts one that was never judged as up', () => {
    const router = harness([deployment('a'), deployment('b'), deployment('c')]);
    router.verdict('a', 'unknown');
    router.verdict('b', 'up');
    const got = spread(router, 3_000);
    for (const id of ['a', 'b', 'c']) expect(got[id]).toBeGreaterThan(900);
  });

  it('raises one that was down within thirty seconds', () => {
    const router = harness([deployment('a'), deployment('b')]);
    router.verdict('a', { state: 'up', before: 'down', since: router.now() });
    const first = spread(router, 40);
    expect(first['a'] ?? 0).toBeLessThan(10);
    router.clock.advance(30_000);
    expect(spread(router, 1_000)['a']).toBeGreaterThan(430);
  });

  it('uses the lowest order that has a routable one', () => {
    const router = harness([deployment('a', { order: 1 }), deployment('b', { order: 2 }), deployment('c')]);
    expect(spread(router, 20)).toEqual({ a: 20 });
    router.verdict('a', 'down');
    expect(spread(router, 20)).toEqual({ b: 20 });
    router.verdict('b', 'suspect');
    expect(spread(router, 20)).toEqual({ c: 20 });
  });

  it('tries all where nothing is routable, and reports it until that ends', () => {
    const router = harness([deployment('a'), deployment('b')]);
    router.verdict('a', 'down');
    router.verdict('b', 'suspect');
    const { went } = router.run((id) => (id === 'a' ? failed() : ok));
    expect(went.at(-1)).toBe('b');
    expect(router.events).toContain('panic g began');
    router.verdict('b', 'up');
    router.run(() => ok);
    expect(router.events).toContain('panic g ended');
  });
});
