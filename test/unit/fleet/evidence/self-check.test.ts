import { describe, expect, it } from 'vitest';
import { selfChecking, ids } from '../../../support/self-checking.ts';
import { factsOf, failedProbe, okProbe, settled } from '../../../support/fleet-parts.ts';

const [first = ''] = ids;

describe('doubts of a pod about itself', () => {
  it('arise when another pod succeeds after this pod alone has failed', () => {
    const { selfCheck, failsAlone: standsAlone, changed } = selfChecking();
    standsAlone(first);
    expect(selfCheck.of(first)).toMatchObject({ failure: { class: 'network' } });
    expect(changed).toEqual([first]);
  });

  it.each(['network', 'timeout', 'server', 'auth', 'quota', 'not-found'] as const)(
    'arise from %s: a proxy in between can imitate it',
    (failure) => {
      const { selfCheck, failsAlone: standsAlone } = selfChecking();
      standsAlone(first, failure);
      expect(selfCheck.of(first)).toMatchObject({ failure: { class: failure } });
    },
  );

  it('are looked into no more while probing is paused, and again afterwards', async () => {
    const { selfCheck, failsAlone: standsAlone, checks: looks, held, path: way, pass } = selfChecking(['a', 'b']);
    held.paused = true;
    standsAlone(first);
    way.open = true;
    await pass(60_000, 100);
    expect(looks).toEqual([]);
    expect(selfCheck.of(first)).toBeDefined();
    held.paused = false;
    await pass(10_000, 100);
    expect(looks).toHaveLength(1);
    expect(selfCheck.of(first)).toBeUndefined();
  });

  it('do not arise from overload: this pod was answered', () => {
    const { selfCheck, failsAlone: standsAlone } = selfChecking();
    standsAlone(first, 'overloaded');
    expect(selfCheck.of(first)).toBeUndefined();
  });

  it('do not arise from a rejected probe: the request is at fault, not the way', () => {
    const { selfCheck, failsAlone: standsAlone } = selfChecking();
    standsAlone(first, 'bad-probe');
    expect(selfCheck.of(first)).toBeUndefined();
  });

  it('arise after the clock was set back as before (nothing that others see is new for an hour)', () => {
    const { selfCheck, fails, passes, clock } = selfChecking();
    fails(first, 'pod_a');
    clock.stepWall(-3_600_000);
    selfCheck.shiftTimes(-3_600_000_000);
    passes(first, 'pod_b');
    expect(selfCheck.of(first)).toMatchObject({ failure: { class: 'network' } });
  });

  it('do not arise from a shallower success, nor from its own', () => {
    const { selfCheck, fails, passes } = selfChecking();
    fails(first, 'pod_a');
    passes(first, 'pod_b', 'models');
    passes(first, 'pod_a');
    expect(selfCheck.of(first)).toBeUndefined();
  });

  it('do not arise from a success that began before this pod failed', () => {
    const { selfCheck, storeNow } = selfChecking();
    const before = factsOf(okProbe(storeNow() - 1, { pod: 'pod_b' }));
    selfCheck.ownEvidence(first, failedProbe(storeNow(), { class: 'network' }));
    selfCheck.fleetEvidence(first, before);
    expect(selfCheck.of(first)).toBeUndefined();
  });

  it('arise once from one failure, whoever succeeds after that', () => {
    const { selfCheck, failsAlone: standsAlone, passes, changed, checks: looks, clock } = selfChecking(['a']);
    standsAlone(first);
    passes(first, 'pod_b');
    passes(first, 'pod_c');
    expect(changed).toEqual([first]);
    clock.advance(5_000);
    expect(looks).toHaveLength(1);
    expect(selfCheck.of(first)).toBeDefined();
  });

  it('arise although this pod could connect since: that proves less than its probe had failed at', () => {
    const { selfCheck, fails, passes } = selfChecking();
    fails(first, 'pod_a');
    passes(first, 'pod_a', 'connect');
    passes(first, 'pod_b');
    expect(selfCheck.of(first)).toBeDefined();
  });

  it('concern the targets of this pod alone', () => {
    const { selfCheck, failsAlone: standsAlone, changed, clock } = selfChecking();
    standsAlone('unheard of');
    expect(selfCheck.of('unheard of')).toBeUndefined();
    expect([changed, clock.pending()]).toEqual([[], 0]);
  });

  it('do not arise when others saw the failure too: the target has recovered', () => {
    const { selfCheck, fails, passes } = selfChecking();
    fails(first, 'pod_a');
    fails(first, 'pod_b');
    passes(first, 'pod_b');
    expect(selfCheck.of(first)).toBeUndefined();
  });

  it('do not arise when another process of the same host succeeds: the target has recovered, but once only', () => {
    const { selfCheck, observe, fails, passes, storeNow } = selfChecking();
    const passesBeside = (): void => observe(first, okProbe(storeNow(), { pod: 'pod_b', host: 'pod_a' }));
    fails(first, 'pod_a');
    passesBeside();
    expect(selfCheck.of(first)).toBeUndefined();
    // Its own success: the next outage begins anew.
    passes(first, 'pod_a');
    fails(first, 'pod_a');
    passesBeside();
    expect(selfCheck.of(first)).toBeUndefined();
    // This process fails alone on its host.
    fails(first, 'pod_a');
    passesBeside();
    expect(selfCheck.of(first)).toMatchObject({ failure: { class: 'network' } });
  });

  it('arise when the failure that others saw was an earlier one', () => {
    const { selfCheck, fails, passes, failsAlone: standsAlone } = selfChecking();
    fails(first, 'pod_b');
    fails(first, 'pod_c');
    passes(first, 'pod_b');
    standsAlone(first);
    expect(selfCheck.of(first)).toBeDefined();
  });

  it("begin even if this pod's failure was never committed", () => {
    const { selfCheck, clock, storeNow } = selfChecking();
    const [b, c] = [{ pod: 'pod_b' }, { pod: 'pod_c' }];
    const at = storeNow();
    const broken = [failedProbe(at, {}, b), failedProbe(at + 1, {}, c), okProbe(at + 2, b)] as const;
    clock.advance(1);
    selfCheck.ownEvidence(first, failedProbe(storeNow(), { class: 'network' }));
    const facts = factsOf(...broken, okProbe(storeNow() + 1, c));
    expect(facts.failureRun?.witnesses).toHaveLength(2);
    selfCheck.fleetEvidence(first, facts);
    expect(selfCheck.of(first)).toBeDefined();
  });

  it('end when another pod fails later: this one may be the second witness', () => {
    const { selfCheck, failsAlone: standsAlone, fails, changed } = selfChecking();
    standsAlone(first);
    fails(first, 'pod_b', 'server');
    expect(selfCheck.of(first)).toBeUndefined();
    expect(changed).toEqual([first, first]);
  });

  it('do not end by a failure that is older, nor by one of its own', () => {
    const { selfCheck, failsAlone: standsAlone, fails, observe: see, storeNow } = selfChecking();
    const before = storeNow();
    standsAlone(first);
    see(first, failedProbe(before, { class: 'server' }, { pod: 'pod_b' }));
    expect(selfCheck.of(first)).toBeDefined();
    fails(first, 'pod_a', 'server');
    expect(selfCheck.of(first)).toBeDefined();
  });

  it("do not end by another pod's probe at a lower level", () => {
    const { selfCheck, failsAlone: standsAlone, storeNow } = selfChecking();
    const b = { pod: 'pod_b' };
    const failed = failedProbe(storeNow(), {}, b);
    standsAlone(first);
    const facts = factsOf(failed, okProbe(storeNow(), { ...b, level: 'models' }));
    expect(facts.run.kind).toBe('failed');
    selfCheck.fleetEvidence(first, facts);
    expect(selfCheck.of(first)).toBeDefined();
  });

  it('end by a success of its own as deep as the failure: a probe that was under way when they arose', () => {
    const { selfCheck, failsAlone: standsAlone, passes, changed, clock } = selfChecking();
    standsAlone(first);
    passes(first, 'pod_a', 'connect');
    expect(selfCheck.of(first)).toBeDefined();
    passes(first, 'pod_a');
    expect(selfCheck.of(first)).toBeUndefined();
    expect([changed, clock.pending()]).toEqual([[first, first], 0]);
  });

  it('are as old as their beginning, however often they are renewed', async () => {
    const { selfCheck, failsAlone: standsAlone, pass, fails, passes, clock } = selfChecking();
    standsAlone(first);
    const { since } = selfCheck.of(first)!;
    await pass(20_000, 500);
    expect(selfCheck.of(first)).toMatchObject({ since, failure: { class: 'network' } });
    fails(first, 'pod_a', 'timeout');
    passes(first, 'pod_b');
    expect(selfCheck.of(first)).toMatchObject({ since, failure: { class: 'timeout' } });
    expect(clock.pending()).toBe(1);
  });

  it('do not end when another pod meets overload: it got an answer there', () => {
    const { selfCheck, failsAlone: standsAlone, fails } = selfChecking();
    standsAlone(first);
    fails(first, 'pod_b', 'overloaded');
    expect(selfCheck.of(first)).toBeDefined();
  });

  it('do not return by a check that was under way when they ended', async () => {
    const { selfCheck, failsAlone: standsAlone, fails, clock, checks: looks } = selfChecking(['a']);
    standsAlone(first);
    clock.advance(5_000);
    expect(looks).toHaveLength(1);
    // The look fails, and its answer comes after another pod failed, too.
    fails(first, 'pod_b', 'server');
    await settled();
    expect(selfCheck.of(first)).toBeUndefined();
  });

  it('are checked without cost, ever more rarely, until a check passes', async () => {
    const { selfCheck, failsAlone: standsAlone, checks: looks, pass, path: way } = selfChecking(['a']);
    standsAlone(first);
    await pass(320_000, 500);
    expect(new Set(looks.map(({ level }) => level))).toEqual(new Set(['connect']));
    const gaps = looks.slice(1).map(({ atMs }, i) => Math.round((atMs - looks[i]!.atMs) / 1000));
    expect(gaps).toEqual([10, 20, 40, 80, 80, 80]);
    way.open = true;
    await pass(80_000, 500);
    expect(selfCheck.of(first)).toBeUndefined();
  });

  it('are checked no later than the target would be probed', async () => {
    const { failsAlone: standsAlone, checks: looks, pass } = selfChecking(['a'], { intervalMs: 2_000 });
    standsAlone(first);
    await pass(1_900, 100);
    expect(looks).toHaveLength(0);
    await pass(200, 100);
    expect(looks).toHaveLength(1);
  });

  it.each([
    ['the longest wait', 10_000, 79_000, 82_000],
    ['two intervals, where that is longer', 60_000, 119_000, 122_000],
  ])('last longer when they return within %s, and begin anew after that', async (_, intervalMs, soonMs, lateMs) => {
    for (const [idleMs, waitMs] of [
      [soonMs, 10_000],
      [lateMs, 5_000],
    ] as const) {
      const { failsAlone: standsAlone, checks: looks, pass, path: way, clock } = selfChecking(['a'], { intervalMs });
      way.open = true;
      standsAlone(first);
      // oxlint-disable-next-line no-await-in-loop -- one world after the other
      await pass(5_000, 100);
      expect(looks).toHaveLength(1);
      // oxlint-disable-next-line no-await-in-loop -- the same
      await pass(idleMs, 1_000);
      const againMs = clock.monotonicMs();
      standsAlone(first);
      // oxlint-disable-next-line no-await-in-loop -- the same
      await pass(11_000, 100);
      expect(Math.round((looks[1]!.atMs - againMs) / 1000) * 1000).toBe(waitMs);
    }
  });

  it('are not checked after the stop, and none begin then', async () => {
    const {
      selfCheck,
      failsAlone: standsAlone,
      clock,
      signals,
      checks: looks,
      changed,
      path: way,
    } = selfChecking(['a', 'a', 'a', 'a']);
    way.open = true;
    standsAlone(first);
    clock.advance(5_000);
    expect(looks).toHaveLength(1);
    for (const id of ids.slice(1)) standsAlone(id);
    const told = changed.length;
    selfCheck.stop();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    standsAlone(first);
    await settled();
    expect(changed).toHaveLength(told);
    expect(clock.pending()).toBe(0);
  });
});
