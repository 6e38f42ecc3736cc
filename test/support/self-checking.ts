import { SelfCheck } from '../../src/fleet/evidence/self-check.ts';
import { createStoreClock } from '../../src/fleet/store/store-clock.ts';
import { transition } from '../../src/health/index.ts';
import type { Facts, FailureClass, Observation, Level, TargetId } from '../../src/health/index.ts';
import type { FleetTarget } from '../../src/fleet/options.ts';
import type { Prober } from '../../src/ports/index.ts';
import { failedProbe, fleetTarget, okProbe, testWorld } from './fleet-parts.ts';
import type { TestWorld } from './fleet-parts.ts';

/** Four targets, one host each unless told otherwise. */
export const ids: readonly TargetId[] = ['a', 'b', 'c', 'd'].map((letter) => `80000000${letter}`);

/** Pod `pod_a` with its doubts, and what the fleet sees meanwhile. */
export interface Doubting extends TestWorld {
  readonly selfCheck: SelfCheck;
  /** Its free looks, with their signals. */
  readonly looks: readonly { readonly target: TargetId; readonly level: Level; readonly atMs: number }[];
  readonly signals: readonly AbortSignal[];
  /** Whether its looks succeed. */
  readonly way: { open: boolean; fails: FailureClass; connects: 'yes' | 'no' };
  readonly held: { paused: boolean };
  /** Probes that it asked for, which fail, and whether it makes any by itself. */
  readonly asked: readonly { readonly target: TargetId; readonly atMs: number }[];
  readonly permission: { probes: 'requested' | 'unavailable' };
  readonly changed: readonly TargetId[];
  readonly impaired: readonly boolean[];
  /** A probe of some pod gets into the record, and this pod hears of it. */
  see(target: TargetId, probe: Observation): void;
  fails(target: TargetId, pod: string, failure?: FailureClass): void;
  passes(target: TargetId, pod: string, level?: Level): void;
  /** This pod fails; then another pod succeeds. */
  standsAlone(target: TargetId, failure?: FailureClass): void;
}

export function doubting(
  hosts: readonly string[] = ['a', 'b', 'c', 'd'],
  changes: Partial<FleetTarget> = {},
): Doubting {
  const world = testWorld();
  const looks: { target: TargetId; level: Level; atMs: number }[] = [];
  const signals: AbortSignal[] = [];
  const way: Doubting['way'] = { open: false, fails: 'network', connects: 'no' };
  const asked: { target: TargetId; atMs: number }[] = [];
  const permission: Doubting['permission'] = { probes: 'requested' };
  const held = { paused: false };
  const prober: Prober = {
    probe: (target, level, signal) => {
      signals.push(signal);
      looks.push({ target, level, atMs: world.clock.monotonicMs() });
      const outcome =
        way.open || (level === 'connect' && way.connects === 'yes')
          ? ({ kind: 'ok' } as const)
          : ({ kind: 'failed', failure: { class: way.fails, message: 'refused' } } as const);
      return Promise.resolve({ outcome, level, latencyMs: 1 });
    },
  };
  const targets = hosts.map((host, i) => fleetTarget({ id: ids[i] ?? `9000000${i}`, upstreamHost: host, ...changes }));
  const changed: TargetId[] = [];
  const impaired: boolean[] = [];
  const selfCheck = new SelfCheck(world.options({ targets, prober }), createStoreClock(world.clock), {
    changed: (target) => changed.push(target),
    impaired: (now) => impaired.push(now),
    isPaused: () => held.paused,
    requestProbe: (target) => {
      if (permission.probes === 'requested') {
        asked.push({ target: target.id, atMs: world.clock.monotonicMs() });
        const failed = failedProbe(world.storeNow(), { class: way.fails }, { pod: 'pod_a' });
        void Promise.resolve().then(() => selfCheck.ownEvidence(target.id, failed));
      }
      return permission.probes;
    },
  });
  const known = new Map<TargetId, Facts>();
  const see = (target: TargetId, probe: Observation): void => {
    const closed = probe.failure?.class === 'network' && way.connects === 'no';
    if (probe.pod === 'pod_a') selfCheck.ownEvidence(target, probe, closed ? 'nothing' : undefined);
    const facts = transition(known.get(target), probe);
    known.set(target, facts);
    selfCheck.fleetEvidence(target, facts);
    world.clock.advance(1);
  };
  const fails = (target: TargetId, pod: string, failure: FailureClass = 'network'): void =>
    see(target, failedProbe(world.storeNow(), { class: failure }, { pod }));
  const passes = (target: TargetId, pod: string, level: Level = 'inference'): void =>
    see(target, okProbe(world.storeNow(), { pod, level }));
  const standsAlone = (target: TargetId, failure: FailureClass = 'network'): void => {
    fails(target, 'pod_a', failure);
    passes(target, 'pod_b');
  };
  return {
    ...world,
    selfCheck,
    looks,
    signals,
    way,
    held,
    asked,
    permission,
    changed,
    impaired,
    see,
    fails,
    passes,
    standsAlone,
  };
}
