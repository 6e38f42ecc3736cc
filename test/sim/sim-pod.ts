import { createFleet } from '../../src/fleet/index.ts';
import type { Fleet } from '../../src/fleet/index.ts';
import type { Level, Outcome, PodId, TargetId } from '../../src/health/index.ts';
import type { FleetStore, Logger } from '../../src/ports/index.ts';
import { noMetrics, plainSettings } from '../support/fleet-parts.ts';
import type { Deploy } from './deploys.ts';
import type { SeededRandom } from './seeded-random.ts';
import type { PodStoreFaults } from './sim-store.ts';
import { simProber } from './sim-upstream.ts';
import type { Truth, UpstreamPath } from './sim-upstream.ts';
import { podClock } from './virtual-time.ts';
import type { PodClock, VirtualTime } from './virtual-time.ts';

/** One running pod of a world. */
export interface SimPod {
  readonly id: PodId;
  readonly deploy: Deploy;
  readonly fleet: Fleet;
  readonly clock: PodClock;
  readonly storeFaults: PodStoreFaults;
  readonly startedAtMs: number;
  path: UpstreamPath;
  /** Its path was broken until then, and it may still be in self-check. */
  recovering: { readonly sinceMs: number; readonly forMs: number } | undefined;
  /** Targets whose paid probes are under way. */
  readonly probing: Set<TargetId>;
  /** Pending on-demand checks. */
  readonly callers: Set<AbortSignal>;
}

/** Properties of a pod that differ from the default. */
export interface PodOverrides {
  readonly host?: string;
  readonly path?: UpstreamPath;
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
  readonly overrides?: PodOverrides | undefined;
  readonly time: VirtualTime;
  readonly random: SeededRandom;
  readonly truths: ReadonlyMap<TargetId, Truth>;
  readonly store: (clock: PodClock, storeFaults: PodStoreFaults) => FleetStore;
  readonly logger: (pod: PodId) => Logger;
  readonly probeStarted: (pod: SimPod, target: TargetId, level: Level) => void;
  readonly probeEnded: (pod: SimPod, probe: EndedProbe) => void;
}

/** Creates a shipped pod with the clock, store and upstreams of this world. */
export function simPod(parts: SimPodParts): SimPod {
  const { deploy, overrides = {}, time, random, truths } = parts;
  const id = `pod_${parts.number}_${random.id(6)}`;
  const clock = podClock(time, random.between(0, 3_600_000));
  const storeFaults: PodStoreFaults = { eventsLost: false, storeUnreachable: false };
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
    ...(overrides.host !== undefined && { host: overrides.host }),
    ...(overrides.expectedPods !== undefined && { expectedPods: overrides.expectedPods }),
    pod: id,
    policy: deploy.policy,
    policyHash: deploy.hash,
    budget: deploy.budget,
    targetsHash: deploy.hash,
    targets: deploy.targets,
    store: parts.store(clock, storeFaults),
    prober: simProber({ clock, truths, path: () => pod.path, started }),
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
    storeFaults,
    startedAtMs: time.now,
    path: overrides.path ?? { kind: 'open' },
    recovering: undefined,
    probing: new Set(),
    callers: new Set(),
  };
  return pod;
}
