import { describe, expect, it } from 'vitest';
import { failedProbe, fleetTarget, okProbe, settled, testWorld } from '../../test/support/fleet-parts.ts';
import { transition } from '../health/index.ts';
import type { Facts, FailureClass, LastProbe, Level, TargetId } from '../health/index.ts';
import type { Prober } from '../ports/index.ts';
import { Doubts } from './doubts.ts';
import { createStoreClock } from './store-clock.ts';

const ids = ['a', 'b', 'c', 'd'].map((letter) => `80000000${letter}`);
const [first = ''] = ids;

/** Pod `pod_a` with its doubts, and what the fleet sees meanwhile. */
function doubting(hosts: readonly string[] = ['a', 'b', 'c', 'd']) {
  const world = testWorld();
  const looks: { target: TargetId; level: Level; atMs: number }[] = [];
  const way = { open: false };
  const prober: Prober = {
    probe: (target, level) => {
      looks.push({ target, level, atMs: world.clock.monotonicMs() });
      const outcome = way.open
        ? ({ kind: 'ok' } as const)
        : ({ kind: 'failed', failure: { class: 'network', message: 'refused' } } as const);
      return Promise.resolve({ outcome, level, latencyMs: 1 });
    },
  };
  const targets = hosts.map((host, i) => fleetTarget({ id: ids[i]!, host }));
  const changed: TargetId[] = [];
  const impaired: boolean[] = [];
  const doubts = new Doubts(world.options({ targets, prober }), createStoreClock(world.clock), {
    changed: (target) => changed.push(target),
    impaired: (now) => impaired.push(now),
  });
  const known = new Map<TargetId, Facts>();
  const see = (target: TargetId, probe: LastProbe): void => {
    if (probe.pod === 'pod_a') doubts.ownProbe(target, probe);
    const facts = transition(known.get(target), probe);
    known.set(target, facts);
    doubts.fleetSaw(target, facts);
    world.clock.advance(1);
  };
  const fails = (target: TargetId, pod: string, failure: FailureClass = 'network'): void =>
    see(target, failedProbe(world.storeNow(), { class: failure }, { pod }));
  const passes = (target: TargetId, pod: string, level: Level = 'inference'): void =>
    see(target, okProbe(world.storeNow(), { pod, level }));
  /** This pod fails; then another pod succeeds. */
  const standsAlone = (target: TargetId, failure: FailureClass = 'network'): void => {
    fails(target, 'pod_a', failure);
    passes(target, 'pod_b');
  };
  return { ...world, doubts, looks, way, changed, impaired, fails, passes, standsAlone };
}

