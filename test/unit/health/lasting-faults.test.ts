import { describe, expect, it } from 'vitest';
import { ablePod, failedProbe, factsOf, judgeOf, okProbe } from '../../support/fleet-parts.ts';
import type { Facts } from '../../../src/health/facts.ts';
import type { FailureClass } from '../../../src/health/outcome.ts';
import { defaultPolicy } from '../../../src/health/policy.ts';
import { nextProbe } from '../../../src/health/schedule.ts';
import { transition } from '../../../src/health/transition.ts';
import { verdictOf } from '../../../src/health/verdict.ts';
import type { AblePod } from '../../../src/health/judge.ts';

const T = 1_800_000_000_000_000;
const judge = judgeOf({ now: T + 60_000_000 });

/** A target that was up, then failed in the eyes of `seenBy`, one after the other. */
function failedAfterUp(failure: FailureClass, seenBy: readonly string[]): Facts {
  const up = factsOf(okProbe(T, { pod: 'pod_z' }), okProbe(T + 1, { pod: 'pod_z' }));
  return seenBy.reduce((facts, pod, i) => transition(facts, failedProbe(T + 2 + i, { class: failure }, { pod })), up);
}

describe('the verdict under faults that stay', () => {
  it('of a target that answers nothing but 429 is degraded until a good answer, and down after three looks (U1)', () => {
    const limited = { class: 'overloaded', status: 429, message: 'slow down', retryAfterMs: 30_000 } as const;
    const look = (i: number, pod: string) => failedProbe(T + i * 30_000_000, limited, { pod });
    let facts = factsOf(okProbe(T - 1), look(0, 'pod_b'));
    const at = (known: Facts, now: number) => verdictOf(known, defaultPolicy, judgeOf({ now }));
    expect(at(facts, T + 1)).toMatchObject({ state: 'degraded', flags: ['rate-limited'] });
    // Retry-After has passed: nothing says that it answers well again.
    expect(at(facts, T + 3_600_000_000)).toMatchObject({ state: 'degraded', flags: ['rate-limited'] });
    facts = transition(facts, look(1, 'pod_c'));
    expect(at(facts, facts.last.at).state).toBe('degraded');
    facts = transition(facts, look(2, 'pod_b'));
    expect(at(facts, facts.last.at)).toMatchObject({ state: 'down', flags: ['rate-limited'] });
    expect(at(facts, facts.last.at).why).toContain('HTTP 429: slow down');
    expect(at(transition(facts, okProbe(facts.last.at + 1)), T)).toMatchObject({ state: 'up', flags: [] });
  });

  it('does not let 429 answers to one pod alone take a target down for the others', () => {
    const looks = [0, 1, 2, 3].map((i) => failedProbe(T + i, { class: 'overloaded' }, { pod: 'pod_b' }));
    const facts = factsOf(looks[0]!, ...looks.slice(1));
    expect(verdictOf(facts, defaultPolicy, judge).state).toBe('degraded');
    expect(verdictOf(facts, defaultPolicy, judgeOf({ self: 'pod_b', peers: false, now: T })).state).toBe('down');
  });

  it('of 429 and 500 in turn becomes down by the 500s (U1)', () => {
    const classes = ['server', 'overloaded', 'server'] as const;
    const looks = classes.map((name, i) => failedProbe(T + i, { class: name }, { pod: `pod_${'bcd'[i]}` }));
    expect(verdictOf(factsOf(okProbe(T - 1), ...looks), defaultPolicy, judge).state).toBe('down');
  });

  it('is never down by probes that the upstream rejects, and says that they are rejected (U3)', () => {
    const rejected = { class: 'bad-probe', status: 400, message: 'unknown parameter' } as const;
    const looks = Array.from({ length: 9 }, (_, i) => failedProbe(T + i, rejected, { pod: `pod_${i % 3}` }));
    const never = verdictOf(factsOf(looks[0]!, ...looks.slice(1)), defaultPolicy, judge);
    expect(never).toMatchObject({ state: 'unknown', flags: ['probe-rejected'] });
    expect(never.why).toContain('HTTP 400: unknown parameter');
    const before = verdictOf(factsOf(okProbe(T - 1), ...looks), defaultPolicy, judge);
    expect(before).toMatchObject({ state: 'up', flags: ['probe-rejected'] });
  });

  it('of a running probe that takes far longer than usual is degraded in every pod, with both times (U2)', () => {
    const facts = factsOf(okProbe(T, { latencyMs: 400 }));
    const after = (ms: number) =>
      verdictOf(facts, defaultPolicy, judgeOf({ now: T + ms * 1_000, probing: { since: T, pod: 'pod_x' } }));
    expect(after(9_999)).toMatchObject({ state: 'up', flags: [] });
    expect(after(12_000)).toMatchObject({
      state: 'degraded',
      flags: ['slow'],
      why: 'a running probe has had no answer for 12 s (usually 0.4 s)',
    });
    const slow = factsOf(okProbe(T, { latencyMs: 3_000 }));
    expect(
      verdictOf(slow, defaultPolicy, judgeOf({ now: T + 29_000_000, probing: { since: T, pod: 'pod_x' } })).state,
    ).toBe('up');
    expect(
      verdictOf(undefined, defaultPolicy, judgeOf({ now: T + 12_000_000, probing: { since: T, pod: 'pod_x' } })),
    ).toMatchObject({
      state: 'unknown',
      flags: ['slow'],
    });
  });

  it('believes a lone witness where no other pod is able to look, in every pod (D2)', () => {
    const facts = failedAfterUp('server', ['pod_b', 'pod_b']);
    for (const self of ['pod_a', 'pod_b', 'pod_c']) {
      const at = (ms: number, more: Partial<AblePod>[] = []) =>
        verdictOf(facts, defaultPolicy, {
          ...judgeOf({ self, now: facts.failureRun!.since + ms * 1_000, waitMs: 15_000 }),
          able: () => [ablePod('pod_b'), ...more.map((one) => ablePod('pod_c', one))],
        }).state;
      expect(at(1_000)).toBe(self === 'pod_b' ? 'down' : 'up');
      // A pod that looks less deep is no help; the others believe after a while, however long that goes on.
      expect(at(1_000, [{ level: 'models' }])).toBe(self === 'pod_b' ? 'down' : 'up');
      expect(at(15_001)).toBe('down');
    }
  });

  it('does not take a pod that doubts its own probes for a witness, though no other pod is able', () => {
    const facts = failedAfterUp('server', ['pod_b', 'pod_b']);
    const nobody = judgeOf({ now: T + 60_000_000, able: () => [], discounted: () => ['pod_b'], waitMs: 15_000 });
    expect(verdictOf(facts, defaultPolicy, nobody).state).toBe('up');
    const two = failedAfterUp('server', ['pod_b', 'pod_c']);
    const doubted = judgeOf({ now: two.last.at + 10_000_000, discounted: () => ['pod_b'], waitMs: 15_000 });
    expect(verdictOf(two, defaultPolicy, doubted).state).toBe('suspect');
  });

  it('believes a lone witness, in every pod and as unconfirmed, once the able ones did not look for a bounded time (D2)', () => {
    const facts = failedAfterUp('server', ['pod_b', 'pod_b']);
    const at = (ms: number, known = facts) =>
      verdictOf(known, defaultPolicy, judgeOf({ now: facts.failureRun!.since + ms * 1_000, waitMs: 15_000 }));
    expect(at(15_000)).toMatchObject({ state: 'up', flags: [] });
    expect(at(15_001)).toMatchObject({ state: 'down', flags: ['unconfirmed'] });
    expect(at(15_001).why).toContain('unconfirmed');
    expect(at(3_600_000, failedAfterUp('server', ['pod_b'])).state).toBe('up');
  });

  it('of a lone witness stays to be confirmed by other hosts at once (a sick pod that starts again kept them waiting)', () => {
    const facts = failedAfterUp('not-found', ['pod_b', 'pod_b', 'pod_b', 'pod_b']);
    const evidence = { facts, evidenceAt: facts.last.at };
    const now = facts.last.at + 20_000_000;
    const next = (self: string) =>
      nextProbe(
        { id: '80000000a', intervalMs: 60_000 },
        evidence,
        defaultPolicy,
        judgeOf({ self, now, waitMs: 15_000 }),
      );
    expect(verdictOf(facts, defaultPolicy, judgeOf({ now, waitMs: 15_000 })).flags).toContain('unconfirmed');
    expect(next('pod_x')).toMatchObject({ reason: 'confirmation', dueAt: facts.last.at });
    expect(next('pod_b').reason).toBe('scheduled');
  });

  it('does not believe a lone witness while the probes of others are answered, if only by a rejection', () => {
    const alone = failedAfterUp('server', ['pod_b', 'pod_b']);
    const rejected = failedProbe(alone.last.at + 1, { class: 'bad-probe', status: 400 }, { pod: 'pod_c' });
    const facts = transition(alone, rejected);
    const at = (known: Facts, seconds: number) =>
      verdictOf(known, defaultPolicy, judgeOf({ now: rejected.at + seconds * 1_000_000, waitMs: 15_000 })).state;
    expect([at(facts, 20), at(facts, 30)]).toEqual(['up', 'up']);
    // The witness fails on, and nobody else looks any more: its word counts again.
    const again = transition(facts, failedProbe(rejected.at + 10_000_000, { class: 'server' }, { pod: 'pod_b' }));
    expect([at(again, 20), at(again, 31)]).toEqual(['up', 'down']);
    const seconded = transition(facts, failedProbe(rejected.at + 10_000_000, { class: 'server' }, { pod: 'pod_c' }));
    expect(seconded.rejected).toBeUndefined();
    expect(at(seconded, 20)).toBe('down');
  });

  it('is suspect when the failures of a target that is down come from one host alone, and others are able to look (D1)', () => {
    const facts = failedAfterUp('server', ['pod_b', 'pod_c', 'pod_b', 'pod_b', 'pod_b']);
    const after = (ms: number) =>
      verdictOf(facts, defaultPolicy, judgeOf({ now: facts.failureRun!.aloneSince! + ms * 1_000 })).state;
    // One edge interval for another host to look, which it is to do at once: no flapping while an outage goes on.
    expect([after(0), after(5_000), after(5_001)]).toEqual(['down', 'down', 'suspect']);
    const alone = judgeOf({ self: 'pod_b', peers: false, now: facts.last.at });
    expect(verdictOf(facts, defaultPolicy, alone).state).toBe('down');
  });

  it('takes a pod that restarted on its host for the same witness', () => {
    const facts = factsOf(
      okProbe(T),
      failedProbe(T + 1, {}, { pod: 'pod_1', host: 'node:4000' }),
      failedProbe(T + 2, {}, { pod: 'pod_2', host: 'node:4000' }),
    );
    expect(verdictOf(facts, defaultPolicy, judge).state).toBe('up');
  });
});
