import { isProbedRarely, parseRecord } from '../../../src/health/index.ts';
import type { TargetId } from '../../../src/health/index.ts';
import { checkConverged } from '../invariants/agreement.ts';
import { LONGEST_BACKOFF } from '../invariants/probe-coverage.ts';
import type { Sample, Shown, Situation } from '../invariants/liveness.ts';
import type { SimPod } from '../sim-pod.ts';
import { failureOnPath } from '../sim-upstream.ts';
import { isCalm, failingPodPlans } from './lasting-world.ts';
import type { LastingWorld } from './lasting-world.ts';
import type { PlannedTarget } from './plan.ts';

/** After this time a pod has read all records, and all pods list each other as members. */
const SETTLED_MS = 15_000;
const EQUAL_WITHIN_MS = 10_000;
/** Intervals until a change is detected, plus a margin for lost leases and starts. */
const INTERVALS = 4;
const ACCIDENT_MS = 15_000;
const LEAST_WAIT_MS = 15_000;
/** The longest waits of a pod in self-check: between its own probes, and between its unbilled checks. */
const OWN_PROBE_INTERVALS = 16;
const LONGEST_CHECK_INTERVAL_MS = 80_000;

/** Checks periodically, while there are no temporary faults, that the fleet's states match the upstreams. */
export function watchLiveness(lasting: LastingWorld): void {
  const { world, plan, liveness } = lasting;
  const big = plan.targets.length * plan.podPlans.length > 400;
  const everyMs = big ? 5_000 : 1_000;
  const observe = (): void => {
    const quietMs = world.faultTimes.quietForMs(['store', 'pod']);
    if (quietMs >= EQUAL_WITHIN_MS) world.guard(() => checkAll(lasting));
    else liveness.disturbed();
    if (world.time.now < plan.runMs) world.time.schedule(everyMs, observe);
  };
  world.time.schedule(everyMs, observe);
}

function checkAll(lasting: LastingWorld): void {
  const { world, plan, liveness, spoiled } = lasting;
  const settled = [...world.pods].filter(({ startedAtMs }) => startedAtMs <= world.time.now - SETTLED_MS);
  const texts = new Map(world.memory.texts('records'));
  for (const [id, atMs] of spoiled) {
    if (parseRecord(texts.get(id) ?? '').kind === 'record') {
      if (world.time.now - atMs > boundsOf(lasting, id).detectedWithinMs) spoiled.delete(id);
    }
  }
  const sound = new Map([...texts].filter(([id]) => !spoiled.has(id)));
  const seen = settled.map(({ id, fleet }) => ({ id, fleet: withoutTargets(fleet, spoiled) }));
  if (world.time.now > plan.stormEndsMs) checkConverged(seen, sound, world.storeNow() / 1000, world.check);
  for (const target of plan.targets) {
    liveness.observe(sampleOf(lasting, settled, target));
    checkSteadiness(lasting, target.id);
  }
}

/** Applies where one planned pod cannot reach a target that always passes, and there are no other faults. */
function checkSteadiness({ plan, running, steadiness }: LastingWorld, id: TargetId): void {
  const { targets, stormEndsMs, storeLostFromMs, garbageEveryMs, clockSteps } = plan;
  const [podPlan, ...more] = failingPodPlans(plan, id);
  const passes = targets.find((one) => one.id === id)?.failure === undefined;
  const quiet = stormEndsMs === 0 && storeLostFromMs === undefined && garbageEveryMs === undefined;
  if (podPlan === undefined || more.length > 0 || !passes || !quiet || clockSteps.length > 0) return;
  const pod = running.get(podPlan);
  const view = pod?.fleet.target(id);
  if (pod === undefined || view === undefined || failureOnPath(pod.path, id) === undefined) return;
  steadiness.observe(pod.id, id, view);
}

/** The pod's path was repaired, and it may not have detected that: its own probes come within 16 intervals. */
function isRecovering({ plan, world, running }: LastingWorld, pod: SimPod): boolean {
  const podPlan = plan.podPlans.find((one) => running.get(one) === pod);
  const endedMs = world.time.now - (podPlan?.faultToMs ?? Infinity);
  return endedMs >= 0 && endedMs <= OWN_PROBE_INTERVALS * plan.intervalMs + LONGEST_CHECK_INTERVAL_MS;
}

/** A pod's replica without the targets whose keys were overwritten and not committed since. */
function withoutTargets(fleet: SimPod['fleet'], spoiled: ReadonlyMap<TargetId, number>): SimPod['fleet'] {
  return { ...fleet, targets: () => fleet.targets().filter(({ id }) => !spoiled.has(id)) };
}