describe('doubts of a pod about itself', () => {
  it('arise when another pod succeeds after this pod alone has failed', () => {
    const { doubts, standsAlone, changed } = doubting();
    standsAlone(first);
    expect(doubts.of(first)).toMatchObject({ failure: { class: 'network' } });
    expect(changed).toEqual([first]);
  });

  it.each(['network', 'timeout', 'server', 'auth', 'quota', 'not-found', 'bad-probe'] as const)(
    'arise from %s: a proxy in between can imitate it',
    (failure) => {
      const { doubts, standsAlone } = doubting();
      standsAlone(first, failure);
      expect(doubts.of(first)).toMatchObject({ failure: { class: failure } });
    },
  );

  it('do not arise from overload: this pod was answered', () => {
    const { doubts, standsAlone } = doubting();
    standsAlone(first, 'overloaded');
    expect(doubts.of(first)).toBeUndefined();
  });

  it('do not arise from a shallower success, nor from its own', () => {
    const { doubts, fails, passes } = doubting();
    fails(first, 'pod_a');
    passes(first, 'pod_b', 'models');
    passes(first, 'pod_a');
    expect(doubts.of(first)).toBeUndefined();
  });

  it('do not arise when others saw the failure too: the target has recovered', () => {
    const { doubts, fails, passes } = doubting();
    fails(first, 'pod_a');
    fails(first, 'pod_b');
    passes(first, 'pod_b');
    expect(doubts.of(first)).toBeUndefined();
  });

  it('arise when the failure that others saw was an earlier one', () => {
    const { doubts, fails, passes, standsAlone } = doubting();
    fails(first, 'pod_b');
    fails(first, 'pod_c');
    passes(first, 'pod_b');
    standsAlone(first);
    expect(doubts.of(first)).toBeDefined();
  });

  it('end when another pod fails later: this one may be the second witness', () => {
    const { doubts, standsAlone, fails, changed } = doubting();
    standsAlone(first);
    fails(first, 'pod_b', 'server');
    expect(doubts.of(first)).toBeUndefined();
    expect(changed).toEqual([first, first]);
  });

  it('do not end when another pod meets overload: it got an answer there', () => {
    const { doubts, standsAlone, fails } = doubting();
    standsAlone(first);
    fails(first, 'pod_b', 'overloaded');
    expect(doubts.of(first)).toBeDefined();
  });

  it('do not come back by a look that was under way when they ended', async () => {
    const { doubts, standsAlone, fails, clock, looks } = doubting();
    standsAlone(first);
    clock.advance(5_000);
    expect(looks).toHaveLength(1);
    // The look fails, and its answer comes after another pod failed, too.
    fails(first, 'pod_b', 'server');
    await settled();
    expect(doubts.of(first)).toBeUndefined();
  });

  it('are looked into for free, ever more rarely, until the way is open again', async () => {
    const { doubts, standsAlone, looks, pass, way } = doubting();
    standsAlone(first);
    await pass(200_000, 500);
    expect(new Set(looks.map(({ level }) => level))).toEqual(new Set(['connect']));
    const gaps = looks.slice(1).map(({ atMs }, i) => Math.round((atMs - looks[i]!.atMs) / 1000));
    expect(gaps).toEqual([10, 20, 40, 80]);
    way.open = true;
    await pass(80_000, 500);
    expect(doubts.of(first)).toBeUndefined();
  });

  it('last longer when they return soon', async () => {
    const { standsAlone, looks, pass, way, clock } = doubting();
    way.open = true;
    standsAlone(first);
    await pass(6_000, 500);
    expect(looks).toHaveLength(1);
    const againMs = clock.monotonicMs();
    standsAlone(first);
    await pass(30_000, 500);
    expect(looks[1]!.atMs - againMs).toBeGreaterThanOrEqual(10_000);
  });
});

describe('an impaired pod', () => {
  it('is one that stands alone at half of its hosts or more; it says so once', async () => {
    const { doubts, standsAlone, impaired, way, pass } = doubting();
    standsAlone(ids[0]!);
    expect(doubts.impaired).toBe(false);
    standsAlone(ids[1]!);
    standsAlone(ids[2]!);
    expect(impaired).toEqual([true]);
    way.open = true;
    await pass(100_000, 500);
    expect(impaired).toEqual([true, false]);
    expect(doubts.impaired).toBe(false);
  });

  it('knows at least three hosts: of two, half is too little to blame itself', () => {
    const { doubts, standsAlone } = doubting(['a', 'b']);
    standsAlone(ids[0]!);
    standsAlone(ids[1]!);
    expect(doubts.impaired).toBe(false);
  });

  it('counts hosts, not targets', () => {
    const { doubts, standsAlone } = doubting(['a', 'a', 'b', 'c']);
    standsAlone(ids[0]!);
    standsAlone(ids[1]!);
    expect(doubts.impaired).toBe(false);
    standsAlone(ids[2]!);
    expect(doubts.impaired).toBe(true);
  });

  it('leaves no timer behind when it stops', () => {
    const { doubts, standsAlone, clock } = doubting();
    for (const id of ids) standsAlone(id);
    doubts.stop();
    expect(clock.pending()).toBe(0);
  });
});
