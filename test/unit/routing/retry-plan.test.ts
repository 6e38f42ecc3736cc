import { describe, expect, it } from 'vitest';
import type { AttemptOutcome, RoutedDeployment, RoutingSettings } from '../../../src/routing/index.ts';
import { deployment, failed, fault, harness, neutral, ok } from '../../support/routing.ts';
import type { Ran } from '../../support/routing.ts';

/** What a request does where every attempt ends the same way. */
function all(outcome: AttemptOutcome, list: readonly RoutedDeployment[], settings: Partial<RoutingSettings> = {}): Ran {
  return harness(list, { settings }).run(() => outcome);
}

const group = (name: string, ...ids: string[]): RoutedDeployment[] => ids.map((id) => deployment(id, { group: name }));
const shown = ({ attempts }: Ran): string[] => attempts.map(({ deployment: { id }, why }) => `${id} ${why}`);

describe('within a model group', () => {
  it('a failure leads to another deployment at once', () => {
    const { attempts } = all(failed(), group('g', 'a', 'b', 'c'));
    expect(new Set(attempts.map((one) => one.deployment.id)).size).toBe(3);
    expect(attempts.map(({ number, waitMs, why }) => ({ number, waitMs, why }))).toEqual([
      { number: 1, waitMs: 0, why: 'first' },
      { number: 2, waitMs: 0, why: 'failover' },
      { number: 3, waitMs: 0, why: 'failover' },
    ]);
  });

  it.each(['auth', 'quota', 'not-found'] as const)(
    '%s leads to another deployment, but never again to the same',
    (kind) => {
      expect(all(failed(kind), group('g', 'a', 'b'), { retries: 5 }).attempts).toHaveLength(2);
      expect(all(failed(kind), group('g', 'a'), { retries: 5 }).attempts).toHaveLength(1);
    },
  );

  it.each(['network', 'timeout', 'server', 'overloaded'] as const)(
    '%s is tried again, once, where there is only one',
    (kind) => {
      const ran = all(failed(kind), group('g', 'a'), { retries: 5 });
      expect(shown(ran)).toEqual(['a first', 'a again']);
      expect(ran.attempts[1]?.waitMs).toBeGreaterThanOrEqual(250);
      expect(ran.attempts[1]?.waitMs).toBeLessThanOrEqual(500);
      expect(ran.end).toEqual({ kind: 'give-up', why: 'failed' });
    },
  );

  it('waits no less than retry_after says, also where a fallback is there', () => {
    const list = [...group('g', 'a'), ...group('other', 'b')];
    const ran = all(failed(), list, { retryAfterMs: 4_000, fallbacks: { g: ['other'] } });
    expect(ran.attempts[1]).toMatchObject({ waitMs: 4_000, why: 'again' });
  });

  it('the number of retries is that of the group and of the kind of error', () => {
    const three = group('g', 'a', 'b', 'c', 'd');
    expect(all(failed(), three, { retries: 0 }).attempts).toHaveLength(1);
    const retryPolicy = { TimeoutError: 3, InternalServerError: 1 };
    expect(all(failed('timeout'), three, { retryPolicy }).attempts).toHaveLength(4);
    expect(all(failed('server'), three, { retryPolicy }).attempts).toHaveLength(2);
    expect(all(failed('network'), three, { retryPolicy }).attempts).toHaveLength(2);
    expect(all(failed('overloaded'), three, { retryPolicy }).attempts).toHaveLength(3);
    const groupRetryPolicy = { g: { InternalServerError: 0 } };
    expect(all(failed('server'), three, { retryPolicy, groupRetryPolicy }).attempts).toHaveLength(1);
    expect(all(failed('timeout'), three, { retryPolicy, groupRetryPolicy }).attempts).toHaveLength(3);
  });

  it.each([
    [failed('server', { status: 500 }), 'InternalServerError'],
    [failed('network'), 'InternalServerError'],
    [failed('server', { status: 503 }), 'ServiceUnavailableError'],
    [failed('overloaded', { status: 503 }), 'ServiceUnavailableError'],
    [failed('server', { status: 504 }), 'TimeoutError'],
    [failed('timeout', { status: 408 }), 'TimeoutError'],
    [failed('overloaded', { status: 429 }), 'RateLimitError'],
    [failed('overloaded', { status: 529 }), 'InternalServerError'],
    [failed('auth', { status: 401 }), 'AuthenticationError'],
    [failed('not-found', { status: 404 }), 'NotFoundError'],
    [failed('server', { status: 502 }), 'Default'],
    [failed('server', { status: 520 }), 'Default'],
    [failed('auth', { status: 403 }), 'Default'],
  ] as const)('%j counts as %s of retry_policy, as in LiteLLM', (outcome, kind) => {
    const others = {
      InternalServerError: 3,
      ServiceUnavailableError: 3,
      TimeoutError: 3,
      RateLimitError: 3,
      AuthenticationError: 3,
      NotFoundError: 3,
      BadRequestError: 3,
      ContentPolicyViolationError: 3,
      Default: 3,
    };
    const four = group('g', 'a', 'b', 'c', 'd');
    expect(all(outcome, four, { retryPolicy: others }).attempts).toHaveLength(4);
    expect(all(outcome, four, { retryPolicy: { ...others, [kind]: 0 } }).attempts).toHaveLength(1);
  });

  it('the number of a deployment counts after its own failure, unless a policy has one', () => {
    const list = ['a', 'b', 'c', 'd'].map((id) => deployment(id, { retries: 0 }));
    expect(all(failed(), list).attempts).toHaveLength(1);
    expect(all(failed(), list, { retryPolicy: { InternalServerError: 2 } }).attempts).toHaveLength(3);
    const more = ['a', 'b', 'c', 'd', 'e'].map((id) => deployment(id, { retries: 4 }));
    expect(all(failed(), more, { retries: 0 }).attempts).toHaveLength(5);
  });

  it('nothing follows a success, a failure after the first byte, a client that left, or a bad request', () => {
    const list = [...group('g', 'a', 'b'), ...group('other', 'c')];
    for (const outcome of [failed('server', { phase: 'after-first-byte' }), neutral, fault('bad-request')]) {
      const ran = all(outcome, list, { fallbacks: { g: ['other'] } });
      expect(ran.attempts).toHaveLength(1);
      expect(ran.end).toEqual({ kind: 'give-up', why: 'failed' });
    }
    const plan = harness(list).request();
    plan.next();
    plan.ended(ok);
    expect(plan.next()).toEqual({ kind: 'give-up', why: 'failed' });
  });

  it('a second end of the same attempt changes nothing, and a step without an end gives up', () => {
    const router = harness(group('g', 'a'), { settings: { defaultMaxParallel: 1 } });
    const plan = router.request();
    plan.next();
    expect(plan.next().kind).toBe('give-up');
    plan.ended(ok);
    plan.ended(ok);
    const [one, other] = [router.request(), router.request()];
    expect(one.next().kind).toBe('attempt');
    expect(other.next().kind).toBe('give-up');
  });
});

