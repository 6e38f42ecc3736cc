import { SelfCheck } from '../../src/fleet/evidence/self-check.ts';
import { createStoreClock } from '../../src/fleet/store/store-clock.ts';
import { transition } from '../../src/health/index.ts';
import type { Facts, FailureClass, Observation, Level, TargetId } from '../../src/health/index.ts';
import type { FleetTarget } from '../../src/fleet/options.ts';
import type { Prober } from '../../src/ports/index.ts';
import { failedProbe, fleetTarget, okProbe, testWorld } from './fleet-parts.ts';
import type { TestWorld } from './fleet-parts.ts';

/** Four targets, by default on one host each. */
export const ids: readonly TargetId[] = ['a', 'b', 'c', 'd'].map((letter) => `80000000${letter}`);

/** The self-check of pod `pod_a`, and the evidence of the fleet. */
export interface SelfChecking extends TestWorld {
  readonly selfCheck: SelfCheck;
  /** Its unbilled checks, with their signals. */
  readonly checks: readonly { readonly target: TargetId; readonly level: Level; readonly atMs: number }[];
  readonly signals: readonly AbortSignal[];
  /** The result of its checks. */
  readonly path: { open: boolean; fails: FailureClass; connects: 'yes' | 'no' };
  readonly held: { paused: boolean };
  /** Probes that it requested, which fail, and whether requests are granted. */
  readonly asked: readonly { readonly target: TargetId; readonly atMs: number }[];
  readonly permission: { probes: 'requested' | 'unavailable' };
  readonly changed: readonly TargetId[];
  readonly impaired: readonly boolean[];
  /** The record gets a probe of a pod, and this pod receives it. */
  observe(target: TargetId, probe: Observation): void;
  fails(target: TargetId, pod: string, failure?: FailureClass): void;
  passes(target: TargetId, pod: string, level?: Level): void;
  /** This pod fails; then another pod succeeds. */
  failsAlone(target: TargetId, failure?: FailureClass): void;
}

export function selfChecking(
  hosts: readonly string[] = ['a', 'b', 'c', 'd'],
  changes: Partial<FleetTarget> = {},
): SelfChecking {
  const world = testWorld();
  const checks: { target: TargetId; level: Level; atMs: number }[] = [];
  const signals: AbortSignal[] = [];
  const path: SelfChecking['path'] = { open: false, fails: 'network', connects: 'no' };
  const asked: { target: TargetId; atMs: number }[] = [];
  const permission: SelfChecking['permission'] = { probes: 'requested' };
  const held = { paused: false };
  const prober: Prober = {
    probe: (target, level, signal) => {
      signals.push(signal);
      checks.push({ target, level, atMs: world.clock.monotonicMs() });
      const outcome =
        path.open || (level === 'connect' && path.connects === 'yes')
          ? ({ kind: 'ok' } as const)
          : ({ kind: 'failed', failure: { class: path.fails, message: 'refused' } } as const);
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
        const failed = failedProbe(world.storeNow(), { class: path.fails }, { pod: 'pod_a' });
        void Promise.resolve().then(() => selfCheck.ownEvidence(target.id, failed));
      }
      return permission.probes;
    },
  });
  const known = new Map<TargetId, Facts>();
  const see = (target: TargetId, probe: Observation): void => {
    const closed = probe.failure?.class === 'network' && path.connects === 'no';
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
    checks,
    signals,
    path,
    held,
    asked,
    permission,
    changed,
    impaired,
    observe: see,
    fails,
    passes,
    failsAlone: standsAlone,
  };
}
