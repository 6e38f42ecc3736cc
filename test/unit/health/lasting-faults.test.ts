import { describe, expect, it } from 'vitest';
import { ablePod, failedProbe, factsOf, contextOf, okProbe } from '../../support/fleet-parts.ts';
import type { Facts } from '../../../src/health/facts.ts';
import type { FailureClass } from '../../../src/health/outcome.ts';
import { defaultPolicy } from '../../../src/health/policy.ts';
import { nextProbe } from '../../../src/health/schedule.ts';
import { transition } from '../../../src/health/transition.ts';
import { verdictOf } from '../../../src/health/verdict.ts';
import type { AblePod } from '../../../src/health/verdict-context.ts';

const T = 1_800_000_000_000_000;
const context = contextOf({ now: T + 60_000_000 });

/** Facts of a target that was up and then failed for the pods `seenBy`, one after the other. */
function failedAfterUp(failure: FailureClass, seenBy: readonly string[]): Facts {
  const up = factsOf(okProbe(T, { pod: 'pod_z' }), okProbe(T + 1, { pod: 'pod_z' }));
  return seenBy.reduce((facts, pod, i) => transition(facts, failedProbe(T + 2 + i, { class: failure }, { pod })), up);
}

describe('the verdict under lasting faults', () => {
  it('is degraded after a 429, and down after three in a row without a success', () => {
    const limited = { class: 'overloaded', status: 429, message: 'slow down', retryAfterMs: 30_000 } as const;
    const look = (i: number, pod: string) => failedProbe(T + i * 30_000_000, limited, { pod });
    let facts = factsOf(okProbe(T - 1), look(0, 'pod_b'));
    const at = (known: Facts, now: number) => verdictOf(known, defaultPolicy, contextOf({ now }));
    expect(at(facts, T + 1)).toMatchObject({ state: 'degraded', flags: ['rate-limited'] });
    // Retry-After has passed, but no success shows that the upstream recovered.
    expect(at(facts, T + 3_600_000_000)).toMatchObject({ state: 'degraded', flags: ['rate-limited'] });
    facts = transition(facts, look(1, 'pod_c'));
    expect(at(facts, facts.last.at).state).toBe('degraded');
    facts = transition(facts, look(2, 'pod_b'));
    expect(at(facts, facts.last.at)).toMatchObject({ state: 'down', flags: ['rate-limited'] });
    expect(at(facts, facts.last.at).why).toContain('HTTP 429: slow down');
    expect(at(transition(facts, okProbe(facts.last.at + 1)), T)).toMatchObject({ state: 'up', flags: [] });
  });

  it('is not down for other pods when one pod alone receives 429', () => {
    const probes = [0, 1, 2, 3].map((i) => failedProbe(T + i, { class: 'overloaded' }, { pod: 'pod_b' }));
    const facts = factsOf(probes[0]!, ...probes.slice(1));
    expect(verdictOf(facts, defaultPolicy, context).state).toBe('degraded');
    expect(verdictOf(facts, defaultPolicy, contextOf({ self: 'pod_b', peers: false, now: T })).state).toBe('down');
  });

  it('is down when 429 and 500 alternate, because the 500s count', () => {
    const classes = ['server', 'overloaded', 'server'] as const;
    const probes = classes.map((name, i) => failedProbe(T + i, { class: name }, { pod: `pod_${'bcd'[i]}` }));
    expect(verdictOf(factsOf(okProbe(T - 1), ...probes), defaultPolicy, context).state).toBe('down');
  });

  it('is never down because of rejected probes, and has the flag probe-rejected', () => {
    const rejected = { class: 'bad-probe', status: 400, message: 'unknown parameter' } as const;
    const probes = Array.from({ length: 9 }, (_, i) => failedProbe(T + i, rejected, { pod: `pod_${i % 3}` }));
    const never = verdictOf(factsOf(probes[0]!, ...probes.slice(1)), defaultPolicy, context);
    expect(never).toMatchObject({ state: 'unknown', flags: ['probe-rejected'] });
    expect(never.why).toContain('HTTP 400: unknown parameter');
    const before = verdictOf(factsOf(okProbe(T - 1), ...probes), defaultPolicy, context);
    expect(before).toMatchObject({ state: 'up', flags: ['probe-rejected'] });
  });

  it('is degraded in every pod while a probe takes far longer than usual, and names both durations', () => {
    const facts = factsOf(okProbe(T, { latencyMs: 400 }));
    const after = (ms: number) =>
      verdictOf(facts, defaultPolicy, contextOf({ now: T + ms * 1_000, probing: { since: T, pod: 'pod_x' } }));
    expect(after(9_999)).toMatchObject({ state: 'up', flags: [] });
    expect(after(12_000)).toMatchObject({
      state: 'degraded',
      flags: ['slow'],
      why: 'a running probe has had no answer for 12 s (usually 0.4 s)',
    });
    const slow = factsOf(okProbe(T, { latencyMs: 3_000 }));
    expect(
      verdictOf(slow, defaultPolicy, contextOf({ now: T + 29_000_000, probing: { since: T, pod: 'pod_x' } })).state,
    ).toBe('up');
    expect(
      verdictOf(undefined, defaultPolicy, contextOf({ now: T + 12_000_000, probing: { since: T, pod: 'pod_x' } })),
    ).toMatchObject({
      state: 'unknown',
      flags: ['slow'],
    });
  });

  it('is down in every pod by one witness when no other pod is able to probe', () => {
    const facts = failedAfterUp('server', ['pod_b', 'pod_b']);
    for (const self of ['pod_a', 'pod_b', 'pod_c']) {
      const at = (ms: number, more: Partial<AblePod>[] = []) =>
        verdictOf(facts, defaultPolicy, {
          ...contextOf({ self, now: facts.failureRun!.since + ms * 1_000, waitMs: 15_000 }),
          able: () => [ablePod('pod_b'), ...more.map((one) => ablePod('pod_c', one))],
        }).state;
      expect(at(1_000)).toBe(self === 'pod_b' ? 'down' : 'up');
      // A pod that probes at a shallower level cannot confirm it, so after the wait one witness is enough.
      expect(at(1_000, [{ level: 'models' }])).toBe(self === 'pod_b' ? 'down' : 'up');
      expect(at(15_001)).toBe('down');
    }
  });

  it('does not count a pod that fails alone as a witness, even when no other pod is able', () => {
    const facts = failedAfterUp('server', ['pod_b', 'pod_b']);
    const nobody = contextOf({ now: T + 60_000_000, able: () => [], discounted: () => ['pod_b'], waitMs: 15_000 });
    expect(verdictOf(facts, defaultPolicy, nobody).state).toBe('up');
    const two = failedAfterUp('server', ['pod_b', 'pod_c']);
    const doubted = contextOf({ now: two.last.at + 10_000_000, discounted: () => ['pod_b'], waitMs: 15_000 });
    expect(verdictOf(two, defaultPolicy, doubted).state).toBe('suspect');
  });

  it('is down and unconfirmed in every pod when the able pods did not probe in time', () => {
    const facts = failedAfterUp('server', ['pod_b', 'pod_b']);
    const at = (ms: number, known = facts) =>
      verdictOf(known, defaultPolicy, contextOf({ now: facts.failureRun!.since + ms * 1_000, waitMs: 15_000 }));
    expect(at(15_000)).toMatchObject({ state: 'up', flags: [] });
    expect(at(15_001)).toMatchObject({ state: 'down', flags: ['unconfirmed'] });
    expect(at(15_001).why).toContain('unconfirmed');
    expect(at(3_600_000, failedAfterUp('server', ['pod_b'])).state).toBe('up');
  });

  it('is pending for other hosts at once after failures of one host (bug: a faulty pod that restarted kept them waiting)', () => {
    const facts = failedAfterUp('not-found', ['pod_b', 'pod_b', 'pod_b', 'pod_b']);
    const evidence = { facts, evidenceAt: facts.last.at };
    const now = facts.last.at + 20_000_000;
    const next = (self: string) =>
      nextProbe(
        { id: '80000000a', intervalMs: 60_000 },
        evidence,
        defaultPolicy,
        contextOf({ self, now, waitMs: 15_000 }),
      );
    expect(verdictOf(facts, defaultPolicy, contextOf({ now, waitMs: 15_000 })).flags).toContain('unconfirmed');
    expect(next('pod_x')).toMatchObject({ reason: 'confirmation', dueAt: facts.last.at });
    expect(next('pod_b').reason).toBe('scheduled');
  });

  it('is not down by one witness while the upstream answers probes of other pods with a rejection', () => {
    const alone = failedAfterUp('server', ['pod_b', 'pod_b']);
    const rejected = failedProbe(alone.last.at + 1, { class: 'bad-probe', status: 400 }, { pod: 'pod_c' });
    const facts = transition(alone, rejected);
    const at = (known: Facts, seconds: number) =>
      verdictOf(known, defaultPolicy, contextOf({ now: rejected.at + seconds * 1_000_000, waitMs: 15_000 })).state;
    expect([at(facts, 20), at(facts, 30)]).toEqual(['up', 'up']);
    // The witness goes on failing and no other pod probes any more: one witness is enough again.
    const again = transition(facts, failedProbe(rejected.at + 10_000_000, { class: 'server' }, { pod: 'pod_b' }));
    expect([at(again, 20), at(again, 31)]).toEqual(['up', 'down']);
    const seconded = transition(facts, failedProbe(rejected.at + 10_000_000, { class: 'server' }, { pod: 'pod_c' }));
    expect(seconded.rejected).toBeUndefined();
    expect(at(seconded, 20)).toBe('down');
  });

  it('changes from down to suspect when one host alone sees the recent failures and others are able to probe', () => {
    const facts = failedAfterUp('server', ['pod_b', 'pod_c', 'pod_b', 'pod_b', 'pod_b']);
    const after = (ms: number) =>
      verdictOf(facts, defaultPolicy, contextOf({ now: facts.failureRun!.aloneSince! + ms * 1_000 })).state;
    // Another host has one edge interval to probe, and is due at once, so the state does not flap during an outage.
    expect([after(0), after(5_000), after(5_001)]).toEqual(['down', 'down', 'suspect']);
    const alone = contextOf({ self: 'pod_b', peers: false, now: facts.last.at });
    expect(verdictOf(facts, defaultPolicy, alone).state).toBe('down');
  });

  it('counts a pod that restarted on its host as the same witness', () => {
    const facts = factsOf(
      okProbe(T),
      failedProbe(T + 1, {}, { pod: 'pod_1', host: 'node:4000' }),
      failedProbe(T + 2, {}, { pod: 'pod_2', host: 'node:4000' }),
    );
    expect(verdictOf(facts, defaultPolicy, context).state).toBe('up');
  });
});
