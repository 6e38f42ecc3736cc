import type { FleetTarget } from '../../../src/fleet/index.ts';
import type { Level, TargetId } from '../../../src/health/index.ts';
import type { Deploy } from '../deploys.ts';
import { spendWithoutStore } from '../invariants/spend-without-store.ts';
import type { SpendWithoutStore } from '../invariants/spend-without-store.ts';
import { liveness } from '../invariants/liveness.ts';
import type { Liveness } from '../invariants/liveness.ts';
import { probeRate } from '../invariants/probe-rate.ts';
import type { ProbeRate } from '../invariants/probe-rate.ts';
import { steadiness } from '../invariants/steadiness.ts';
import type { Steadiness } from '../invariants/steadiness.ts';
import type { SimPod } from '../sim-pod.ts';
import type { Truth, UpstreamPath } from '../sim-upstream.ts';
import { World } from '../world.ts';
import type { WorldOptions } from '../world.ts';
import type { LastingPlan, PathFault, PodPlan, PlannedTarget } from './plan.ts';

/** A world of lasting faults, with the histories of its invariants. */
export interface LastingWorld {
  readonly plan: LastingPlan;
  readonly world: World;
  readonly planned: ReadonlyMap<TargetId, PlannedTarget>;
  /** The running process of each planned pod. */
  readonly running: Map<PodPlan, SimPod>;
  readonly liveness: Liveness;
  readonly steadiness: Steadiness;
  readonly rate: ProbeRate;
  readonly spend: SpendWithoutStore;
  /** Records that no pod wrote, with the time of the write, until they are valid again. */
  readonly spoiled: Map<TargetId, number>;
  /** Starts a process of a planned pod; the caller ends the previous one. */
  start(podPlan: PodPlan): SimPod;
}

/** Creates the world of a plan; no process runs yet. */
export function lastingWorld(plan: LastingPlan, options: Pick<WorldOptions, 'seed' | 'planted' | 'log'>): LastingWorld {
  const { policy, intervalMs } = plan;
  const truths = plan.targets.map(truthOf);
  const world: World = new World({
    ...options,
    pods: plan.podPlans.length,
    targets: truths.length,
    truths,
    operators: 'none',
    ...(plan.budget && { budget: plan.budget }),
    probed: ({ pod, target, level }) => probed(pod, target, isUnbilledCheck(pod, level) ? 'free' : 'paid'),
  });
  const nowMs = (): number => world.time.now;
  const guard = Math.max(policy.fall + 1, policy.rise) + 1;
  const rate = probeRate(nowMs, { intervalMs, guard }, world.check);
  const spend = spendWithoutStore(nowMs, { intervalMs, probesPerHour: plan.budget?.probesPerHour }, world.check);
  const running = new Map<PodPlan, SimPod>();
  const deploys = new Map<string, Deploy>();
  const sawStore = new Set<string>();

  function probed(pod: SimPod, target: TargetId, price: 'free' | 'paid'): void {
    const { mode, epoch } = pod.fleet.status();
    if (epoch !== '') sawStore.add(pod.id);
    // A pod without sockets sends nothing.
    if (price === 'free' || pod.path.kind === 'blind') return;
    if (mode === 'shared') rate.started(target);
    else if (plan.storeLostFromMs !== undefined && nowMs() >= plan.storeLostFromMs) {
      const memberCountFrom = sawStore.has(pod.id) ? 'store' : plan.expectedPods === null ? 'unknown' : 'config';
      const livesForMs = world.time.now - pod.startedAtMs;
      const trouble = isCalm(plan, target) ? 'calm' : 'troubled';
      world.guard(() => spend.started({ pod: pod.id, livesForMs, memberCountFrom }, target, trouble));
    }
  }

  let successors = 0;
  return {
    plan,
    world,
    planned: new Map(plan.targets.map((target) => [target.id, target])),
    running,
    liveness: liveness(nowMs, world.check),
    steadiness: steadiness(nowMs, world.check),
    rate,
    spend,
    spoiled: new Map(),
    start(podPlan) {
      const key = `${podPlan.level} ${podPlan.background}`;
      const deploy = deploys.get(key) ?? deployOf(plan, podPlan);
      deploys.set(key, deploy);
      const elsewhere = podPlan.restart?.where === 'other host' && running.has(podPlan);
      if (elsewhere) successors += 1;
      const pod = world.startPod(deploy, {
        host: elsewhere ? `${podPlan.host}-${successors}` : podPlan.host,
        expectedPods: plan.expectedPods,
        path: isFaulty(podPlan, nowMs()) ? pathOf(plan, podPlan.path) : { kind: 'open' },
      });
      running.set(podPlan, pod);
      return pod;
    },
  };
}

