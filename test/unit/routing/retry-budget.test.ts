import { describe, expect, it } from 'vitest';
import type { AttemptOutcome, RequestPlan } from '../../../src/routing/index.ts';
import { deployment, failed, harness, ok } from '../../support/routing.ts';
import type { Harness } from '../../support/routing.ts';

interface Load {
  requests: number;
  attempts: number;
  failedRequests: number;
}

/** Runs requests at this rate, each attempt of this length, and all of them at once in flight. */
function load(
  router: Harness,
  { perSecond, seconds, takesMs }: { perSecond: number; seconds: number; takesMs: number },
  outcomeOf: (id: string) => AttemptOutcome,
): Load {
  const sum: Load = { requests: 0, attempts: 0, failedRequests: 0 };
  const running = new Set<RequestPlan>();
  const step = (plan: RequestPlan): void => {
    const next = plan.next();
    if (next.kind === 'give-up') {
      running.delete(plan);
      sum.failedRequests++;
      return;
    }
    sum.attempts++;
    router.clock.setTimer(next.waitMs + takesMs, () => {
      const outcome = outcomeOf(next.deployment.id);
      plan.ended({ ...outcome, durationMs: takesMs });
      if (outcome.kind === 'success') running.delete(plan);
      else step(plan);
    });
  };
  for (let i = 0; i < perSecond * seconds; i++) {
    const plan = router.request();
    running.add(plan);
    sum.requests++;
    step(plan);
    router.clock.advance(1_000 / perSecond);
  }
  while (running.size > 0) router.clock.advance(1_000);
  return sum;
}

describe('an outage', () => {
  it('of one of two deployments under load fails no request', () => {
    const router = harness([deployment('a'), deployment('b')]);
    load(router, { perSecond: 200, seconds: 5, takesMs: 2_000 }, () => ok);
    const sum = load(router, { perSecond: 200, seconds: 20, takesMs: 2_000 }, (id) => (id === 'a' ? failed() : ok));
    expect(sum.failedRequests).toBe(0);
    expect(router.events).not.toContain('retry refused g');
  });

  it('of one of two deployments whose answers take long fails no request: failovers are not charged', () => {
    const router = harness([deployment('a'), deployment('b')]);
    const slow = { perSecond: 10, seconds: 60, takesMs: 30_000 };
    let down = false;
    router.clock.setTimer(45_000, () => (down = true));
    // A hundred and fifty requests are in flight there when it fails: five a second fail, and only two may be charged.
    const sum = load(router, slow, (id) => (id === 'a' && down ? failed() : ok));
    expect(sum.attempts - sum.requests).toBeGreaterThan(50);
    expect(sum.failedRequests).toBe(0);
  });

  it('of everything is multiplied by a fifth at most, once the first requests in flight have failed', () => {
    const router = harness(
      ['a', 'b', 'c', 'd'].map((id) => deployment(id)),
      { settings: { retries: 5 } },
    );
    load(router, { perSecond: 100, seconds: 5, takesMs: 100 }, () => ok);
    load(router, { perSecond: 100, seconds: 5, takesMs: 100 }, () => failed());
    const sum = load(router, { perSecond: 100, seconds: 60, takesMs: 100 }, () => failed());
    expect(sum.failedRequests).toBe(sum.requests);
    expect(sum.attempts / sum.requests).toBeLessThan(1.22);
    expect(router.events).toContain('retry refused g');
  });

  it('of everything, from its first moment on, costs each request in flight no more than its retries', () => {
    const router = harness(
      ['a', 'b', 'c'].map((id) => deployment(id)),
      { settings: { retries: 2 } },
    );
    load(router, { perSecond: 100, seconds: 5, takesMs: 1_000 }, () => ok);
    const sum = load(router, { perSecond: 100, seconds: 10, takesMs: 1_000 }, () => failed());
    // A hundred requests are in flight when it begins.
    expect(sum.attempts).toBeLessThan(1.2 * sum.requests + 2 * 100 + 10);
  });

  it('of a lone deployment at a low rate leaves the floor of retries', () => {
    const router = harness([deployment('a')]);
    const sum = load(router, { perSecond: 0.5, seconds: 60, takesMs: 100 }, () => failed());
    expect(sum.attempts).toBe(2 * sum.requests);
  });

  it('ends with full traffic for all, whatever was spent', () => {
    const router = harness([deployment('a'), deployment('b')]);
    load(router, { perSecond: 100, seconds: 10, takesMs: 100 }, () => failed());
    router.clock.advance(70_000);
    const sum = load(router, { perSecond: 100, seconds: 40, takesMs: 100 }, () => ok);
    expect(sum.failedRequests).toBe(0);
    const last = Array.from({ length: 200 }, () => router.run(() => ok).went[0]);
    expect(last.filter((id) => id === 'a').length).toBeGreaterThan(70);
  });
});