function sampleOf(lasting: LastingWorld, settled: readonly SimPod[], target: PlannedTarget): Sample {
  const { world, plan } = lasting;
  const { id, generationOnly } = target;
  const failure = world.truths.get(id)?.failure;
  const deep = settled.filter(({ deploy }) => deploy.level === 'inference');
  const reaching = settled.filter((pod) => failureOnPath(pod.path, id) === undefined && !isRecovering(lasting, pod));
  // A planned pod with a faulty path counts even without a process: the evidence of earlier processes still applies.
  const podPlans = failingPodPlans(plan, id).filter(
    ({ background, faultFromMs }) => background && faultFromMs <= world.time.now,
  );
  const moves = podPlans.some(({ restart }) => restart?.where === 'other host');
  const bounds = boundsOf(lasting, id);
  const shown = (pods: readonly SimPod[]): readonly Shown[] =>
    pods.flatMap((pod) => {
      const view = pod.fleet.target(id);
      return view === undefined ? [] : [{ pod: pod.id, sinceMs: pod.startedAtMs + SETTLED_MS, view }];
    });
  const depth = generationOnly === true ? deep : settled;
  return {
    target: id,
    situation: situationOf(lasting, { reaching, deep, failure }),
    ...bounds,
    falseHosts: podPlans.length + (moves ? 1 : 0),
    reaching: shown(reaching),
    all: shown(depth),
  };
}

function situationOf(
  { plan, world }: LastingWorld,
  seen: {
    readonly reaching: readonly SimPod[];
    readonly deep: readonly SimPod[];
    readonly failure: PlannedTarget['failure'];
  },
): Situation {
  const { reaching, deep, failure } = seen;
  const lost = plan.storeLostFromMs !== undefined && plan.storeLostFromMs <= world.time.now;
  const probing = reaching.filter((pod) => {
    const looks = deep.includes(pod) && pod.path.kind !== 'blind' && !pod.clock.paused;
    return looks && pod.deploy.targets.some(({ background }) => background);
  });
  // With an exhausted budget, probes may be too shallow to detect the failure.
  if (lost || plan.budget !== undefined || probing.length === 0) return 'unclear';
  if (failure === undefined) return 'passes';
  return failure.class === 'bad-probe' ? 'spared' : 'fails';
}

/** Limits on how long the fleet may take to detect a target's state. */
function boundsOf({ plan }: LastingWorld, id: TargetId): Pick<Sample, 'detectedWithinMs' | 'falseDownMs'> {
  const { intervalMs, timeoutMs, policy, targets } = plan;
  const target = targets.find((one) => one.id === id);
  const classes = [
    target?.failure?.class,
    ...failingPodPlans(plan, id).map(({ path }) => path?.kind !== 'blind' && path?.failure.class),
  ];
  const rarely = classes.some((one) => one && (isProbedRarely(one) || one === 'overloaded'));
  const waitMs = Math.max(LEAST_WAIT_MS, timeoutMs + 2 * policy.edgeIntervalMs);
  const confirmationsMs = Math.max(policy.fall, policy.rise) * policy.edgeIntervalMs;
  // Each successor on another host has not probed yet, and may rank before the pods that reach the target.
  const moves = failingPodPlans(plan, id).some(({ restart }) => restart?.where === 'other host');
  // If half of the probing pods have a faulty path and lose their self-check at each restart, they exhaust the guard.
  const wrong = failingPodPlans(plan, id).length;
  const outnumbered = wrong * 2 >= plan.podPlans.filter(({ background }) => background).length && wrong > 1;
  const intervals = (rarely ? LONGEST_BACKOFF : INTERVALS) * (moves ? 3 : 1);
  return {
    detectedWithinMs: plan.detectedWithinMs ?? intervals * intervalMs + ACCIDENT_MS + waitMs + confirmationsMs,
    falseDownMs: policy.edgeIntervalMs + ACCIDENT_MS + (outnumbered ? intervalMs + confirmationsMs : 0),
  };
}

/** Final check: a target without any fault was probed once per interval. */
export function checkCalmRates({ plan, rate }: LastingWorld): void {
  if (plan.stormEndsMs > 0 || plan.garbageEveryMs !== undefined) return;
  const sinceMs = 30_000;
  for (const { id } of plan.targets) if (isCalm(plan, id)) rate.wasCalm(id, sinceMs);
}
