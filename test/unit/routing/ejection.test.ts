import { describe, expect, it } from 'vitest';
import type { AttemptOutcome } from '../../../src/routing/index.ts';
import { deployment, failed, harness, ok, SETTINGS } from '../../support/routing.ts';
import type { Harness, HarnessOptions } from '../../support/routing.ts';

const two = (settings: HarnessOptions['settings'] = {}): Harness =>
  harness([deployment('a'), deployment('b')], { settings });

/** Sends requests, of which those at `a` end so, until the condition holds. */
function until(router: Harness, outcome: AttemptOutcome, done: () => boolean): void {
  for (let i = 0; i < 500 && !done(); i++) router.run((id) => (id === 'a' ? outcome : ok));
  expect(done()).toBe(true);
}

function ejected(outcome: AttemptOutcome = failed(), settings: HarnessOptions['settings'] = {}): Harness {
  const router = two(settings);
  until(router, outcome, () => router.events.includes('ejected t-a window'));
  return router;
}

const wentTo = (router: Harness, count: number, outcome: AttemptOutcome = ok): string =>
  [...new Set(Array.from({ length: count }, () => router.run((id) => (id === 'a' ? outcome : ok)).went).flat())]
    .toSorted()
    .join(' ');

describe('failures of requests', () => {
  it('two in a row eject the target at once, and one report makes a confirmation due', () => {
    const router = ejected();
    expect(wentTo(router, 50)).toBe('b');
    const reports = router.reports.filter(({ target }) => target === 't-a');
    expect(reports).toHaveLength(1);
    expect(reports[0]).toMatchObject({ ok: false, verdict: 'suspect', witness: 'host-1' });
    expect(reports[0]?.failure).toEqual({ class: 'server', message: 'requests failed' });
    expect(reports[0]?.at).toBeLessThanOrEqual(router.now());
  });

  it('of one that the fleet has found down begin no ejection, and log nothing', () => {
    const router = two();
    const plans = Array.from({ length: 20 }, () => {
      const plan = router.request();
      return { plan, step: plan.next() };
    });
    router.verdict('a', 'down');
    for (const { plan, step } of plans) {
      plan.ended(step.kind === 'attempt' && step.deployment.id === 'a' ? failed('timeout') : ok);
      wentTo(router, 1);
    }
    expect(router.events).toEqual([]);
  });

  it.each([
    ['auth', 401],
    ['quota', 429],
    ['not-found', 404],
  ] as const)('one %s ejects it', (kind, status) => {
    const router = two();
    let failures = 0;
    for (let i = 0; i < 50; i++) router.run((id) => (id === 'a' && ++failures > 0 ? failed(kind, { status }) : ok));
    expect(failures).toBe(1);
    expect(router.reports.find(({ ok: good }) => !good)).toMatchObject({ failure: { class: kind, status } });
  });

  it.each([
    ['auth', 403],
    ['quota', 402],
  ] as const)(
    'a single %s with %i may be about one request, and ejects nothing; two in a row are about the key',
    (failure, status) => {
      const router = two();
      let calls = 0;
      const each = (every: number) => (id: string) =>
        id === 'a' && ++calls % every === 0 ? failed(failure, { status }) : ok;
      for (let i = 0; i < 200; i++) router.run(each(20));
      expect(calls).toBeGreaterThan(40);
      expect(router.events).toEqual([]);
      until(router, failed(failure, { status }), () => router.events.includes('ejected t-a window'));
      const report = router.reports.findLast(({ ok: good }) => !good);
      expect(report).toMatchObject({ verdict: 'suspect', failure: { class: failure, status } });
    },
  );

  it('rate limits degrade it, with a report, and never eject it', () => {
    const router = two();
    for (let i = 0; i < 200; i++) router.run((id) => (id === 'a' ? failed('overloaded', { status: 429 }) : ok));
    expect(router.events.filter((one) => one.startsWith('ejected'))).toEqual([]);
    expect(router.reports.find(({ target, ok: good }) => target === 't-a' && !good)).toMatchObject({
      verdict: 'degraded',
    });
    expect(
      Array.from({ length: 400 }, () => router.run((id) => (id === 'a' ? failed('overloaded') : ok)).went[0]).filter(
        (id) => id === 'a',
      ).length,
    ).toBeLessThan(140);
  });

  it('every tenth degrades it in this pod, without a report', () => {
    const router = two();
    let calls = 0;
    const outcome = (id: string): AttemptOutcome => (id === 'a' && ++calls % 6 === 0 ? failed() : ok);
    for (let i = 0; i < 200; i++) router.run(outcome);
    const part = Array.from({ length: 1_000 }, () => router.run(outcome).went[0]).filter((id) => id === 'a').length;
    expect(part).toBeLessThan(320);
    expect(part).toBeGreaterThan(100);
    expect(router.reports.filter(({ ok: good }) => !good)).toEqual([]);
    expect(router.events).toEqual([]);
  });

  it('are reported once while the fleet has not answered, and not at all where it knows', () => {
    const router = harness([deployment('a')]);
    for (let i = 0; i < 20; i++) router.run(() => failed());
    expect(router.reports).toHaveLength(1);
    const known = harness([deployment('a')]);
    known.verdict('a', 'down');
    for (let i = 0; i < 20; i++) known.run(() => failed());
    expect(known.reports).toEqual([]);
  });

  it('eject nothing where cooldowns are off, and are reported to the fleet', () => {
    const router = two({ cooldowns: 'off' });
    for (let i = 0; i < 50; i++) router.run((id) => (id === 'a' ? failed() : ok));
    expect(router.events.filter((one) => one.startsWith('ejected'))).toEqual([]);
    expect(router.reports.some(({ ok: good }) => !good)).toBe(true);
  });

  it('that ejected a target no longer keep it out once a reload switches cooldowns off', () => {
    const router = ejected();
    router.router.reconfigure([deployment('a'), deployment('b')], { ...SETTINGS, cooldowns: 'off' });
    expect(router.events.at(-1)).toBe('ended t-a cooldowns-off');
    expect(wentTo(router, 30)).toBe('a b');
    expect(router.clock.pending()).toBe(0);
  });

  it('of a target that an operator holds up change nothing', () => {
    const router = two();
    router.verdict('a', { state: 'up', held: true });
    for (let i = 0; i < 50; i++) router.run((id) => (id === 'a' ? failed() : ok));
    expect(wentTo(router, 50)).toBe('a b');
  });
});

