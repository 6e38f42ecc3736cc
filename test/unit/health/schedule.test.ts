import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ablePod, failedProbe, factsOf, contextOf, okProbe } from '../../support/fleet-parts.ts';
import { anyFacts } from '../../support/health-arbitraries.ts';
import type { Facts, Observation } from '../../../src/health/facts.ts';
import { gridDue } from '../../../src/health/grid.ts';
import { defaultPolicy } from '../../../src/health/policy.ts';
import type { Policy } from '../../../src/health/policy.ts';
import { nextProbe, staleAfterMs } from '../../../src/health/schedule.ts';
import type { NextProbe } from '../../../src/health/schedule.ts';
import { transition } from '../../../src/health/transition.ts';
import { verdictOf } from '../../../src/health/verdict.ts';

const T = 1_800_000_000_000_000;
const target = { id: '40000000', intervalMs: 60_000 };
const context = contextOf({ now: T });

function next(facts: Facts, changes: { readonly intervalMs?: number } & Partial<Policy> = {}): NextProbe {
  const { intervalMs = target.intervalMs, ...policy } = changes;
  const evidence = { facts, evidenceAt: facts.last.at };
  return nextProbe({ ...target, intervalMs }, evidence, { ...defaultPolicy, ...policy }, context);
}

describe('the schedule', () => {
  it('probes a target without evidence at once', () => {
    expect(nextProbe(target, undefined, defaultPolicy, context)).toEqual({
      reason: 'scheduled',
      dueAt: 0,
      everyMs: 60_000,
    });
  });

  it('keeps to the grid while a target is up', () => {
    expect(next(factsOf(okProbe(T)))).toEqual({
      reason: 'scheduled',
      dueAt: gridDue(T, target.id, 60_000),
      everyMs: 60_000,
    });
  });

  it('confirms a first failure at once, and further ones at the edge interval', () => {
    const first = factsOf(okProbe(T - 1), failedProbe(T));
    expect(next(first)).toEqual({ reason: 'confirmation', dueAt: T, everyMs: 60_000 });
    const second = transition(first, failedProbe(T + 1_000_000));
    expect(next(second)).toEqual({ reason: 'confirmation', dueAt: T + 6_000_000, everyMs: 60_000 });
  });

  it('makes the confirmation due at once for a possible second witness, however often the first one failed', () => {
    // Two policies during a deployment: the witness probes every three seconds, so the others, at five, would never be due.
    let facts = factsOf(okProbe(T - 1));
    for (let i = 0; i < 5; i += 1) facts = transition(facts, failedProbe(T + i * 3_000_000, {}, { pod: 'pod_b' }));
    expect(next(facts)).toMatchObject({ reason: 'confirmation', dueAt: facts.last.at });
    const evidence = { facts, evidenceAt: facts.last.at };
    const witness = nextProbe(target, evidence, defaultPolicy, contextOf({ now: T, self: 'pod_b' }));
    expect(witness).toMatchObject({ reason: 'confirmation', dueAt: facts.last.at + 5_000_000 });
  });

  it('is not urgent if no witness is missing', () => {
    const facts = factsOf(
      failedProbe(T, { class: 'server' }, { pod: 'pod_b' }),
      failedProbe(T + 1, { class: 'server' }, { pod: 'pod_c' }),
    );
    const evidence = { facts, evidenceAt: T + 1 };
    const policy = { ...defaultPolicy, fall: 3 };
    expect(nextProbe(target, evidence, policy, context).dueAt).toBe(T + 1 + 5_000_000);
  });

  it('never delays a confirmation by more than the interval', () => {
    const second = factsOf(okProbe(T - 1), failedProbe(T), failedProbe(T + 1));
    expect(next(second, { intervalMs: 2_000 }).dueAt).toBe(T + 1 + 2_000_000);
  });

  it('confirms a recovery if the policy asks for more than one success', () => {
    const down = factsOf(failedProbe(T - 2, {}, { pod: 'pod_b' }), failedProbe(T - 1, {}, { pod: 'pod_c' }));
    const evidence = { facts: transition(down, okProbe(T)), evidenceAt: T };
    expect(nextProbe(target, evidence, { ...defaultPolicy, rise: 2 }, context)).toMatchObject({
      reason: 'confirmation',
      dueAt: T,
    });
    expect(nextProbe(target, evidence, defaultPolicy, context).reason).toBe('scheduled');
  });

  it('probes a down target every interval, because it may recover by itself', () => {
    const seen = ['pod_b', 'pod_c', 'pod_a'].map((pod, i) => failedProbe(T + i, {}, { pod }));
    expect(next(factsOf(seen[0]!, ...seen.slice(1)))).toMatchObject({ reason: 'scheduled', everyMs: 60_000 });
  });

  it('asks a third host once to confirm what two hosts saw, if there is a third (bug: two faulty pods)', () => {
    const down = factsOf(failedProbe(T, {}, { pod: 'pod_b' }), failedProbe(T + 1, {}, { pod: 'pod_c' }));
    expect(next(down)).toMatchObject({ reason: 'confirmation', dueAt: T + 1 + 5_000_000 });
    const evidence = { facts: down, evidenceAt: T + 1 };
    const pair = contextOf({ now: T, self: 'pod_c', able: () => [ablePod('pod_b'), ablePod('pod_c')] });
    expect(nextProbe(target, evidence, defaultPolicy, pair)).toMatchObject({ reason: 'scheduled' });
    expect(next(transition(down, failedProbe(T + 2, {}, { pod: 'pod_b' })))).toMatchObject({ reason: 'scheduled' });
  });

  it('asks another host at once when one host alone sees the recent failures of a down target', () => {
    const seen = ['pod_b', 'pod_c', 'pod_b', 'pod_b', 'pod_b'].map((pod, i) => failedProbe(T + i, {}, { pod }));
    const facts = factsOf(seen[0]!, ...seen.slice(1));
    expect(next(facts)).toMatchObject({ reason: 'confirmation', dueAt: facts.last.at });
  });

  it('asks no confirmation of a pod that probes shallower than the failure (bug: such pods used up the guard)', () => {
    const facts = factsOf(okProbe(T - 1), failedProbe(T));
    const evidence = { facts, evidenceAt: T, shallowAt: { models: T } };
    const shallow = contextOf({ now: T, self: 'pod_s', level: 'models' });
    expect(nextProbe(target, evidence, defaultPolicy, shallow)).toMatchObject({ reason: 'scheduled' });
    expect(nextProbe(target, evidence, defaultPolicy, contextOf({ now: T }))).toMatchObject({ reason: 'confirmation' });
  });

  it('backs off after rejected probes as after failures that only an operator can end', () => {
    let facts = factsOf(okProbe(T));
    const everyMs = [1, 2, 3, 4, 5].map((i) => {
      facts = transition(facts, failedProbe(T + i, { class: 'bad-probe', status: 400 }));
      expect(next(facts).reason).toBe('scheduled');
      return next(facts).everyMs / target.intervalMs;
    });
    expect(everyMs).toEqual([1, 2, 4, 8, 8]);
  });

  it.each(['auth', 'quota', 'not-found'] as const)('backs off by 1, 2, 4 and 8 intervals after %s', (failure) => {
    let facts = factsOf(okProbe(T - 1), failedProbe(T, { class: failure }, { pod: 'pod_other' }));
    const everyMs = [1, 2, 3, 4, 5, 6].map((i) => {
      facts = transition(facts, failedProbe(T + i, { class: failure }, { pod: i % 2 === 1 ? 'pod_a' : 'pod_other' }));
      return next(facts).everyMs / target.intervalMs;
    });
    expect(everyMs).toEqual([1, 2, 4, 8, 8, 8]);
    expect(next(transition(facts, okProbe(T + 9))).everyMs).toBe(target.intervalMs);
  });

  it('backs off no further than the policy allows, and never probes more often than the interval', () => {
    let facts = factsOf(failedProbe(T, { class: 'auth' }, { pod: 'pod_other' }));
    for (let i = 1; i < 6; i++) {
      facts = transition(facts, failedProbe(T + i, { class: 'auth' }, { pod: i % 2 === 1 ? 'pod_a' : 'pod_other' }));
    }
    for (const [backOffMs, everyMs] of [
      [150_000, 150_000],
      [10_000, 60_000],
      [900_000, 480_000],
    ] as const) {
      expect(next(facts, { backOffMs }).everyMs).toBe(everyMs);
    }
  });

  it('probes a rate-limited upstream when Retry-After has passed, and on the grid once it is down', () => {
    const facts = factsOf(failedProbe(T, { class: 'overloaded', retryAfterMs: 600_000 }));
    expect(next(facts)).toMatchObject({ reason: 'scheduled', dueAt: T + 600_000_000 });
    const probes = [1_200, 600, 0].map((s) =>
      failedProbe(T - s * 1_000_000, { class: 'overloaded', retryAfterMs: 600_000 }),
    );
    const { reason, dueAt } = next(factsOf(probes[0]!, ...probes.slice(1)));
    expect(reason).toBe('scheduled');
    expect(dueAt).toBeGreaterThanOrEqual(T + 600_000_000);
    expect((dueAt - 15_000_000) % 60_000_000).toBe(0);
  });

  it("counts Retry-After from its answer, so a store's clock that was an hour ahead does not extend it", () => {
    const facts = factsOf(failedProbe(T + 3_600_000_000, { class: 'overloaded', retryAfterMs: 30_000 }));
    expect(next(facts).dueAt).toBeLessThanOrEqual(T + 60_000_000);
  });

  it('probes a rate-limited upstream without Retry-After after the edge interval, doubled each time', () => {
    const first = factsOf(failedProbe(T, { class: 'overloaded' }));
    expect(next(first)).toMatchObject({ reason: 'confirmation', dueAt: T + 5_000_000 });
    const second = transition(first, failedProbe(T + 5_000_000, { class: 'overloaded' }));
    expect(next(second)).toMatchObject({ reason: 'confirmation', dueAt: T + 15_000_000 });
    const third = transition(second, failedProbe(T + 15_000_000, { class: 'overloaded' }));
    expect(next(third)).toMatchObject({ reason: 'scheduled', dueAt: gridDue(T + 15_000_000, target.id, 60_000) });
  });

  it('probes at once from another host what one host alone was told to leave alone', () => {
    for (const retryAfterMs of [undefined, 30_000]) {
      const failure = { class: 'overloaded', ...(retryAfterMs !== undefined && { retryAfterMs }) } as const;
      const first = factsOf(failedProbe(T, failure, { pod: 'pod_other' }));
      expect(next(first)).toMatchObject({ reason: 'confirmation', dueAt: T });
      const second = transition(first, failedProbe(T + 100_000, { class: 'overloaded' }));
      expect(next(second).dueAt).toBeGreaterThanOrEqual(T + 5_100_000);
    }
  });

  it('never waits longer than one and a half back-off intervals', () => {
    fc.assert(
      fc.property(anyFacts, fc.integer({ min: 1_000, max: 3_600_000 }), (facts, intervalMs) => {
        const { dueAt, everyMs } = next(facts, { intervalMs });
        const { overload } = facts;
        const quietUntil = overload === undefined ? 0 : overload.at + (overload.quietMs ?? 0) * 1_000;
        expect(dueAt).toBeLessThanOrEqual(Math.max(facts.last.at + 1_500 * everyMs, quietUntil + 1_000 * everyMs) + 1);
        expect([1, 2, 4, 8]).toContain(everyMs / intervalMs);
      }),
    );
  });

  it('asks for no scheduled probe within half an interval of the evidence', () => {
    fc.assert(
      fc.property(anyFacts, fc.integer({ min: 1_000, max: 3_600_000 }), (facts, intervalMs) => {
        const { reason, dueAt, everyMs } = next(facts, { intervalMs });
        // Retry-After is kept to the second, not to the grid.
        fc.pre(reason === 'scheduled' && facts.overload?.quietMs === undefined);
        // Evidence far ahead of the clock was dated before the clock was set back. Another test covers it.
        fc.pre(facts.last.at <= T + 500 * everyMs);
        expect(dueAt).toBeGreaterThanOrEqual(facts.last.at + 500 * everyMs);
      }),
    );
  });

  it("does not delay a target because the store's clock was set back by an hour", () => {
    const facts = factsOf(okProbe(T + 3_600_000_000));
    const { dueAt } = next(facts, { intervalMs: 10_000 });
    expect(dueAt).toBeLessThanOrEqual(T + 10_000_000);
  });

  describe('after an unbilled check, made because a budget is spent', () => {
    const overBudget = { owner: 'fleet', until: T + 3_600_000_000 } as const;
    const look = (at: number): Observation => okProbe(at, { level: 'models', overBudget });

    it('is due at the next grid point', () => {
      const evidence = { facts: factsOf(okProbe(T - 600_000_000), look(T)), evidenceAt: T - 600_000_000 };
      expect(nextProbe(target, evidence, defaultPolicy, context)).toEqual({
        reason: 'scheduled',
        dueAt: gridDue(T, target.id, 60_000),
        everyMs: 60_000,
      });
    });

    it('asks for no second check that could not settle the pending change', () => {
      const facts = factsOf(okProbe(T), failedProbe(T + 1), look(T + 2));
      expect(next(facts).reason).toBe('scheduled');
    });

    it('asks for another check if the failure was seen by an unbilled check', () => {
      const seen = failedProbe(T + 1, { class: 'network' }, { level: 'models', overBudget });
      expect(next(factsOf(okProbe(T), seen)).reason).toBe('confirmation');
    });
  });

  it('calls evidence stale after the cache TTL, but not before the second missed probe', () => {
    expect(staleAfterMs(300_000, 20_000, 5_000)).toBe(300_000);
    expect(staleAfterMs(10_000, 20_000, 5_000)).toBe(45_000);
  });

  it('depends on the interval alone, not on the cache TTL', () => {
    // The TTL is not an input of the schedule; a short interval is kept.
    expect(next(factsOf(okProbe(T)), { intervalMs: 2_000 }).dueAt - T).toBeLessThanOrEqual(3_000_000);
  });

  it('backs off by the failures of the present class only (a 401 after five timeouts)', () => {
    const slow = { class: 'timeout', status: 408, message: 'no answer' } as const;
    const probes = [1, 2, 3, 4, 5].map((at) => failedProbe(at * 10_000_000, slow, { pod: `pod_${at % 3}` }));
    const refused = failedProbe(60_000_000, { class: 'auth', status: 401, message: 'no' }, { pod: 'pod_1' });
    const facts = [...probes, refused].reduce<Facts | undefined>(transition, undefined)!;
    expect(facts.failureRun).toMatchObject({ class: 'auth', length: 6, ofClass: 1 });
    expect(next(facts).everyMs).toBe(target.intervalMs);
    expect(verdictOf(facts, defaultPolicy, contextOf({ now: 61_000_000 })).why).toContain(
      '1 auth error (HTTP 401), 6 failures in total',
    );
  });
});
