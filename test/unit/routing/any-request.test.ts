import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttemptOutcome } from '../../../src/routing/index.ts';
import { deployment, failed, fault, harness, neutral, ok } from '../../support/routing.ts';

describe('for any fleet and any outcomes', () => {
  const outcomes = fc.constantFrom<AttemptOutcome>(
    ok,
    neutral,
    failed(),
    failed('network'),
    failed('timeout'),
    failed('auth'),
    failed('overloaded', { retryAfterMs: 500 }),
    failed('overloaded', { retryAfterMs: 90_000 }),
    fault('context-window'),
    fault('content-policy'),
    fault('bad-request'),
    failed('server', { phase: 'after-first-byte' }),
  );
  const names = ['g', 'h', 'i'];
  const fallbackLists = fc.dictionary(fc.constantFrom(...names, '*'), fc.uniqueArray(fc.constantFrom(...names)));
  const fleets = fc.array(
    fc.record({
      group: fc.constantFrom(...names),
      state: fc.constantFrom('up', 'unknown', 'degraded', 'suspect', 'down'),
      order: fc.option(fc.integer({ min: 1, max: 2 }), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 7 },
  );

  it('a request ends, stays within its deadline, and repeats nothing while another is left', () => {
    fc.assert(
      fc.property(
        fleets,
        fallbackLists,
        fc.array(outcomes, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 0, max: 4 }),
        fc.integer({ min: 1, max: 100_000 }),
        (fleet, fallbacks, ends, retries, seed) => {
          const list = [{ group: 'g', state: 'up' as const, order: undefined }, ...fleet];
          const router = harness(
            list.map(({ group: name, order }, i) => deployment(String(i), { group: name, ...(order && { order }) })),
            {
              settings: { retries, fallbacks, contextWindowFallbacks: fallbacks, contentPolicyFallbacks: fallbacks },
              seed,
            },
          );
          for (const [i, { state }] of list.entries()) router.verdict(String(i), state);
          let next = 0;
          for (let request = 0; request < 4; request++) {
            const deadlineMs = router.clock.monotonicMs() + 20_000;
            const ran = router.run(
              (_id, { timeoutMs, waitMs }) => {
                expect(router.clock.monotonicMs() + waitMs + timeoutMs).toBeLessThanOrEqual(deadlineMs);
                return ends[next++ % ends.length] ?? ok;
              },
              { deadlineMs },
            );
            const counts = new Map<string, number>();
            for (const { deployment: one } of ran.attempts) counts.set(one.id, (counts.get(one.id) ?? 0) + 1);
            expect(Math.max(0, ...counts.values())).toBeLessThanOrEqual(2);
            for (const [i, attempt] of ran.attempts.entries()) {
              expect(attempt.number).toBe(i + 1);
              const before = ran.attempts[i - 1];
              if (before?.deployment.id !== attempt.deployment.id) continue;
              // Again at the same one: then each other of its group was tried, or could not be.
              const others = list.flatMap(({ group: name }, at) =>
                name === attempt.deployment.group && String(at) !== attempt.deployment.id ? [String(at)] : [],
              );
              const tried = new Set(ran.attempts.slice(0, i).map((one) => one.deployment.id));
              expect(others.filter((id) => !tried.has(id))).toEqual([]);
            }
          }
        },
      ),
      { numRuns: 400 },
    );
  });
});
