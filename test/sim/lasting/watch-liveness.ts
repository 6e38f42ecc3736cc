import { isProbedRarely, parseRecord } from '../../../src/health/index.ts';
import type { TargetId } from '../../../src/health/index.ts';
import { checkConverged } from '../invariants/agreement.ts';
import { LONGEST_BACKOFF } from '../invariants/attention.ts';
import type { Sample, Shown, Situation } from '../invariants/liveness.ts';
import type { SimPod } from '../sim-pod.ts';
import { failureOfWay } from '../sim-upstream.ts';
import { isCalm, misleading } from './lasting-world.ts';
import type { LastingWorld } from './lasting-world.ts';
import type { PlannedTarget } from './plan.ts';

/** A pod this old has read everything, met the others, and was met by them. */
const SETTLED_MS = 15_000;
const EQUAL_WITHIN_MS = 10_000;
/** Intervals, and what an accident may cost besides, until what is true is known. */
const INTERVALS = 4;
const ACCIDENT_MS = 15_000;
const LEAST_WAIT_MS = 15_000;
/** The longest waits of a doubting pod: between its own probes, and between its free looks. */
const OWN_PROBE_INTERVALS = 16;
const LONGEST_LOOK_MS = 80_000;

/** Looks again and again, while nothing passing is wrong, whether the fleet knows what is true. */
export function watchLiveness(lasting: LastingWorld): void {
  const { world, plan, liveness } = lasting;
  const big = plan.targets.length * plan.places.length > 400;
  const everyMs = big ? 5_000 : 1_000;
  const look = (): void => {
    const quietMs = world.troubles.quietForMs(['store', 'pod']);
    if (quietMs >= EQUAL_WITHIN_MS) world.guard(() => lookAtAll(lasting));
    else liveness.disturbed();
    if (world.time.now < plan.runMs) world.time.schedule(everyMs, look);
  };
  world.time.schedule(everyMs, look);
}

function lookAtAll(lasting: LastingWorld): void {
  const { world, plan, liveness, spoiled } = lasting;
  const settled = [...world.pods].filter(({ startedAtMs }) => startedAtMs <= world.time.now - SETTLED_MS);
  const texts = new Map(world.memory.texts('records'));
  for (const [id, atMs] of spoiled) {
    if (parseRecord(texts.get(id) ?? '').kind === 'record') {
      if (world.time.now - atMs > boundsOf(lasting, id).knownWithinMs) spoiled.delete(id);
    }
  }
  const sound = new Map([...texts].filter(([id]) => !spoiled.has(id)));
  const seen = settled.map(({ id, fleet }) => ({ id, fleet: withoutTargets(fleet, spoiled) }));
  if (world.time.now > plan.stormEndsMs) checkConverged(seen, sound, world.storeNow() / 1000, world.check);
  for (const target of plan.targets) {
    liveness.look(sampleOf(lasting, settled, target));
    lookAtSteadiness(lasting, target.id);
  }
}

/** Where one place alone does not reach a target that always passes, and nothing else is ever wrong. */
function lookAtSteadiness({ plan, inPlace, steadiness }: LastingWorld, id: TargetId): void {
  const { targets, stormEndsMs, storeLostFromMs, garbageEveryMs, clockSteps } = plan;
  const [place, ...more] = misleading(plan, id);
  const passes = targets.find((one) => one.id === id)?.failure === undefined;
  const quiet = stormEndsMs === 0 && storeLostFromMs === undefined && garbageEveryMs === undefined;
  if (place === undefined || more.length > 0 || !passes || !quiet || clockSteps.length > 0) return;
  const pod = inPlace.get(place);
  const view = pod?.fleet.target(id);
  if (pod === undefined || view === undefined || failureOfWay(pod.way, id) === undefined) return;
  steadiness.look(pod.id, id, view);
}

