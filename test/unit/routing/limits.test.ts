import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LimitShare, LimitShares, LimitUse } from '../../../src/ports/index.ts';
import type { RequestPlan, Strategy } from '../../../src/routing/index.ts';
import { deployment, failed, harness, ok } from '../../support/routing.ts';

describe('the limits of a deployment', () => {
  it('rpm: requests beyond it go to another deployment, and where all are full the answer says when to ask again', () => {
    const router = harness([deployment('a', { rpm: 2 }), deployment('b', { rpm: 1 })]);
    const went = Array.from({ length: 3 }, () => router.run(() => ok).went[0]);
    expect([went.filter((id) => id === 'a').length, went.filter((id) => id === 'b').length]).toEqual([2, 1]);
    const { end } = router.run(() => ok);
    expect(end).toMatchObject({ kind: 'give-up', why: 'over-limit' });
    const retryAfterMs = end.kind === 'give-up' ? (end.retryAfterMs ?? 0) : 0;
    router.clock.advance(retryAfterMs - 1);
    expect(router.run(() => ok).end).toMatchObject({ why: 'over-limit' });
    router.clock.advance(1);
    expect(router.run(() => ok).end).toEqual(ok);
  });

  it('rpm: a request that waits for its start counts for the minute of its start', () => {
    const router = harness([deployment('a', { rpm: 2 })]);
    const waiting = router.request();
    waiting.next();
    waiting.ended(failed('overloaded', { retryAfterMs: 8_000 }));
    expect(waiting.next()).toMatchObject({ kind: 'attempt', why: 'again' });
    // The first request has left the minute, the one that waited has just begun.
    router.clock.advance(61_500);
    expect(router.run(() => ok).went).toEqual(['a']);
    expect(router.run(() => ok).end).toMatchObject({ why: 'over-limit' });
  });

  it('fault: tpm: prompts that the upstream refused keep all others away for a minute', () => {
    const fault = (kind: 'bad-request' | 'context-window' | 'content-policy') =>
      ({ kind: 'caller-fault', fault: kind, status: 400, durationMs: 1 }) as const;
    for (const kind of ['bad-request', 'context-window'] as const) {
      const router = harness([deployment('a', { tpm: 1_000 })]);
      router.run(() => fault(kind), { inputTokens: 1_000 });
      expect(router.run(() => ok, { inputTokens: 500 }).end).toEqual(ok);
    }
    // A model has read the content that it refused.
    const router = harness([deployment('a', { tpm: 1_000 })]);
    router.run(() => fault('content-policy'), { inputTokens: 1_000 });
    expect(router.run(() => ok, { inputTokens: 500 }).end).toMatchObject({ why: 'over-limit' });
  });

  it('tpm: counts the prompt at the start, and the answer at the end', () => {
    const router = harness([deployment('a', { tpm: 1_000 })]);
    const one = (inputTokens: number, output: number): unknown =>
      router.run(() => ({ kind: 'success', firstByteMs: 1, durationMs: 1, tokens: { input: inputTokens, output } }), {
        inputTokens,
      }).end;
    expect(one(400, 200)).toMatchObject({ kind: 'success' });
    expect(one(401, 0)).toMatchObject({ why: 'over-limit' });
    expect(one(400, 100)).toMatchObject({ kind: 'success' });
    expect(one(0, 0)).toMatchObject({ why: 'over-limit' });
  });

  it('tpm: an estimate that was too high is given back', () => {
    const router = harness([deployment('a', { tpm: 1_000 })]);
    const tokens = { input: 10, output: 10 };
    for (let i = 0; i < 3; i++) {
      const { end } = router.run(() => ({ kind: 'success', firstByteMs: 1, durationMs: 1, tokens }), {
        inputTokens: 900,
      });
      expect(end).toMatchObject({ kind: 'success' });
    }
  });

  it('max_parallel_requests: as many at once, and one more for each that ends, however it ends', () => {
    const router = harness([deployment('a', { maxParallel: 2 }), deployment('b', { group: 'other' })], {
      settings: { defaultMaxParallel: 1 },
    });
    const start = (model: string): RequestPlan => router.request({ model });
    const [one, two, three] = [start('g'), start('g'), start('g')];
    expect([one.next().kind, two.next().kind]).toEqual(['attempt', 'attempt']);
    expect(three.next()).toMatchObject({ kind: 'give-up', why: 'over-limit', retryAfterMs: 1_000 });
    one.ended({ kind: 'neutral', durationMs: 1 });
    expect(start('g').next().kind).toBe('attempt');
    const other = start('other');
    expect(other.next().kind).toBe('attempt');
    expect(start('other').next()).toMatchObject({ why: 'over-limit' });
  });

  it.each([
    ['rpm', { rpm: 2 }, 2],
    ['tpm, 6 for each 1,000', { tpm: 500 }, 3],
    ['tpm, at least 1', { tpm: 100 }, 1],
    ['its own number before rpm', { maxParallel: 1, rpm: 2 }, 1],
    ['the default where it has neither', {}, 4],
  ])('max_parallel_requests comes from %s', (_from, limits, most) => {
    const router = harness([deployment('a', limits)], { settings: { defaultMaxParallel: 4 } });
    const steps = Array.from({ length: most + 1 }, () => router.request().next().kind);
    expect(steps).toEqual([...Array.from({ length: most }, () => 'attempt'), 'give-up']);
  });

  it('send no request to a deployment that is down', () => {
    const router = harness([deployment('a', { rpm: 1 }), deployment('b')]);
    router.verdict('b', 'down');
    expect(router.run(() => ok).went).toEqual(['a']);
    expect(router.run(() => ok)).toMatchObject({ went: [], end: { why: 'over-limit' } });
    expect(router.events).toEqual([]);
  });

  it('lead to a fallback group', () => {
    const list = [deployment('a', { rpm: 1 }), deployment('b', { group: 'other' })];
    const router = harness(list, { settings: { fallbacks: { g: ['other'] } } });
    expect(router.run(() => ok).went).toEqual(['a']);
    expect(router.run(() => ok).went).toEqual(['b']);
  });
});

