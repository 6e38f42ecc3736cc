import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failedProbe, factsOf, okProbe } from '../../support/fleet-parts.ts';
import { anyFacts, anyFailure, anyProbes } from '../../support/health-arbitraries.ts';
import { reaches } from '../../../src/health/level.ts';
import { parseRecord, writeRecord } from '../../../src/health/record-text.ts';
import { recentHosts } from '../../../src/health/failure-series.ts';
import { transition } from '../../../src/health/transition.ts';

const T = 1_800_000_000_000_000;

describe('the facts after one more probe', () => {
  it('keep a deeper failure after a shallower success', () => {
    const facts = factsOf(failedProbe(T));
    for (const level of ['connect', 'models'] as const) {
      const after = transition(facts, okProbe(T + 1_000_000, { level }));
      expect(after.run).toEqual(facts.run);
      expect(after.failureRun).toEqual(facts.failureRun);
      expect(after.lastSuccess).toEqual({ [level]: T + 1_000_000 });
    }
    expect(transition(facts, okProbe(T + 1_000_000)).run).toMatchObject({ kind: 'ok', length: 1 });
  });

  it('do not count a shallower success towards rise, nor as the end of a rate limit (bug: unbilled checks did)', () => {
    const rising = factsOf(failedProbe(T), failedProbe(T + 1), okProbe(T + 2));
    const overloaded = factsOf(okProbe(T), failedProbe(T + 1, { class: 'overloaded' }));
    const shallow = okProbe(T + 3, { level: 'models' });
    expect(transition(rising, shallow).run).toEqual(rising.run);
    expect(transition(rising, okProbe(T + 3)).run.kind).toBe('ok');
    expect(transition(overloaded, shallow).overload).toEqual(overloaded.overload);
    expect(transition(overloaded, okProbe(T + 3)).overload).toBeUndefined();
  });

  it('end a shallower failure after a deeper success', () => {
    const facts = factsOf(failedProbe(T, {}, { level: 'connect' }));
    expect(transition(facts, okProbe(T + 1)).run.kind).toBe('ok');
  });

  it('end a failure only after a success that started later', () => {
    const facts = factsOf(failedProbe(T));
    expect(transition(facts, okProbe(T, { pod: 'pod_b' })).run.kind).toBe('failed');
    expect(transition(facts, okProbe(T + 1, { pod: 'pod_b' })).run.kind).toBe('ok');
  });

  it('end a failure dated after the newest probe (bug: down until the forged date)', () => {
    const failed = factsOf(failedProbe(T), failedProbe(T + 1, {}, { pod: 'pod_b' }));
    const planted = { ...failed, failureRun: { ...failed.failureRun!, at: T + 82_800_000_000 } };
    expect(transition(planted, okProbe(T + 10_000_000)).run).toMatchObject({ kind: 'ok', length: 1 });
  });

  it('end a failure only by a success as deep that started later, in any order of probes', () => {
    fc.assert(
      fc.property(anyFacts, anyProbes({ minLength: 1, maxLength: 1 }), (facts, [probe]) => {
        const next = { ...probe!, at: Math.max(probe!.at, facts.last.at) };
        const after = transition(facts, next);
        if (facts.run.kind !== 'failed' || after.run.kind === 'failed') return;
        expect(reaches(next.level, facts.failureRun!.level)).toBe(true);
        expect(next.at).toBeGreaterThan(facts.failureRun!.at);
      }),
    );
  });

  it('keep the deepest level of a run of failures', () => {
    const facts = factsOf(failedProbe(T, {}, { level: 'models' }), failedProbe(T + 1, {}, { level: 'connect' }));
    expect(facts.failureRun?.level).toBe('models');
    expect(transition(facts, failedProbe(T + 2)).failureRun?.level).toBe('inference');
  });

  it('list witnesses by pod, newest last, at most eight', () => {
    const facts = factsOf(
      failedProbe(T, {}, { pod: 'pod_a' }),
      failedProbe(T + 1, {}, { pod: 'pod_b' }),
      failedProbe(T + 2, {}, { pod: 'pod_a' }),
    );
    expect(facts.failureRun).toMatchObject({
      since: T,
      at: T + 2,
      length: 3,
      witnesses: [
        { pod: 'pod_b', at: T + 1 },
        { pod: 'pod_a', at: T + 2 },
      ],
    });
    const many = Array.from({ length: 20 }, (_, i) => failedProbe(T + i, {}, { pod: `pod_${i}` }));
    const witnesses = factsOf(many[0]!, ...many.slice(1)).failureRun?.witnesses.map(({ pod }) => pod);
    expect(witnesses).toEqual(['pod_12', 'pod_13', 'pod_14', 'pod_15', 'pod_16', 'pod_17', 'pod_18', 'pod_19']);
  });

  it('start with new witnesses after each success', () => {
    const facts = factsOf(
      failedProbe(T, {}, { pod: 'pod_a' }),
      okProbe(T + 1, { pod: 'pod_a' }),
      failedProbe(T + 2, {}, { pod: 'pod_b' }),
    );
    expect(facts.failureRun?.witnesses).toEqual([{ pod: 'pod_b', at: T + 2, position: 1 }]);
  });

  it.each(['network', 'timeout', 'server'] as const)(
    'continue the run of successes when one pod alone saw %s and another pod succeeds',
    (failure) => {
      const good = factsOf(okProbe(T), okProbe(T + 1), okProbe(T + 2));
      const failed = transition(good, failedProbe(T + 3, { class: failure }, { pod: 'pod_sick' }));
      expect(transition(failed, okProbe(T + 4, { pod: 'pod_b' })).run).toEqual({ kind: 'ok', length: 4, since: T });
      // The witness itself succeeds again: the failure was the target's.
      expect(transition(failed, okProbe(T + 4, { pod: 'pod_sick' })).run).toMatchObject({ length: 1, since: T + 4 });
    },
  );

  it('end the run of successes when two pods saw the failure, or when its only witness succeeds again', () => {
    const two = factsOf(okProbe(T), failedProbe(T + 1, {}, { pod: 'pod_b' }), failedProbe(T + 2, {}, { pod: 'pod_c' }));
    expect(transition(two, okProbe(T + 3)).run).toMatchObject({ kind: 'ok', length: 1 });
    const one = factsOf(okProbe(T), failedProbe(T + 1, { class: 'auth' }, { pod: 'pod_b' }));
    expect(transition(one, okProbe(T + 2, { pod: 'pod_b' })).run).toMatchObject({ kind: 'ok', length: 1 });
  });

  it('keep a rate limit beside the run of failures, which it neither ends nor lengthens', () => {
    const facts = factsOf(failedProbe(T));
    const after = transition(facts, failedProbe(T + 1, { class: 'overloaded', status: 429, retryAfterMs: 5_000 }));
    expect(after.run).toEqual(facts.run);
    expect(after.failureRun).toEqual(facts.failureRun);
    expect(after.overload).toMatchObject({ status: 429, length: 1, since: T + 1, at: T + 1, quietMs: 5_000 });
    expect(after.lastSuccess).toEqual({});
    expect(transition(after, failedProbe(T + 2)).failureRun).toMatchObject({ length: 2 });
  });

  it('do not count a rate-limit answer within the Retry-After of an earlier one', () => {
    const rest = { class: 'overloaded', retryAfterMs: 5_000 } as const;
    const first = factsOf(failedProbe(T, rest));
    expect(transition(first, failedProbe(T + 4_000_000, rest)).overload).toMatchObject({
      length: 1,
      at: T + 4_000_000,
    });
    expect(transition(first, failedProbe(T + 5_000_000, rest)).overload).toMatchObject({ length: 2 });
  });

  it('stay the same after a rejected probe, and drop the rejection after any other answer', () => {
    const facts = factsOf(okProbe(T), failedProbe(T + 1));
    const after = transition(
      facts,
      failedProbe(T + 2, { class: 'bad-probe', status: 400, message: 'no such parameter' }),
    );
    expect(after).toMatchObject({ run: facts.run, failureRun: facts.failureRun!, lastSuccess: facts.lastSuccess });
    expect(after.rejected).toMatchObject({ status: 400, message: 'no such parameter', length: 1 });
    expect(transition(after, okProbe(T + 3)).rejected).toBeUndefined();
    expect(transition(after, failedProbe(T + 3)).rejected).toBeUndefined();
  });

  it('count a pod that restarts on its host as the same witness', () => {
    const facts = factsOf(
      failedProbe(T, {}, { pod: 'pod_1', host: 'node:4000' }),
      failedProbe(T + 1, {}, { pod: 'pod_2', host: 'node:4000' }),
    );
    expect(facts.failureRun?.witnesses).toEqual([{ pod: 'pod_2', host: 'node:4000', at: T + 1, position: 2 }]);
    expect(recentHosts(facts.failureRun!)).toEqual(['node:4000']);
  });

  it('count witnesses of the three newest failures only, and store since when one host alone sees them', () => {
    let facts = factsOf(failedProbe(T, {}, { pod: 'pod_b' }), failedProbe(T + 1, {}, { pod: 'pod_a' }));
    expect(facts.failureRun).not.toHaveProperty('aloneSince');
    for (let i = 2; i < 6; i += 1) {
      facts = transition(facts, failedProbe(T + i, {}, { pod: 'pod_a' }));
      expect(recentHosts(facts.failureRun!)).toEqual(i < 3 ? ['pod_b', 'pod_a'] : ['pod_a']);
    }
    expect(facts.failureRun?.aloneSince).toBe(T + 3);
  });

  it('keep a rolling mean of the latency of successes by level', () => {
    const facts = factsOf(okProbe(T, { latencyMs: 100 }), okProbe(T + 1, { latencyMs: 200 }));
    expect(facts.usualMs).toEqual({ inference: 120 });
    expect(transition(facts, okProbe(T + 2, { level: 'models', latencyMs: 7 })).usualMs).toEqual({
      inference: 120,
      models: 7,
    });
    expect(transition(facts, failedProbe(T + 2, {}, { latencyMs: 9_000 })).usualMs).toEqual({ inference: 120 });
  });

  it('date the last success of a level by the start of its probe', () => {
    fc.assert(
      fc.property(anyProbes({ minLength: 1, maxLength: 12 }), ([first, ...more]) => {
        const newest: Record<string, number> = {};
        for (const { ok, level, at } of [first!, ...more]) if (ok) newest[level] = at;
        expect(factsOf(first!, ...more).lastSuccess).toEqual(newest);
      }),
    );
  });

  it('contain the newest probe unchanged', () => {
    fc.assert(
      fc.property(anyFacts, anyProbes({ minLength: 1, maxLength: 1 }), (facts, [probe]) => {
        const later = { ...probe!, at: facts.last.at + 1 };
        const after = transition(facts, later);
        expect(after.last).toBe(later);
        expect(after.run.since).toBeLessThanOrEqual(later.at);
      }),
    );
  });

  it('lengthen a run of failures by one, and keep the length of the run of successes before it', () => {
    fc.assert(
      fc.property(anyFacts, anyFailure, (facts, failure) => {
        fc.pre(failure.class !== 'overloaded' && failure.class !== 'bad-probe');
        const after = transition(facts, failedProbe(facts.last.at + 1, failure));
        const going = facts.run.kind === 'failed';
        expect(after.run.length).toBe(going ? facts.run.length + 1 : 1);
        expect(after.failureRun?.length).toBe(going ? facts.failureRun!.length + 1 : 1);
        expect(after.failureRun?.after).toBe(going ? facts.failureRun!.after : facts.run.length);
        expect(after.failureRun?.class).toBe(failure.class);
      }),
    );
  });

  it('keep the run of failures before a short run of successes, and drop it after ten successes', () => {
    const short = factsOf(failedProbe(T), okProbe(T + 1), failedProbe(T + 2));
    expect(short.failureRun?.previous).toMatchObject({ since: T });
    const chain = transition(transition(short, okProbe(T + 3)), failedProbe(T + 4));
    expect(chain.failureRun?.previous).toMatchObject({ since: T + 2 });
    expect(chain.failureRun?.previous).not.toHaveProperty('previous');
    const goods = Array.from({ length: 11 }, (_, i) => okProbe(T + 10 + i));
    expect(factsOf(failedProbe(T), ...goods, failedProbe(T + 99)).failureRun).not.toHaveProperty('previous');
  });

  it('keep unknown fields', () => {
    const facts = { ...factsOf(okProbe(T)), novelty: 7 };
    expect(transition(facts, okProbe(T + 1))).toMatchObject({ novelty: 7, format: 2 });
  });

  it('limit counts, so that a forged count stays readable', () => {
    const most = 1_000_000_000_000;
    const first = factsOf(failedProbe(1), failedProbe(2));
    const planted = {
      ...first,
      run: { ...first.run, length: most },
      failureRun: { ...first.failureRun!, length: most },
    };
    const next = transition(planted, failedProbe(3));
    expect([next.run.length, next.failureRun?.length]).toEqual([most, most]);
    const record = { version: 1, grant: 1, evidenceAt: 1, nextDueAt: 1, facts: next };
    expect(parseRecord(writeRecord(record)).kind).toBe('record');
  });
});
