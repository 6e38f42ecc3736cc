import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failed, good, last, NOW, overloadSeenBy, pageOf, SINCE, targetOf } from '../../../support/fleet-page.ts';
import { contextOf } from '../../../support/fleet-parts.ts';
import { anyFacts } from '../../../support/health-arbitraries.ts';
import { defaultPolicy, verdictOf } from '../../../../src/health/index.ts';
import type { FailureClass } from '../../../../src/health/index.ts';
import type { FleetTargetBody } from '../../../../src/api/index.ts';
import type { FleetPage } from '../../../../src/cli/ask/index.ts';
import { findWhy } from '../../../../src/cli/status/find-why.ts';
import type { Finding } from '../../../../src/cli/status/finding.ts';

function found(...pages: readonly FleetPage[]): readonly Finding[] {
  return findWhy(pages.map((page) => ({ kind: 'answered', url: `http://${page.pod}`, page })));
}

const find = (change: Partial<FleetTargetBody>): readonly Finding[] => found(pageOf([targetOf(change)]));

describe('what allswell status --why finds about targets', () => {
  it('is nothing where all are up', () => {
    expect(find({})).toEqual([]);
  });

  it('names each target that is down, with since when, who saw it, what to do and where to look', () => {
    const why = '2 timeouts, confirmed by 2 pods: no answer within 1 s';
    expect(find({ state: 'down', why, record: failed('timeout') })).toEqual([
      {
        code: 'target-down',
        level: 'problem',
        target: 'id-a',
        says: `openai/a is down since ${SINCE} (start of the first failed request): ${why} (seen by pod_a, pod_b).`,
        todo: 'The upstream hangs, or answers more slowly than health_check_timeout: check it. allswell explain openai/a shows the evidence.',
      },
    ]);
  });

  it('names the group of a target, and the host of its upstream where two look alike', () => {
    const deployments = [{ model_name: 'chat', model_id: 'm' }];
    const down = { state: 'down', record: failed('server'), deployments } as const;
    expect(find(down)[0]?.says).toMatch(new RegExp(`^chat \\(openai/a\\) is down since ${SINCE}: `));
    const twins = ['id-a', 'id-b'].map((id) => targetOf({ ...down, target: id, upstream_host: `${id}.test` }));
    const [first] = found(pageOf(twins));
    expect(first?.says).toMatch(/^chat \(openai\/a at id-a\.test\) is down since /);
    expect(first?.todo).toContain('allswell explain chat@id-a.test shows the evidence');
  });

  it('says that the time of a timeout is the start of its request, and of other failures only the time', () => {
    const says = (name: FailureClass): string =>
      find({ state: 'suspect', why: 'w', record: failed(name) })[0]?.says ?? '';
    expect(says('timeout')).toContain(`suspect since ${SINCE} (start of the first failed request): w`);
    expect(says('network')).toContain(`suspect since ${SINCE}: w`);
  });

  it.each<[FailureClass, string]>([
    ['network', 'network to it'],
    ['server', 'log or status page'],
    ['auth', 'Correct the key'],
    ['quota', 'credit or quota'],
    ['not-found', 'correct model and api_base'],
  ])('says what to do about %s', (name, todo) => {
    expect(find({ state: 'down', record: failed(name) })[0]?.todo).toContain(todo);
  });

  it('names a failure that is not confirmed yet', () => {
    const [one, ...rest] = find({ state: 'suspect', record: failed('server', ['pod_b']) });
    expect(one).toMatchObject({ code: 'target-suspect', level: 'problem', says: expect.stringContaining('pod_b') });
    expect(rest).toEqual([]);
  });

  it('names a target that was never judged', () => {
    expect(find({ state: 'unknown', why: 'never probed', since: null, record: null })).toMatchObject([
      { code: 'target-not-judged', level: 'note', says: 'openai/a was not judged yet: never probed.' },
    ]);
  });

  it('names an upstream over its rate limit once, and promises the end of Retry-After only where one was sent', () => {
    const overload = overloadSeenBy('pod_b');
    const limited = { state: 'degraded', flags: ['rate-limited'], why: 'rate-limited once: HTTP 429: no' } as const;
    const [one, ...rest] = find({ ...limited, record: { ...good, overload } });
    expect(one).toMatchObject({ code: 'rate-limited', level: 'note', says: expect.stringContaining(`since ${SINCE}`) });
    expect(one?.says).toContain('seen by pod_b');
    expect(one?.todo).not.toContain('Retry-After');
    expect(rest).toEqual([]);
    const [rested] = find({ ...limited, record: { ...good, overload: { ...overload, quietMs: 1_000 } } });
    expect(rested?.todo).toContain('due when Retry-After ends, at the latest');
  });

  it('names what only answers 429 and went down as a problem, once', () => {
    const change = { state: 'down', flags: ['rate-limited'], why: 'rate-limited 3 times in a row' } as const;
    const overload = overloadSeenBy('pod_b');
    expect(find({ ...change, record: { ...good, overload } })).toMatchObject([
      { code: 'target-down', level: 'problem', todo: expect.stringContaining('Raise the rate limit') },
    ]);
  });

  it('needs no finding of its own for a degraded target: a flag that has one always comes with it', () => {
    fc.assert(
      fc.property(anyFacts, fc.boolean(), (facts, probes) => {
        const now = facts.last.at + 60_000_000;
        const probing = { pod: 'pod_a', since: facts.last.at };
        const verdict = verdictOf(facts, defaultPolicy, contextOf({ now, ...(probes && { probing }) }));
        if (verdict.state !== 'degraded') return;
        expect(find({ ...verdict, since: SINCE }).map(({ code }) => code)).toContainEqual(
          expect.stringMatching(/^(?:rate-limited|slow)$/),
        );
      }),
    );
  });

  it('leaves what an operator holds and what only the pod asked fails to reach to findings of their own', () => {
    const hold = { kind: 'drain', by: 'ann', reason: 'bill', at: SINCE, until: null } as const;
    expect(find({ state: 'down', hold }).map(({ code }) => code)).toEqual(['target-held']);
    expect(find({ state: 'suspect', local_only: true }).map(({ code }) => code)).toEqual(['only-this-pod-fails']);
  });

  it('names other pods that alone fail to reach something (the pods that reach it said that no findings)', () => {
    const page = pageOf([targetOf({})]);
    const cutOff = { ...page.pods[0]!, pod: 'pod_x', self: false };
    const says = (unreached: readonly string[]): readonly string[] =>
      found({ ...page, pods: [...page.pods, { ...cutOff, unreached }] })
        .filter(({ code }) => code === 'only-this-pod-fails')
        .map((one) => one.says);
    expect(says([])).toEqual([]);
    expect(says(['id-a'])).toEqual([
      expect.stringMatching(/^Only pod_x fails to reach openai\/a; other pods succeed there/),
    ]);
    expect(says(['*'])).toEqual([expect.stringMatching(/^Only pod_x fails to reach its targets;/)]);
  });

  it('names what only the pod asked fails to reach once, with the errors', () => {
    const why = (port: number): string =>
      `only this pod fails, other pods reach it: network: connect ECONNREFUSED 10.0.0.1:${port}`;
    const alone = [1, 2, 3, 4].map((port) =>
      targetOf({ target: `id-${port}`, model: `openai/${port}`, state: 'suspect', local_only: true, why: why(port) }),
    );
    expect(found(pageOf(alone)).map(({ says }) => says)).toEqual([
      'Only pod_a fails to reach openai/1 (network: connect ECONNREFUSED 10.0.0.1:1), openai/2 (network: connect ECONNREFUSED 10.0.0.1:2), openai/3 (network: connect ECONNREFUSED 10.0.0.1:3) and 1 more; other pods succeed there.',
    ]);
  });

  it('tells of pods that probed lately and are gone where one is left', () => {
    const page = pageOf([targetOf({ record: { ...good, last: { ...last, pod: 'pod_x' } } })]);
    const [one] = found({ ...page, pods: page.pods.slice(0, 1) });
    expect(one).toMatchObject({
      code: 'alone-in-fleet',
      says: 'pod_a is the only live pod of the fleet default; pod_x probed until 5 s ago and left.',
    });
    expect(one?.todo).toMatch(/^Check that the other pods run\./);
  });

  it('tells missing rights of a bridge from a missing Redis', () => {
    const page = pageOf([targetOf({})]);
    const why = "Redis refuses the command: NOPERM User b has no permissions to access 'health_check_lock'";
    const bridge = { ...page.bridge, state: 'unreachable', why } as const;
    expect(found({ ...page, setup: { ...page.setup, litellm_bridge: true }, bridge })).toMatchObject([
      { code: 'bridge-lacks-rights', level: 'problem', says: expect.stringContaining('health_check_lock') },
    ]);
  });

  it('tells a target once, though several pods are asked a moment after each other', () => {
    const target = targetOf({ state: 'down', record: failed('server') });
    const later = { ...target, why: 'server, 3 times' };
    expect(found(pageOf([target]), pageOf([later], 'pod_b'))).toHaveLength(1);
  });

  it('tells of a lease only where evidence is waited for', () => {
    const lease = { target: 'id-a', model: 'openai/a', pod: 'pod_a', until: NOW };
    const held = (change: Partial<FleetTargetBody>): readonly string[] =>
      found({ ...pageOf([targetOf(change)]), leases: [lease] }).map(({ code }) => code);
    expect(held({})).toEqual([]);
    expect(held({ state: 'down', record: failed('server') })).toEqual(['target-down']);
    expect(held({ state: 'unknown' })).toEqual(['target-not-judged', 'lease-held']);
    expect(held({ stale: true })).toEqual(['lease-held', 'stale-evidence']);
    const gone = (change: Partial<FleetTargetBody>): readonly string[] =>
      found({ ...pageOf([targetOf(change)]), leases: [{ ...lease, pod: 'pod_gone' }] }).map(({ code }) => code);
    expect(gone({})).toEqual([]);
    expect(gone({ state: 'unknown' })).toEqual(['target-not-judged', 'lease-of-gone-pod']);
  });

  it('tells that a budget is spent, until when, and whose generation is not looked at', () => {
    const until = Date.parse('2026-11-23T07:00:00.000Z') * 1_000;
    const spent = (owner: 'fleet' | 'target', id: string): FleetTargetBody =>
      targetOf({
        target: id,
        model: `openai/${id}`,
        flags: ['budget-spent'],
        record: { ...good, last: { ...last, overBudget: { owner, until } } },
      });
    expect(
      found(pageOf(['a', 'b', 'c', 'd', 'e', 'f'].map((id) => spent('fleet', id)).concat(spent('target', 'x')))),
    ).toEqual([
      {
        code: 'budget-spent',
        level: 'problem',
        says: 'The probe budget of the fleet is spent until 2026-11-23T07:00:00.000Z: only unbilled checks, no generation probes, for openai/a, openai/b, openai/c, openai/d, openai/e and 1 more.',
        todo: expect.stringContaining('fleet_health.budget'),
      },
      expect.objectContaining({
        code: 'budget-spent',
        target: 'x',
        says: expect.stringContaining('budget of openai/x'),
      }),
    ]);
  });
});