describe('successes of requests', () => {
  it('are reported about once a second, so that they replace probes', () => {
    const router = harness([deployment('a')]);
    for (let i = 0; i < 100; i++) {
      router.run(() => ok);
      router.clock.advance(80);
    }
    expect(router.reports.length).toBeGreaterThanOrEqual(9);
    expect(router.reports.length).toBeLessThanOrEqual(11);
    expect(router.reports[0]).toMatchObject({ ok: true, verdict: 'success', latencyMs: 10, witness: 'host-1' });
    expect(router.reports[0]).not.toHaveProperty('failure');
  });

  it('that are ten times slower than usual degrade the target, and usual ones end that', () => {
    const router = two();
    const slow: AttemptOutcome = { kind: 'success', firstByteMs: 3_000, durationMs: 3_100 };
    const usual: AttemptOutcome = { kind: 'success', firstByteMs: 100, durationMs: 200 };
    const part = (outcome: AttemptOutcome): number =>
      Array.from({ length: 600 }, () => router.run((id) => (id === 'a' ? outcome : usual)).went[0]).filter(
        (id) => id === 'a',
      ).length / 600;
    expect(part(usual)).toBeCloseTo(0.5, 1);
    // The first twenty slow ones; after that they are the usual.
    let slowOnes = 0;
    const firsts = Array.from(
      { length: 60 },
      () => router.run((id) => (id === 'a' && ++slowOnes ? slow : usual)).went[0],
    );
    expect(firsts.filter((id) => id === 'a').length).toBeLessThan(24);
    expect(part(usual)).toBeGreaterThan(0.4);
  });
});