describe('the shares of this pod', () => {
  it('bound it instead of the whole limit, also as they change, and are reported what it used', () => {
    const uses: (LimitUse & { id: string })[] = [];
    let share: LimitShare = { rpm: 1, tpm: null, maxParallel: null };
    const configured: unknown[] = [];
    const shares: LimitShares = {
      configure: (list) => void configured.push(...list),
      shareOf: () => share,
      used: (id, use) => void uses.push({ id, ...use }),
    };
    const router = harness([deployment('a', { rpm: 100, tpm: 5_000 }), deployment('free')], { shares });
    router.verdict('free', 'down');
    expect(configured).toEqual([{ id: 'a', rpm: 100, tpm: 5_000, maxParallel: 100 }, { id: 'free' }]);
    router.run(() => ok, { inputTokens: 7 });
    expect(router.run(() => ok).end).toMatchObject({ why: 'over-limit' });
    share = { rpm: 2, tpm: null, maxParallel: null };
    expect(router.run(() => ok).end).toEqual(ok);
    share = { rpm: 0, tpm: null, maxParallel: null };
    expect(router.run(() => ok).end).toMatchObject({ why: 'over-limit', retryAfterMs: 1_000 });
    expect(uses[0]).toEqual({ id: 'a', requests: 1, tokens: 7, inFlight: 1, refused: 0, refusedTokens: 0 });
    expect(uses.at(-1)).toEqual({ id: 'a', requests: 2, tokens: 7, inFlight: 0, refused: 2, refusedTokens: 0 });
  });
});

describe('for any traffic', () => {
  const strategies = fc.constantFrom<Strategy>(
    'simple-shuffle',
    'least-busy',
    'usage-based-routing-v2',
    'latency-based-routing',
  );

  it('no deployment gets more than its rpm in any minute, nor more at once than it may, retries and waits included', () => {
    const traffic = fc.array(
      fc.record({
        afterMs: fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 30_000 })),
        end: fc.integer({ min: 0, max: 9 }),
      }),
      { minLength: 20, maxLength: 150 },
    );
    fc.assert(
      fc.property(
        traffic,
        strategies,
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 4 }),
        (steps, strategy, rpm, most) => {
          const list = [
            deployment('a', { rpm, maxParallel: most }),
            deployment('b', { rpm: 2 * rpm, maxParallel: most }),
          ];
          const router = harness(list, { settings: { strategy, retries: 3 } });
          const starts: Record<string, number[]> = { a: [], b: [] };
          const running: { plan: RequestPlan; id: string }[] = [];
          const begin = (plan: RequestPlan): void => {
            const step = plan.next();
            if (step.kind !== 'attempt') return;
            const { id } = step.deployment;
            running.push({ plan, id });
            starts[id]?.push(router.clock.monotonicMs() + step.waitMs);
            expect(running.filter((one) => one.id === id).length).toBeLessThanOrEqual(most);
          };
          for (const { afterMs, end } of steps) {
            router.clock.advance(afterMs);
            begin(router.request());
            const done = end < running.length ? running.splice(end, 1)[0] : undefined;
            if (done === undefined) continue;
            done.plan.ended(end % 3 === 0 ? failed('overloaded', { retryAfterMs: 1_000 * end }) : ok);
            begin(done.plan);
          }
          for (const [id, limit] of [
            ['a', rpm],
            ['b', 2 * rpm],
          ] as const) {
            const sorted = (starts[id] ?? []).toSorted((one, other) => one - other);
            for (const [i, at] of sorted.entries()) {
              const within = sorted.slice(i).filter((other) => other < at + 60_000).length;
              expect(within).toBeLessThanOrEqual(limit);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