function isFaulty({ faultFromMs, faultToMs = Infinity }: PodPlan, nowMs: number): boolean {
  return faultFromMs <= nowMs && nowMs < faultToMs;
}

/** Converts a planned fault to the path of a process. */
export function pathOf({ targets }: LastingPlan, path: PathFault | undefined): UpstreamPath {
  switch (path?.kind) {
    case undefined:
      return { kind: 'open' };
    case 'blind':
      return { kind: 'blind' };
    case 'sick':
      return { kind: 'broken', failure: path.failure, connects: path.connects };
    case 'partial': {
      const lost = new Set(targets.filter(({ host }) => path.hosts.includes(host)).map(({ id }) => id));
      return { kind: 'partial', failure: path.failure, connects: path.connects, lost };
    }
  }
}

/** Planned pods that cannot reach a target at some time in the run. */
export function failingPodPlans({ podPlans, targets }: LastingPlan, id: TargetId): readonly PodPlan[] {
  const host = targets.find((one) => one.id === id)?.host ?? '';
  return podPlans.filter(
    ({ path }) => path?.kind === 'sick' || (path?.kind === 'partial' && path.hosts.includes(host)),
  );
}

/** The target never fails, and every pod always reaches it. */
export function isCalm(plan: LastingPlan, id: TargetId): boolean {
  const target = plan.targets.find((one) => one.id === id);
  return target !== undefined && target.failure === undefined && failingPodPlans(plan, id).length === 0;
}

function truthOf({ id, tookMs, failure, generationOnly, fromMs = 0 }: PlannedTarget): Truth {
  return {
    id,
    // Two hosts with a faulty path may take it down briefly; the liveness invariants limit how long.
    neverFails: false,
    failure: fromMs === 0 ? failure : undefined,
    generationOnly: generationOnly === true,
    tookMs,
    frozen: true,
  };
}

function deployOf(plan: LastingPlan, { level, background }: PodPlan): Deploy {
  const { intervalMs, timeoutMs, policy, budget } = plan;
  const hash = `${level}-${background ? 'scheduled' : 'asked'}`;
  const targets = plan.targets.map(({ id, host, listed = true }, i): FleetTarget => ({
    id,
    holdKey: String(id),
    name: `t${i}`,
    level,
    intervalMs,
    timeoutMs,
    upstreamHost: host,
    background,
    deployments: 1,
    paid: { worstNanoUsd: 100, instead: level === 'inference' && listed ? 'models' : 'connect' },
  }));
  // Only probes at level inference are promised; the liveness invariants handle the other levels.
  const probed = background && level === 'inference' ? targets.map(({ id }) => id) : [];
  return { level, targets, groups: [], background: new Set(probed), intervalMs, policy, hash, budget: budget ?? {} };
}

/** An unbilled check of a pod's self-check, in contrast to a probe. */
function isUnbilledCheck(pod: SimPod, level: Level): boolean {
  const asked = pod.deploy.targets[0]?.level ?? 'inference';
  return level === 'connect' || (level === 'models' && asked === 'inference');
}
