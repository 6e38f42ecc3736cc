import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failedProbe, factsOf, contextOf, okProbe } from '../../support/fleet-parts.ts';
import { anyFacts, pods } from '../../support/health-arbitraries.ts';
import type { Facts } from '../../../src/health/facts.ts';
import type { Failure, FailureClass } from '../../../src/health/outcome.ts';
import { defaultPolicy } from '../../../src/health/policy.ts';
import type { Policy } from '../../../src/health/policy.ts';
import { transition } from '../../../src/health/transition.ts';
import { isPending, verdictOf } from '../../../src/health/verdict.ts';
import type { State } from '../../../src/health/verdict.ts';

const T = 1_800_000_000_000_000;
const context = contextOf({ now: T + 60_000_000 });
const policies = fc.record({
  rise: fc.integer({ min: 1, max: 10 }),
  fall: fc.integer({ min: 1, max: 5 }),
  edgeIntervalMs: fc.constant(5_000),
});

/** Facts of a target that was up and then failed for the pods `seenBy`, one after the other. */
function failedAfterUp(failure: FailureClass, seenBy: readonly string[]): Facts {
  const up = factsOf(okProbe(T, { pod: 'pod_z' }), okProbe(T + 1, { pod: 'pod_z' }));
  return seenBy.reduce((facts, pod, i) => transition(facts, failedProbe(T + 2 + i, { class: failure }, { pod })), up);
}

// Witnesses, then the verdict of pod_a with peers and without, for fall 1, 2 and 3.
type Row = readonly [seenBy: string, withPeers: readonly [State, State, State], alone: readonly [State, State, State]];

const proves = (state: State): readonly [State, State, State] => [state, state, state];

const table: Record<Exclude<FailureClass, 'overloaded' | 'bad-probe'>, readonly Row[]> = {
  network: [
    ['a', proves('suspect'), ['down', 'suspect', 'suspect']],
    ['aa', proves('suspect'), ['down', 'down', 'suspect']],
    ['b', proves('up'), proves('up')],
    ['bb', proves('up'), proves('up')],
    ['ab', proves('down'), proves('down')],
    ['bc', proves('down'), proves('down')],
  ],
  timeout: counted(),
  server: counted(),
  auth: speaksForItself(),
  quota: speaksForItself(),
  'not-found': speaksForItself(),
};

function counted(): readonly Row[] {
  return [
    ['a', proves('suspect'), ['down', 'suspect', 'suspect']],
    ['aa', proves('suspect'), ['down', 'down', 'suspect']],
    ['aaa', proves('suspect'), proves('down')],
    ['b', proves('up'), proves('up')],
    ['bbb', proves('up'), proves('up')],
    ['ab', ['down', 'down', 'suspect'], ['down', 'down', 'suspect']],
    ['bc', ['down', 'down', 'suspect'], ['down', 'down', 'suspect']],
    ['abc', proves('down'), proves('down')],
  ];
}

function speaksForItself(): readonly Row[] {
  return [
    ['a', proves('suspect'), proves('down')],
    ['b', proves('up'), proves('up')],
    ['bb', proves('up'), proves('up')],
    ['ab', proves('down'), proves('down')],
    ['bc', proves('down'), proves('down')],
  ];
}

const failureClasses = Object.keys(table) as (keyof typeof table)[];

const cases = Object.entries(table).flatMap(([failure, rows]) =>
  rows.flatMap(([seenBy, withPeers, alone]) =>
    [1, 2, 3].flatMap((fall, i) => [
      { failure: failure as FailureClass, seenBy, fall, peers: true, state: withPeers[i]! },
      { failure: failure as FailureClass, seenBy, fall, peers: false, state: alone[i]! },
    ]),
  ),
);

