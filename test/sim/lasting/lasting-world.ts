import type { FleetTarget } from '../../../src/fleet/index.ts';
import type { Level, TargetId } from '../../../src/health/index.ts';
import type { Deploy } from '../deploys.ts';
import { aloneMoney } from '../invariants/alone-money.ts';
import type { AloneMoney } from '../invariants/alone-money.ts';
import { liveness } from '../invariants/liveness.ts';
import type { Liveness } from '../invariants/liveness.ts';
import { probeRate } from '../invariants/probe-rate.ts';
import type { ProbeRate } from '../invariants/probe-rate.ts';
import { steadiness } from '../invariants/steadiness.ts';
import type { Steadiness } from '../invariants/steadiness.ts';
import type { SimPod } from '../sim-pod.ts';
import type { Truth, Way } from '../sim-upstream.ts';
import { World } from '../world.ts';
import type { WorldOptions } from '../world.ts';
import type { LastingPlan, LastingWay, Place, PlannedTarget } from './plan.ts';

/** A world of lasting faults, with the books of its invariants. */
export interface LastingWorld {
  readonly plan: LastingPlan;
  readonly world: World;
  readonly planned: ReadonlyMap<TargetId, PlannedTarget>;
  /** Who runs in which place now. */
  readonly inPlace: Map<Place, SimPod>;
  readonly liveness: Liveness;
  readonly steadiness: Steadiness;
  readonly rate: ProbeRate;
  readonly money: AloneMoney;
  /** Records that were written by nobody, and when; until they are sound again. */
  readonly spoiled: Map<TargetId, number>;
  /** Starts a process in a place; the one before stays until its caller ends it. */
  start(place: Place): SimPod;
}

/** Makes the world of a plan; nothing runs in it yet. */
export function lastingWorld(plan: LastingPlan, options: Pick<WorldOptions, 'seed' | 'planted' | 'log'>): LastingWorld {
  const { policy, intervalMs } = plan;
  const truths = plan.targets.map(truthOf);
  const world: World = new World({
    ...options,
    pods: plan.places.length,
    targets: truths.length,
    truths,
    operators: 'none',
    ...(plan.budget && { budget: plan.budget }),
    probed: ({ pod, target, level }) => probed(pod, target, isFreeLook(pod, level) ? 'free' : 'paid'),
  });
  const nowMs = (): number => world.time.now;
  const guard = Math.max(policy.fall + 1, policy.rise) + 1;
  const rate = probeRate(nowMs, { intervalMs, guard }, world.check);
  const money = aloneMoney(nowMs, { intervalMs, probesPerHour: plan.budget?.probesPerHour }, world.check);
  const inPlace = new Map<Place, SimPod>();
  const deploys = new Map<string, Deploy>();
  const sawStore = new Set<string>();

  function probed(pod: SimPod, target: TargetId, price: 'free' | 'paid'): void {
    const { mode, epoch } = pod.fleet.status();
    if (epoch !== '') sawStore.add(pod.id);
    // A pod without sockets sends nothing.
    if (price === 'free' || pod.way.kind === 'blind') return;
    if (mode === 'shared') rate.started(target);
    else if (plan.storeLostFromMs !== undefined && nowMs() >= plan.storeLostFromMs) {
      const knowsOthers = sawStore.has(pod.id) ? 'saw' : plan.expectedPods === null ? 'no' : 'told';
      const livesForMs = world.time.now - pod.startedAtMs;
      const trouble = isCalm(plan, target) ? 'calm' : 'troubled';
      world.guard(() => money.started({ pod: pod.id, livesForMs, knowsOthers }, target, trouble));
    }
  }

  let successors = 0;
  return {
    plan,
    world,
    planned: new Map(plan.targets.map((target) => [target.id, target])),
    inPlace,
    liveness: liveness(nowMs, world.check),
    steadiness: steadiness(nowMs, world.check),
    rate,
    money,
    spoiled: new Map(),
    start(place) {
      const key = `${place.level} ${place.background}`;
      const deploy = deploys.get(key) ?? deployOf(plan, place);
      deploys.set(key, deploy);
      const elsewhere = place.restart?.where === 'elsewhere' && inPlace.has(place);
      if (elsewhere) successors += 1;
      const pod = world.startPod(deploy, {
        host: elsewhere ? `${place.host}-${successors}` : place.host,
        expectedPods: plan.expectedPods,
        way: isWrong(place, nowMs()) ? wayOf(plan, place.way) : { kind: 'open' },
      });
      inPlace.set(place, pod);
      return pod;
    },
  };
}

function isWrong({ wrongFromMs, wrongToMs = Infinity }: Place, nowMs: number): boolean {
  return wrongFromMs <= nowMs && nowMs < wrongToMs;
}

/** The way of a place as its processes have it. */
export function wayOf({ targets }: LastingPlan, way: LastingWay | undefined): Way {
  switch (way?.kind) {
    case undefined:
      return { kind: 'open' };
    case 'blind':
      return { kind: 'blind' };
    case 'sick':
      return { kind: 'broken', failure: way.failure, connects: way.connects };
    case 'partial': {
      const lost = new Set(targets.filter(({ host }) => way.hosts.includes(host)).map(({ id }) => id));
      return { kind: 'partial', failure: way.failure, connects: way.connects, lost };
    }
  }
}

/** Places whose pods do not reach a target, whenever that begins. */
export function misleading({ places, targets }: LastingPlan, id: TargetId): readonly Place[] {
  const host = targets.find((one) => one.id === id)?.host ?? '';
  return places.filter(({ way }) => way?.kind === 'sick' || (way?.kind === 'partial' && way.hosts.includes(host)));
}

/** Nothing is ever wrong with the target, nor with anybody's way to it. */
export function isCalm(plan: LastingPlan, id: TargetId): boolean {
  const target = plan.targets.find((one) => one.id === id);
  return target !== undefined && target.failure === undefined && misleading(plan, id).length === 0;
}

function truthOf({ id, tookMs, failure, generationOnly, fromMs = 0 }: PlannedTarget): Truth {
  return {
    id,
    // Two false hosts may take it down for a moment: the invariants of liveness say for how long.
    alwaysWell: false,
    failure: fromMs === 0 ? failure : undefined,
    generationOnly: generationOnly === true,
    tookMs,
    frozen: true,
  };
}

function deployOf(plan: LastingPlan, { level, background }: Place): Deploy {
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
  // Only deep looks are promised to a target; the invariants of liveness know of the others.
  const probed = background && level === 'inference' ? targets.map(({ id }) => id) : [];
  return { level, targets, groups: [], background: new Set(probed), intervalMs, policy, hash, budget: budget ?? {} };
}

/** What a pod looks at beside its probes, to know whether its way is open. */
function isFreeLook(pod: SimPod, level: Level): boolean {
  const asked = pod.deploy.targets[0]?.level ?? 'inference';
  return level === 'connect' || (level === 'models' && asked === 'inference');
}
