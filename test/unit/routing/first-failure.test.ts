import { describe, expect, it } from 'vitest';
import type { RequestPlan } from '../../../src/routing/index.ts';
import { deployment, failed, harness, neutral, ok } from '../../support/routing.ts';
import type { Harness, HarnessOptions } from '../../support/routing.ts';

const two = (settings: HarnessOptions['settings'] = {}): Harness =>
  harness([deployment('a'), deployment('b')], { settings });

/** Begins a request at this deployment. */
function requestAt(id: string, router: Harness): RequestPlan {
  for (let i = 0; i < 500; i++) {
    const plan = router.request();
    const step = plan.next();
    if (step.kind === 'attempt' && step.deployment.id === id) return plan;
    plan.ended(neutral);
  }
  throw new Error(`no request goes to ${id}`);
}

/** Part of requests that goes to `a`; none of them proves anything. */
function partOfA(router: Harness): number {
  const firsts = Array.from({ length: 1_000 }, () => router.run(() => neutral).went[0]);
  return firsts.filter((id) => id === 'a').length / firsts.length;
}

describe('a single failure of a request', () => {
  it('takes nearly all requests away, for 5 s', () => {
    const router = two();
    requestAt('a', router).ended(failed());
    expect(partOfA(router)).toBeLessThan(0.1);
    expect(router.events).toEqual([]);
    router.clock.advance(5_001);
    expect(partOfA(router)).toBeGreaterThan(0.4);
  });

  it('takes them away until a success that began after it', () => {
    const router = two();
    const [early, failing] = [requestAt('a', router), requestAt('a', router)];
    router.clock.advance(1_000);
    failing.ended(failed());
    early.ended({ kind: 'success', firstByteMs: 10, durationMs: 1_000 });
    expect(partOfA(router)).toBeLessThan(0.1);
    const later = requestAt('a', router);
    router.clock.advance(20);
    later.ended(ok);
    expect(partOfA(router)).toBeGreaterThan(0.4);
  });

  it.each([{ cooldowns: 'off' }, { allowedFails: 3 }] as const)(
    'takes none away where the operator says what failures do: %j',
    (settings) => {
      const router = two(settings);
      requestAt('a', router).ended(failed());
      expect(partOfA(router)).toBeGreaterThan(0.4);
    },
  );
});
