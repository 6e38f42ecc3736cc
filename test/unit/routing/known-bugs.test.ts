import { describe, expect, it } from 'vitest';
import type { AttemptOutcome, RequestPlan } from '../../../src/routing/index.ts';
import { deployment, failed, fault, harness, neutral, ok } from '../../support/routing.ts';
import type { Harness } from '../../support/routing.ts';

const two = (): Harness => harness([deployment('a'), deployment('b')]);

function eject(router: Harness, outcome: AttemptOutcome = failed()): void {
  for (let i = 0; i < 200 && !router.events.includes('ejected t-a window'); i++) {
    router.run((id) => (id === 'a' ? outcome : ok));
  }
  expect(router.events).toContain('ejected t-a window');
}

/** Starts requests until one is the trial. */
function trial(router: Harness): RequestPlan {
  for (let i = 0; i < 200; i++) {
    const plan = router.request();
    const step = plan.next();
    if (step.kind === 'attempt' && step.why === 'trial') return plan;
    plan.ended(ok);
  }
  throw new Error('no trial');
}

const gets = (router: Harness, id: string, requests = 60): boolean =>
  Array.from({ length: requests }, () => router.run(() => ok).went[0]).includes(id);

// Faults that other systems had, each named for itself.
describe('a fault that other gateways had', () => {
  it.each<[string, AttemptOutcome]>([
    ['a client that left', neutral],
    ['a fault of the caller', fault('bad-request')],
    ['a refused prompt', fault('content-policy')],
  ])('a half-open slot lost by %s: another trial follows at once', (_what, outcome) => {
    const router = two();
    eject(router);
    router.clock.advance(5_000);
    const plan = trial(router);
    expect(gets(router, 'a')).toBe(false);
    plan.ended(outcome);
    trial(router).ended(ok);
    expect(router.events.at(-1)).toBe('ended t-a trial-passed');
  });

  it('aborts of clients and faults of callers counted as failures of the upstream: never', () => {
    const router = two();
    for (const outcome of [neutral, fault('bad-request'), fault('context-window'), fault('content-policy')]) {
      for (let i = 0; i < 100; i++) router.run((id) => (id === 'a' ? outcome : ok));
    }
    expect(router.events).toEqual([]);
    expect(router.reports.every((report) => report.ok)).toBe(true);
    expect(gets(router, 'a')).toBe(true);
  });

  it('a cooldown that expired leaves the deployment unhealthy: it is restored fully', () => {
    const router = two();
    eject(router);
    router.clock.advance(5_000);
    trial(router).ended(ok);
    // The failures before it no longer count: one more alone does not eject it again.
    let failures = 0;
    for (let i = 0; i < 400; i++) router.run((id) => (id === 'a' && failures++ === 0 ? failed() : ok));
    expect(router.events.filter((one) => one === 'ejected t-a window')).toHaveLength(1);
    router.clock.advance(60_000);
    const part = Array.from({ length: 1_000 }, () => router.run(() => ok).went[0]).filter((id) => id === 'a').length;
    expect(part).toBeGreaterThan(430);
  });

  it('a cooldown that expired is renewed by failures from before it: they no longer count', () => {
    const router = two();
    router.verdict('b', 'down');
    const inFlight = Array.from({ length: 20 }, () => router.request());
    for (const plan of inFlight) plan.next();
    router.verdict('b', 'up');
    router.clock.advance(10);
    for (const plan of inFlight) plan.ended(failed());
    router.clock.advance(5_000);
    trial(router).ended(ok);
    // Twenty of twenty-one failed within the last minute.
    for (let i = 0; i < 20; i++) router.run(() => ok);
    expect(router.events).toEqual(['ejected t-a window', 'ended t-a half-open', 'ended t-a trial-passed']);
    expect(router.reports.at(-1)).toMatchObject({ ok: true });
  });

  it('retries of one request hit the deployment that was just cooled: they go elsewhere', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const router = harness([deployment('a'), deployment('b'), deployment('c')], { settings: { retries: 6 }, seed });
      for (let i = 0; i < 30; i++) {
        const cooled = new Set(
          router.events.filter((one) => one.startsWith('ejected')).map((one) => one.split(' ')[1]),
        );
        const { went } = router.run((id) => (id === 'c' ? ok : failed()));
        for (const [at, id] of went.entries()) {
          expect(went[at - 1]).not.toBe(id);
          expect(cooled.has(`t-${id}`)).toBe(false);
        }
      }
    }
  });

  it('a gauge that stays at "ejected" because recovery by time raises no event: a timer raises it without any request', () => {
    const router = two();
    eject(router);
    const before = router.events.length;
    router.clock.advance(5_000);
    expect(router.events.slice(before)).toEqual(['ended t-a half-open']);
    const panicking = harness([deployment('x')]);
    panicking.verdict('x', 'down');
    panicking.run(() => failed());
    panicking.clock.advance(10_000);
    // Without a request it is not known whether something is routable again.
    expect(panicking.events).toEqual(['panic g began', 'panic g quiet']);
    expect(panicking.clock.pending()).toBe(0);
  });

  it('probes that succeed bring back a target whose requests fail: a few in a row eject it again', () => {
    const router = two();
    eject(router);
    let failures = 0;
    // Every five seconds a probe succeeds, and each request fails.
    for (let i = 0; i < 600; i++) {
      router.clock.advance(100);
      if (i % 50 === 0) router.verdict('a', { state: 'up', succeededAt: router.now() - 1 });
      const { went } = router.run((id) => (id === 'a' ? failed() : ok));
      expect(went.at(-1)).toBe('b');
      failures += went.filter((id) => id === 'a').length;
    }
    // Ten of twelve times. By the pause alone, which doubles, it would be four.
    expect(router.events.filter((one) => one === 'ejected t-a window').length).toBeGreaterThan(6);
    // An even share would be 300, and that of a degraded one 120.
    expect(failures).toBeLessThan(75);
  });

  it('a check of a connection alone brings back a target whose requests fail: only a success as deep as a request does', () => {
    const router = two();
    eject(router);
    router.clock.advance(1_000);
    router.verdict('a', { state: 'up', since: router.now(), succeededAt: null });
    expect(gets(router, 'a')).toBe(false);
  });

  it('panic hides a target that is really down: it is reported, and ends with the first routable one', () => {
    const router = two();
    router.verdict('a', 'down');
    router.verdict('b', 'down');
    router.run(() => failed());
    expect(router.events).toEqual(['panic g began']);
    router.verdict('b', 'up');
    for (let i = 0; i < 30; i++) expect(router.run(() => ok).went).toEqual(['b']);
    expect(router.events).toEqual(['panic g began', 'panic g ended']);
  });

  it('a target never recovers because all of its siblings are out: each gets its trial', () => {
    const router = two();
    for (let i = 0; i < 30; i++) router.run(() => failed());
    expect(router.events).toContain('ejected t-a window');
    expect(router.events).toContain('ejected t-b window');
    router.clock.advance(60_000);
    for (let i = 0; i < 100; i++) router.run(() => ok);
    router.clock.advance(60_000);
    expect([gets(router, 'a'), gets(router, 'b')]).toEqual([true, true]);
  });

  it('a spent quota (402) is hidden as pending: it ejects, and is reported by its class', () => {
    const router = two();
    eject(router, failed('quota', { status: 402 }));
    expect(router.reports.at(-1)).toMatchObject({ verdict: 'suspect', failure: { class: 'quota', status: 402 } });
  });

  it('a cooldown of a provider hides a healthy sibling model: it concerns one target', () => {
    const router = harness([
      deployment('a'),
      deployment('b'),
      deployment('sibling', { group: 'other', target: 't-sibling' }),
    ]);
    eject(router);
    expect(router.run(() => ok, { model: 'other' }).attempts[0]).toMatchObject({
      deployment: { id: 'sibling' },
      why: 'first',
    });
  });

  it('a failed connection never cools a deployment: it counts as any failure', () => {
    const router = two();
    eject(router, failed('network'));
    const counted = harness([deployment('a'), deployment('b')], { settings: { allowedFails: 1 } });
    for (let i = 0; i < 40; i++) counted.run((id) => (id === 'a' ? failed('network') : ok));
    expect(counted.events).toContain('ejected a allowed-fails');
  });
});