describe('an ejection', () => {
  it('ends when the fleet finds the target up after it began', () => {
    const router = ejected();
    const since = router.now() - 60_000_000;
    router.verdict('a', { state: 'up', since, succeededAt: router.now() - 1_000_000 });
    expect(wentTo(router, 30)).toBe('b');
    router.verdict('a', { state: 'up', since, succeededAt: router.now() });
    expect(wentTo(router, 30)).toBe('a b');
    expect(router.events.at(-1)).toBe('ended t-a confirmed-up');
  });

  it('ends when the verdict was suspect and is up again, where the view has no time of a success', () => {
    const router = ejected();
    router.verdict('a', 'suspect');
    expect(wentTo(router, 5)).toBe('b');
    router.verdict('a', 'up');
    expect(wentTo(router, 30)).toBe('a b');
  });

  it('ends when the verdict is down, which then decides, and a slow start follows', () => {
    const router = ejected();
    router.verdict('a', 'down');
    expect(wentTo(router, 30)).toBe('b');
    expect(router.events.at(-1)).toBe('ended t-a verdict-down');
    router.clock.advance(10_000);
    expect(wentTo(router, 30)).toBe('b');
    router.verdict('a', { state: 'up', before: 'down', since: router.now() });
    const early = Array.from({ length: 50 }, () => router.run(() => ok).went[0]);
    expect(early.filter((id) => id === 'a').length).toBeLessThan(10);
  });

  it('comes back after a passed confirmation by failures in a row only after a pause that doubles', () => {
    const router = ejected();
    const confirm = (): void => router.verdict('a', { state: 'up', succeededAt: router.now() });
    const ejections = (): number => router.events.filter((one) => one === 'ejected t-a window').length;
    router.clock.advance(1);
    confirm();
    // Two failures, then as many successes: never half of ten.
    const flapping = (withinMs: number): void => {
      const endMs = router.clock.monotonicMs() + withinMs;
      let at = 0;
      while (router.clock.monotonicMs() < endMs) router.run((id) => (id === 'a' && at++ % 10 < 2 ? failed() : ok));
    };
    flapping(4_000);
    expect(ejections()).toBe(1);
    flapping(3_000);
    expect(ejections()).toBe(2);
    router.clock.advance(1);
    confirm();
    flapping(9_000);
    expect(ejections()).toBe(2);
  });
});

describe('without a verdict of the fleet', () => {
  it('one trial at a time goes to the target once its time has passed', () => {
    const router = ejected();
    router.clock.advance(5_000);
    expect(router.events.at(-1)).toBe('ended t-a half-open');
    const running = Array.from({ length: 40 }, () => router.request());
    const went = running.map((plan) => {
      const step = plan.next();
      return step.kind === 'attempt' ? `${step.deployment.id} ${step.why}` : '';
    });
    expect(went.filter((one) => one === 'a trial')).toHaveLength(1);
    expect(went.filter((one) => one === 'b first')).toHaveLength(39);
    router.clock.advance(20);
    for (const plan of running) plan.ended(ok);
    expect(router.events.at(-1)).toBe('ended t-a trial-passed');
    router.clock.advance(30_000);
    expect(wentTo(router, 30)).toBe('a b');
  });

  it('a failed trial makes the next ejection twice as long', () => {
    const router = ejected();
    const out = (ms: number): void => {
      router.clock.advance(ms - 1_000);
      expect(wentTo(router, 20, failed())).toBe('b');
      router.clock.advance(1_000);
      until(router, failed(), () => router.events.at(-1) === 'ejected t-a failed-trial');
    };
    out(5_000);
    out(10_000);
    out(20_000);
    expect(router.events.filter((one) => one === 'ended t-a half-open')).toHaveLength(3);
  });

  it('a trial whose end is never reported does not hold its place for ever', () => {
    const router = ejected(failed(), { timeoutMs: 10_000 });
    router.clock.advance(5_000);
    const trial = Array.from({ length: 40 }, () => router.request()).find((plan) => {
      const step = plan.next();
      return step.kind === 'attempt' && step.why === 'trial';
    });
    expect(trial).toBeDefined();
    expect(wentTo(router, 30)).toBe('b');
    router.clock.advance(15_001);
    expect(wentTo(router, 30)).toBe('a b');
  });
});
