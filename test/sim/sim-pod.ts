import { createFleet } from '../../src/fleet/index.ts';
import type { Fleet } from '../../src/fleet/index.ts';
import type { Level, Outcome, PodId, TargetId } from '../../src/health/index.ts';
import type { FleetStore, Logger } from '../../src/ports/index.ts';
import { noMetrics, plainSettings } from '../support/fleet-parts.ts';
import type { Deploy } from './deploys.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { PodWeather } from './sim-store.ts';
import { simProber } from './sim-upstream.ts';
import type { Truth, Way } from './sim-upstream.ts';
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
  way: Way;
  /** Its way was broken until then, and it may not trust itself yet. */
  onProbation: { readonly sinceMs: number; readonly forMs: number } | undefined;
  /** Targets whose paid probes are under way. */
  readonly probing: Set<TargetId>;
  /** Callers who wait for a check on demand. */
  readonly asked: Set<AbortSignal>;
}

/** Where a pod runs and what stays wrong there, whichever process it is. Absent: as every pod is. */
export interface PodPlace {
  readonly host?: string;
  readonly way?: Way;
  /** How many pods it was told to expect; null: it was not told. */
  readonly expectedPods?: number | null;
}

/** A probe that one of a world's pods made. */
export interface EndedProbe {
  readonly target: TargetId;
  readonly level: Level;
  readonly startMs: number;
  readonly outcome: Outcome;
}

export interface SimPodParts {
  readonly number: number;
  readonly deploy: Deploy;
  readonly place?: PodPlace | undefined;
  readonly time: VirtualTime;
  readonly random: SeededRandom;
  readonly truths: ReadonlyMap<TargetId, Truth>;
  readonly store: (clock: PodClock, weather: PodWeather) => FleetStore;
  readonly logger: (pod: PodId) => Logger;
  readonly probeStarted: (pod: SimPod, target: TargetId, level: Level) => void;
  readonly probeEnded: (pod: SimPod, probe: EndedProbe) => void;
}

/** A pod as it is shipped, with a clock, a store and upstreams of this world. */
export function simPod(parts: SimPodParts): SimPod {
  const { deploy, place = {}, time, random, truths } = parts;
  const id = `pod_${parts.number}_${random.id(6)}`;
  const clock = podClock(time, random.between(0, 3_600_000));
  const weather: PodWeather = { deaf: false, cutOff: false };
  const started = (target: TargetId, level: Level): ((outcome: Outcome) => void) => {
    const startMs = time.now;
    if (level !== 'connect') pod.probing.add(target);
    parts.probeStarted(pod, target, level);
    return (outcome) => {
      if (level !== 'connect') pod.probing.delete(target);
      parts.probeEnded(pod, { target, level, startMs, outcome });
    };
  };
  const fleet = createFleet({
    ...plainSettings,
    ...(place.host !== undefined && { host: place.host }),
    ...(place.expectedPods !== undefined && { expectedPods: place.expectedPods }),
    pod: id,
    policy: deploy.policy,
    policyHash: deploy.hash,
    budget: deploy.budget,
    targetsHash: deploy.hash,
    targets: deploy.targets,
    store: parts.store(clock, weather),
    prober: simProber({ clock, truths, way: () => pod.way, started }),
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
    way: place.way ?? { kind: 'open' },
    onProbation: undefined,
    probing: new Set(),
    asked: new Set(),
  };
  return pod;
}