describe('the verdict', () => {
  it.each(cases)('is $state after $failure seen by pods $seenBy (fall $fall, peers $peers)', (one) => {
    const facts = failedAfterUp(
      one.failure,
      Array.from(one.seenBy, (letter) => `pod_${letter}`),
    );
    const policy: Policy = { ...defaultPolicy, fall: one.fall };
    expect(verdictOf(facts, policy, contextOf({ now: context.now, peers: one.peers })).state).toBe(one.state);
  });

  it('is unknown for a target that was never probed', () => {
    expect(verdictOf(undefined, defaultPolicy, context)).toEqual({
      state: 'unknown',
      since: null,
      why: 'never probed',
      flags: [],
    });
  });

  it('is down for an exceeded quota, with its reason', () => {
    const quota = { class: 'quota', status: 402, message: 'insufficient_quota' } as const;
    const seen = ['pod_b', 'pod_c', 'pod_d'].map((pod, i) => failedProbe(T + i, quota, { pod }));
    const facts = factsOf(seen[0]!, ...seen.slice(1));
    const verdict = verdictOf(facts, defaultPolicy, context);
    expect(verdict.state).toBe('down');
    expect(verdict.why).toContain('insufficient_quota');
    expect(isPending(facts, defaultPolicy, context)).toBe(false);
  });

  it('is down for a dead target, however long it was up before', () => {
    const goods = Array.from({ length: 50 }, (_, i) => okProbe(T + i));
    const dead = [
      failedProbe(T + 100, { class: 'network' }, { pod: 'pod_b' }),
      failedProbe(T + 101, { class: 'network' }, { pod: 'pod_c' }),
    ];
    expect(verdictOf(factsOf(goods[0]!, ...goods.slice(1), ...dead), defaultPolicy, context).state).toBe('down');
  });

  it('of other pods does not change while one pod alone fails, whatever the failure', () => {
    fc.assert(
      fc.property(
        anyFacts,
        policies,
        fc.array(fc.constantFrom(...failureClasses), { minLength: 1, maxLength: 6 }),
        (facts, policy, failures) => {
          fc.pre(facts.run.kind === 'ok');
          let now = facts.last.at;
          const after = failures.reduce((known, failure) => {
            now += 1;
            return transition(known, failedProbe(now, { class: failure }, { pod: 'pod_sick' }));
          }, facts);
          for (const peers of [true, false]) {
            const other = contextOf({ self: 'pod_other', now, peers });
            expect(verdictOf(after, policy, other).state).toBe(verdictOf(facts, policy, other).state);
          }
        },
      ),
    );
  });

  it('is never down by what other programs alone saw while a pod can probe, however many they are or long it lasts', () => {
    const hosts = fc.infiniteStream(fc.constantFrom('litellm', 'reporter/a', 'reporter/b', 'reporter/c'));
    const failures = fc.array(fc.constantFrom(...failureClasses, 'overloaded' as const), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(policies, failures, hosts, fc.boolean(), fc.boolean(), (policy, classes, from, peers, wasUp) => {
        const seen = classes.map((failure, i) => {
          const host = from.next().value ?? 'litellm';
          return failedProbe(T + i, { class: failure }, { source: 'traffic', pod: 'pod_b', host });
        });
        const facts = wasUp ? factsOf(okProbe(T - 1), ...seen) : factsOf(seen[0]!, ...seen.slice(1));
        const late = contextOf({ now: T + 3_600_000_000, waitMs: 15_000, peers });
        expect(verdictOf(facts, policy, late).state).not.toBe('down');
      }),
    );
  });

  it('is down by what LiteLLM alone saw where no pod can probe', () => {
    const seen = [0, 1].map((i) => failedProbe(T + i, { class: 'server' }, { source: 'traffic', host: 'litellm' }));
    const late = contextOf({ now: T + 3_600_000_000, waitMs: 15_000 });
    const facts = factsOf(okProbe(T - 1), ...seen);
    expect(verdictOf(facts, defaultPolicy, { ...late, able: () => [] }).state).toBe('down');
  });

  it('differs between two pods only while a failure waits for its second witness', () => {
    fc.assert(
      fc.property(
        anyFacts,
        policies,
        fc.constantFrom(...pods),
        fc.constantFrom(...pods),
        (facts, policy, one, other) => {
          const seen = (pod: string): State => verdictOf(facts, policy, { ...context, self: pod, host: pod }).state;
          const { failureRun, run } = facts;
          const waiting = run.kind === 'failed' && failureRun?.witnesses.length === 1;
          fc.pre(!waiting);
          expect(seen(one)).toBe(seen(other));
        },
      ),
    );
  });

  it('does not change by age alone while able pods may still probe', () => {
    fc.assert(
      fc.property(anyFacts, policies, fc.boolean(), fc.nat(1_000_000_000), (facts, policy, peers, later) => {
        fc.pre(facts.overload?.quietMs === undefined);
        const now = facts.last.at + policy.edgeIntervalMs * 1_000 + 1;
        const soon = verdictOf(facts, policy, contextOf({ now, peers }));
        expect(verdictOf(facts, policy, contextOf({ now: now + later * 1_000_000, peers }))).toEqual(soon);
      }),
    );
  });

  it('is up after down only when `rise` successes came in a row', () => {
    const down = [failedProbe(T, {}, { pod: 'pod_b' }), failedProbe(T + 1, {}, { pod: 'pod_c' })] as const;
    const policy = { ...defaultPolicy, rise: 3 };
    const states = [1, 2, 3].map((goods) => {
      const good = Array.from({ length: goods }, (_, i) => okProbe(T + 10 + i));
      return verdictOf(factsOf(...down, ...good), policy, context).state;
    });
    expect(states).toEqual(['down', 'down', 'up']);
    expect(verdictOf(factsOf(...down, okProbe(T + 10)), policy, context).why).toContain('1 of 3 good probes');
  });

  it('counts on towards `rise` after an unconfirmed failure of one pod', () => {
    const policy = { ...defaultPolicy, rise: 2 };
    const rising = factsOf(
      failedProbe(T - 1, { class: 'auth' }, { pod: 'pod_c' }),
      failedProbe(T, { class: 'auth' }, { pod: 'pod_b' }),
      okProbe(T + 1, { pod: 'pod_b' }),
      failedProbe(T + 2, { class: 'network' }, { pod: 'pod_sick' }),
    );
    expect(verdictOf(rising, policy, context).state).toBe('down');
    const risen = transition(rising, okProbe(T + 3, { pod: 'pod_b' }));
    expect(verdictOf(risen, policy, context).state).toBe('up');
  });

  it('names class, count, witnesses and message in its reason', () => {
    const facts = failedAfterUp('server', ['pod_b', 'pod_c']);
    expect(verdictOf(facts, defaultPolicy, context).why).toBe('2 server errors (HTTP 500), confirmed by 2 pods: boom');
  });

  it('calls no failure one of the server that has another status, or none', () => {
    const why = (failure: Partial<Failure>): string => {
      const facts = factsOf(failedProbe(T, { class: 'server', message: 'requests failed (auth)', ...failure }));
      return verdictOf(facts, defaultPolicy, context).why;
    };
    expect(why({ status: 401 })).toMatch(/: 1 failure \(HTTP 401\), seen by one pod: requests failed \(auth\)$/);
    expect(why({ status: 503 })).toContain(': 1 server error (HTTP 503), ');
  });

  it('names requests where they stand in for probes, and takes a running one for no slow probe', () => {
    const probing = { since: T, pod: 'pod_b' };
    const unprobed = { ...contextOf({ now: T + 60_000_000 }), withoutProbes: true, probing };
    const why = (facts?: Facts): string => verdictOf(facts, defaultPolicy, unprobed).why;
    expect(why()).toBe('no request has shown anything yet');
    expect(why(factsOf(okProbe(T, { source: 'traffic', pod: 'pod_b' })))).toBe('the last request succeeded');
    expect(why(factsOf(okProbe(T, { pod: unprobed.self })))).toBe('the last request succeeded');
    expect(why(factsOf(okProbe(T, { pod: 'pod_b' })))).toBe('the last request or probe of another pod succeeded');
  });

  it('does not count a pod that received reports as one that saw the failure', () => {
    const from = (host: string, i = 0): ReturnType<typeof failedProbe> =>
      failedProbe(T + i, { class: 'server' }, { source: 'traffic', pod: 'pod_b', host });
    const reported = from('litellm');
    const probed = (pod: string, i: number): ReturnType<typeof failedProbe> =>
      failedProbe(T + i, { class: 'server' }, { pod });
    const whyOf = (...seen: Parameters<typeof factsOf>): string => {
      return verdictOf(factsOf(okProbe(T - 1), ...seen), defaultPolicy, context).why;
    };
    expect(whyOf(reported)).toContain('seen by LiteLLM: ');
    expect(whyOf(reported, probed('pod_b', 1))).toContain('confirmed by one pod and LiteLLM: ');
    expect(whyOf(reported, probed('pod_b', 1), probed('pod_c', 2))).toContain('confirmed by 2 pods and LiteLLM: ');
    const [one, other] = [from('reporter/a'), from('reporter/b', 1)];
    expect(whyOf(one)).toContain('seen by one reporter: ');
    expect(whyOf(one, other)).toContain('seen by 2 reporters: ');
    expect(whyOf(one, from('litellm', 1), probed('pod_b', 2))).toContain(
      'confirmed by one pod and LiteLLM and one reporter: ',
    );
  });
});
