import { createFleet } from '../../src/fleet/index.ts';
import type { Fleet } from '../../src/fleet/index.ts';
import type { Level, PodId, TargetId } from '../../src/health/index.ts';
import type { FleetMetrics, FleetStore, Logger } from '../../src/ports/index.ts';
import type { Deploy } from './deploys.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { PodWeather } from './sim-store.ts';
import { simProber } from './sim-upstream.ts';
import type { Truth } from './sim-upstream.ts';
import { podClock } from './virtual-time.ts';
import type { PodClock, VirtualTime } from './virtual-time.ts';

/** One running pod of a world. */
export interface SimPod {
  readonly id: PodId;
  readonly deploy: Deploy;
  readonly fleet: Fleet;
  readonly clock: PodClock;
  readonly weather: PodWeather;
  readonly startedAtMs: number;
  /** Cannot reach any upstream. */
  sick: boolean;
  /** Was sick and may not trust itself yet. */
  recovering: boolean;
  /** Probes under way. */
  probing: number;
}

export interface SimPodParts {
  readonly number: number;
  readonly deploy: Deploy;
  readonly time: VirtualTime;
  readonly random: SeededRandom;
  readonly truths: ReadonlyMap<TargetId, Truth>;
  readonly store: (clock: PodClock, weather: PodWeather) => FleetStore;
  readonly logger: (pod: PodId) => Logger;
  readonly probeStarted: (pod: SimPod, target: TargetId, level: Level) => void;
  readonly probeEnded: (pod: SimPod, target: TargetId, level: Level, startMs: number) => void;
}

/** A pod as it is shipped, with a clock, a store and upstreams of this world. */
export function simPod(parts: SimPodParts): SimPod {
  const { deploy, time, random, truths } = parts;
  const id = `pod_${parts.number}_${random.id(6)}`;
  const clock = podClock(time, random.between(0, 3_600_000));
  const weather: PodWeather = { deaf: false, cutOff: false };
  const started = (target: TargetId, level: Level): (() => void) => {
    const startMs = time.now;
    pod.probing += 1;
    parts.probeStarted(pod, target, level);
    return () => {
      pod.probing -= 1;
      parts.probeEnded(pod, target, level, startMs);
    };
  };
  const fleet = createFleet({
    pod: id,
    fleet: 'sim',
    version: '0.0.0',
    sharing: 'shared',
    policy: deploy.policy,
    policyPrint: deploy.print,
    targetsPrint: deploy.print,
    cacheTtlMs: 300_000,
    leaseMs: 10_000,
    storeDeadlineMs: 250,
    bootWindowMs: 2_000,
    expectedPods: 1,
    maxProbes: 16,
    maxProbesPerHost: 8,
    drainMs: 10_000,
    targets: deploy.targets,
    store: parts.store(clock, weather),
    prober: simProber({ clock, truths, sick: () => pod.sick, started }),
    clock,
    random,
    logger: parts.logger(id),
    metrics: noMetrics,
  });
  const pod: SimPod = {
    id,
    deploy,
    fleet,
    clock,
    weather,
    startedAtMs: time.now,
    sick: false,
    recovering: false,
    probing: 0,
  };
  return pod;
}

const noMetrics: FleetMetrics = {
  probed: () => undefined,
  storeCommand: () => undefined,
  storeError: () => undefined,
  propagated: () => undefined,
  staleCommit: () => undefined,
  resynced: () => undefined,
  leaseLost: () => undefined,
};
