import { describe, expect, it } from 'vitest';
import type { AttemptOutcome } from '../../../src/routing/index.ts';
import { deployment, failed, harness, ok } from '../../support/routing.ts';
import type { Harness, HarnessOptions } from '../../support/routing.ts';

const two = (settings: HarnessOptions['settings'] = {}): Harness =>
  harness([deployment('a'), deployment('b')], { settings });

/** Sends requests, of which those at `a` end so, until the condition holds. */
function until(router: Harness, outcome: AttemptOutcome, done: () => boolean): void {
  for (let i = 0; i < 500 && !done(); i++) router.run((id) => (id === 'a' ? outcome : ok));
  expect(done()).toBe(true);
}

const wentTo = (router: Harness, count: number, outcome: AttemptOutcome = ok): string =>
  [...new Set(Array.from({ length: count }, () => router.run((id) => (id === 'a' ? outcome : ok)).went).flat())]
    .toSorted()
    .join(' ');

describe('allowed_fails', () => {
  const cooled = (router: Harness): number => router.events.filter((one) => one === 'ejected a allowed-fails').length;

  it('cools a deployment down with one failure more within a minute, and not by the window rule', () => {
    const router = two({ allowedFails: 3 });
    let failures = 0;
    for (let i = 0; i < 50; i++) router.run((id) => (id === 'a' && ++failures > 0 ? failed() : ok));
    expect(failures).toBe(4);
    expect(router.events).toEqual(['ejected a allowed-fails']);
    router.clock.advance(5_000);
    expect(router.events.at(-1)).toBe('ended a half-open');
    expect(wentTo(router, 40)).toBe('a b');
    expect(router.events.at(-1)).toBe('ended a trial-passed');
  });

  it('counts kinds of error by their own numbers, and 0 is a number', () => {
    const policy = { TimeoutError: 0, RateLimitError: 2 };
    const router = two({ allowedFails: 100, allowedFailsPolicy: policy });
    until(router, failed('timeout'), () => cooled(router) === 1);
    const limited = two({ allowedFails: 100, allowedFailsPolicy: policy });
    let failures = 0;
    for (let i = 0; i < 60; i++) limited.run((id) => (id === 'a' && ++failures > 0 ? failed('overloaded') : ok));
    expect([failures, cooled(limited)]).toEqual([3, 1]);
    const other = two({ allowedFails: 100, allowedFailsPolicy: policy });
    for (let i = 0; i < 60; i++) other.run((id) => (id === 'a' ? failed() : ok));
    expect(other.events).toEqual([]);
  });

  it.each([
    [503, 'ServiceUnavailableError'],
    [502, 'BadGatewayError'],
    [500, 'InternalServerError'],
    [504, 'TimeoutError'],
  ] as const)('counts status %d as %s', (status, kind) => {
    const outcome = failed('server', { status });
    const limited = two({ allowedFails: 100, allowedFailsPolicy: { [kind]: 0 } });
    until(limited, outcome, () => cooled(limited) === 1);
    const others = { ServiceUnavailableError: 0, BadGatewayError: 0, InternalServerError: 0, TimeoutError: 0 };
    const router = two({ allowedFails: 100, allowedFailsPolicy: { ...others, [kind]: 100 } });
    for (let i = 0; i < 60; i++) router.run((id) => (id === 'a' ? outcome : ok));
    expect(router.events).toEqual([]);
  });

  it('concerns one deployment, not another one of the same target', () => {
    const list = [deployment('a', { target: 't' }), deployment('b', { target: 't' }), deployment('c')];
    const router = harness(list, { settings: { allowedFails: 1 } });
    for (let i = 0; i < 40; i++) router.run((id) => (id === 'a' ? failed() : ok));
    expect(router.events).toEqual(['ejected a allowed-fails']);
    expect(Array.from({ length: 40 }, () => router.run(() => ok).went[0])).toContain('b');
  });
});

describe('an operator', () => {
  it('drains a deployment: it stays out of a panic, unless everything is drained', () => {
    const router = two();
    router.verdict('a', { state: 'down', held: true });
    router.verdict('b', 'down');
    for (let i = 0; i < 20; i++) {
      expect(new Set(router.run(() => failed()).went)).toEqual(new Set(['b']));
    }
    router.verdict('b', { state: 'down', held: true });
    expect(new Set(Array.from({ length: 30 }, () => router.run(() => ok).went[0]))).toEqual(new Set(['a', 'b']));
  });

  it('may let rate limits and timeouts take no traffic away', () => {
    const went = (ignoreTransientErrors: boolean): string => {
      const router = two({ ignoreTransientErrors });
      router.verdict('a', { state: 'suspect', because: 'transient-errors' });
      return wentTo(router, 40);
    };
    expect([went(true), went(false)]).toEqual(['a b', 'b']);
  });
});

describe('cooldown_time of a deployment', () => {
  const withOwn = (cooldownMs: number): Harness => harness([deployment('a', { cooldownMs }), deployment('b')]);

  it('is how long its failures take it out', () => {
    const router = withOwn(60_000);
    until(router, failed(), () => router.events.includes('ejected t-a window'));
    router.clock.advance(59_000);
    expect(wentTo(router, 40)).toBe('b');
    router.clock.advance(1_000);
    expect(router.events.at(-1)).toBe('ended t-a half-open');
  });

  it('of 0 takes it out for no time', () => {
    const router = withOwn(0);
    for (let i = 0; i < 100; i++) router.run((id) => (id === 'a' ? failed() : ok));
    expect(router.events).toEqual([]);
  });
});