/** Its way is open again, and it may not have found out: its own probes come after 16 intervals at the latest. */
function isConvalescent({ plan, world, inPlace }: LastingWorld, pod: SimPod): boolean {
  const place = plan.places.find((one) => inPlace.get(one) === pod);
  const endedMs = world.time.now - (place?.wrongToMs ?? Infinity);
  return endedMs >= 0 && endedMs <= OWN_PROBE_INTERVALS * plan.intervalMs + LONGEST_LOOK_MS;
}

/** A pod's view without the targets whose keys were spoiled, and not committed since. */
function withoutTargets(fleet: SimPod['fleet'], spoiled: ReadonlyMap<TargetId, number>): SimPod['fleet'] {
  return { ...fleet, targets: () => fleet.targets().filter(({ id }) => !spoiled.has(id)) };
}

function sampleOf(lasting: LastingWorld, settled: readonly SimPod[], target: PlannedTarget): Sample {
  const { world, plan } = lasting;
  const { id, generationOnly } = target;
  const failure = world.truths.get(id)?.failure;
  const deep = settled.filter(({ deploy }) => deploy.level === 'inference');
  const reaching = settled.filter((pod) => failureOfWay(pod.way, id) === undefined && !isConvalescent(lasting, pod));
  // A place that is cut off counts, whoever runs there now: what its processes said is still remembered.
  const places = misleading(plan, id).filter(
    ({ background, wrongFromMs }) => background && wrongFromMs <= world.time.now,
  );
  const moves = places.some(({ restart }) => restart?.where === 'elsewhere');
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
    falseHosts: places.length + (moves ? 1 : 0),
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
  const looking = reaching.filter((pod) => {
    const looks = deep.includes(pod) && pod.way.kind !== 'blind' && !pod.clock.paused;
    return looks && pod.deploy.targets.some(({ background }) => background);
  });
  // Where a budget may be spent, looks need not be deep enough to know.
  if (lost || plan.budget !== undefined || looking.length === 0) return 'unclear';
  if (failure === undefined) return 'passes';
  return failure.class === 'bad-probe' ? 'spared' : 'fails';
}

/** How long the fleet may take to know what is true of a target. */
function boundsOf({ plan }: LastingWorld, id: TargetId): Pick<Sample, 'knownWithinMs' | 'misledMs'> {
  const { intervalMs, timeoutMs, policy, targets } = plan;
  const target = targets.find((one) => one.id === id);
  const classes = [
    target?.failure?.class,
    ...misleading(plan, id).map(({ way }) => way?.kind !== 'blind' && way?.failure.class),
  ];
  const rarely = classes.some((one) => one && (isProbedRarely(one) || one === 'overloaded'));
  const waitMs = Math.max(LEAST_WAIT_MS, timeoutMs + 2 * policy.edgeIntervalMs);
  const looksMs = Math.max(policy.fall, policy.rise) * policy.edgeIntervalMs;
  // Each successor elsewhere is a host that has not looked yet, and may come before those that see.
  const moves = misleading(plan, id).some(({ restart }) => restart?.where === 'elsewhere');
  // Where half of those that look are wrong, and forget that with each restart, they use up what the guard allows.
  const wrong = misleading(plan, id).length;
  const outnumbered = wrong * 2 >= plan.places.filter(({ background }) => background).length && wrong > 1;
  const intervals = (rarely ? LONGEST_BACKOFF : INTERVALS) * (moves ? 3 : 1);
  return {
    knownWithinMs: plan.knownWithinMs ?? intervals * intervalMs + ACCIDENT_MS + waitMs + looksMs,
    misledMs: policy.edgeIntervalMs + ACCIDENT_MS + (outnumbered ? intervalMs + looksMs : 0),
  };
}

/** At the end: what was never in any trouble was probed once an interval. */
export function checkCalmRates({ plan, rate }: LastingWorld): void {
  if (plan.stormEndsMs > 0 || plan.garbageEveryMs !== undefined) return;
  const sinceMs = 30_000;
  for (const { id } of plan.targets) if (isCalm(plan, id)) rate.wasCalm(id, sinceMs);
}