describe('a deployment that is rate-limited', () => {
  it('is waited for where it is alone, as long as it asks', () => {
    const ran = all(failed('overloaded', { retryAfterMs: 8_000 }), group('g', 'a'));
    expect(ran.attempts[1]?.waitMs).toBeGreaterThanOrEqual(8_000);
    expect(ran.attempts[1]?.waitMs).toBeLessThanOrEqual(8_800);
    expect(ran.end).toEqual({ kind: 'give-up', why: 'failed', retryAfterMs: 8_000 });
  });

  it.each([
    ['the deadline', { deadlineMs: 1_005_000 }, 8_000],
    ['a minute', {}, 61_000],
  ])('is given up at once where it asks for more than %s', (_what, changes, retryAfterMs) => {
    const ran = harness(group('g', 'a')).run(() => failed('overloaded', { retryAfterMs }), changes);
    expect(ran.attempts).toHaveLength(1);
    expect(ran.end).toEqual({ kind: 'give-up', why: 'failed', retryAfterMs });
  });

  it('is not waited for where a fallback can take the request', () => {
    const list = [...group('g', 'a'), ...group('other', 'b')];
    const settings = { fallbacks: { g: ['other'] } };
    const ran = harness(list, { settings }).run((id) =>
      id === 'a' ? failed('overloaded', { retryAfterMs: 8_000 }) : ok,
    );
    expect(shown(ran)).toEqual(['a first', 'b fallback']);
    const short = harness(list, { settings }).run((id) =>
      id === 'a' ? failed('overloaded', { retryAfterMs: 900 }) : ok,
    );
    expect(shown(short)).toEqual(['a first', 'a again', 'b fallback']);
  });

  it('gets no request until then while another is routable, and all of them afterwards', () => {
    const router = harness(group('g', 'a', 'b'));
    while (router.run((id) => (id === 'a' ? failed('overloaded', { retryAfterMs: 20_000 }) : ok)).went[0] !== 'a');
    for (let i = 0; i < 50; i++) expect(router.run(() => ok).went).toEqual(['b']);
    router.clock.advance(20_000);
    expect(Array.from({ length: 50 }, () => router.run(() => ok).went[0])).toContain('a');
  });

  it('gets requests where nothing else is routable, which is no panic', () => {
    const router = harness(group('g', 'a'));
    router.run(() => failed('overloaded', { retryAfterMs: 100_000 }));
    expect(shown(router.run(() => ok))).toEqual(['a rate-limited']);
    expect(router.events).toEqual([]);
  });
});

describe('fallback groups', () => {
  const list = ['g', 'b', 'c', 'd', 'e'].flatMap((name) => group(name, `${name}1`));
  const settings = { retries: 0, fallbacks: { g: ['b', 'c'], b: ['d'], d: ['g'], '*': ['e'] } };

  it('come in their order, each followed by its own, and no group comes twice', () => {
    expect(shown(all(failed(), list, settings))).toEqual([
      'g1 first',
      'b1 fallback',
      'd1 fallback',
      'c1 fallback',
      'e1 fallback',
    ]);
  });

  it('are at most max_fallbacks', () => {
    expect(all(failed(), list, { ...settings, maxFallbacks: 2 }).went).toEqual(['g1', 'b1', 'd1']);
    expect(all(failed(), list, { ...settings, maxFallbacks: 0 }).went).toEqual(['g1']);
  });

  it('leave out a group that the caller may not use, with its fallbacks', () => {
    const ran = harness(list, { settings }).run(() => failed(), { mayUse: (name) => name !== 'b' });
    expect(ran.went).toEqual(['g1', 'c1', 'e1']);
  });

  it('have retries of their own', () => {
    const ran = all(failed(), [...group('g', 'a'), ...group('b', 'x', 'y')], { retries: 1, fallbacks: { g: ['b'] } });
    expect(ran.went.slice(0, 2)).toEqual(['a', 'a']);
    expect(ran.went.slice(2).toSorted()).toEqual(['x', 'y']);
  });

  it('come first where nothing of the group is routable', () => {
    const router = harness(list, { settings });
    router.verdict('g1', 'down');
    router.verdict('b1', 'suspect');
    expect(shown(router.run(() => ok))).toEqual(['d1 fallback']);
    expect(router.events).toEqual([]);
  });

  it('by the name as the caller wrote it, then by the group', () => {
    const wild = [...group('openai/*', 'w'), ...group('b', 'x'), ...group('c', 'y')];
    const fallbacks = { 'openai/gpt-4o': ['b'], 'openai/*': ['c'] };
    const went = (model: string): readonly string[] =>
      harness(wild, { settings: { retries: 0, fallbacks } }).run(() => failed(), { model }).went;
    expect(went('openai/gpt-4o')).toEqual(['w', 'x']);
    expect(went('openai/o3')).toEqual(['w', 'y']);
  });

  it('that are wildcards are asked for the name of the fallback', () => {
    const wild = [...group('g', 'a'), ...group('openai/*', 'w')];
    const { attempts } = all(failed(), wild, { retries: 0, fallbacks: { g: ['openai/gpt-4o'] } });
    expect(attempts[1]).toMatchObject({ deployment: { id: 'w' }, model: 'openai/gpt-4o' });
  });

  it('for a prompt that is too long, or refused content, are lists of their own', () => {
    const special = {
      ...settings,
      contextWindowFallbacks: { g: ['c'] },
      contentPolicyFallbacks: { g: ['d'] },
      fallbacks: { g: ['b'], c: ['e'] },
    };
    expect(all(fault('context-window'), list, special).went).toEqual(['g1', 'c1']);
    expect(all(fault('content-policy'), list, special).went).toEqual(['g1', 'd1']);
    const router = harness([...list, deployment('g2')], { settings: { ...special, retries: 2 } });
    const ran = router.run((id) => (id === 'c1' ? failed('auth') : id === 'e1' ? ok : fault('context-window')));
    expect(ran.went.slice(1)).toEqual(['c1', 'e1']);
    expect(all(fault('context-window'), list, settings).went).toEqual(['g1']);
  });
});

describe('the deadline of the caller', () => {
  it('fault: that has passed before the first attempt looks like a group without a deployment', () => {
    const router = harness([deployment('a')]);
    const { went, end } = router.run(() => ok, { deadlineMs: 1_000_000 });
    expect([went, end]).toEqual([[], { kind: 'give-up', why: 'deadline' }]);
  });

  it('cuts the time of an attempt', () => {
    const router = harness(group('g', 'a', 'b'), { settings: { retries: 1 } });
    const { attempts } = router.run(() => ({ ...failed(), durationMs: 1_000 }), { deadlineMs: 1_003_000 });
    expect(attempts.map(({ timeoutMs }) => timeoutMs)).toEqual([3_000, 2_000]);
  });

  it('ends the request without another attempt once it has passed', () => {
    const ran = harness(group('g', 'a', 'b')).run(() => ({ ...failed('timeout'), durationMs: 3_000 }), {
      deadlineMs: 1_003_000,
    });
    expect(ran.attempts).toHaveLength(1);
    expect(ran.end).toEqual({ kind: 'give-up', why: 'failed' });
  });

  it('does not count a timeout that it caused against the deployment', () => {
    const router = harness(group('g', 'a'));
    for (let i = 0; i < 10; i++) {
      const deadlineMs = router.clock.monotonicMs() + 100;
      router.run(() => ({ ...failed('timeout'), durationMs: 100 }), { deadlineMs });
    }
    expect(router.events).toEqual([]);
    expect(router.reports).toEqual([]);
  });

  it.each([
    ['whole', {}, 600_000],
    ['whole', { timeoutMs: 5_000, streamTimeoutMs: 2_000 }, 5_000],
    ['stream', { timeoutMs: 5_000 }, 5_000],
    ['stream', { timeoutMs: 5_000, streamTimeoutMs: 2_000 }, 2_000],
  ])('leaves the time of a deployment for a %s answer: %j', (answer, changes, timeoutMs) => {
    const { attempts } = harness([deployment('a', changes)]).run(() => ok, { stream: answer === 'stream' });
    expect(attempts[0]?.timeoutMs).toBe(timeoutMs);
  });
});
