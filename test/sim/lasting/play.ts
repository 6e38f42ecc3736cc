import { endFaults } from '../faults/index.ts';
import { eventsLost, storeUnreachable } from '../faults/upstream-path.ts';
import { pause } from '../faults/pods.ts';
import { garbageFlood, lossOfLastWrites, lostReplies, storeDown, storeHang, writesRefused } from '../faults/store.ts';
import { watchProbeCoverage } from '../watch-probe-coverage.ts';
import { plantText, scheduleGarbage } from './garbage.ts';
import { pathOf } from './lasting-world.ts';
import type { LastingWorld } from './lasting-world.ts';
import type { PathFault, PodPlan } from './plan.ts';
import { checkCalmRates, watchLiveness } from './watch-liveness.ts';

/** Temporary faults, in addition to the lasting ones. */
const passing = [
  storeHang,
  storeDown,
  writesRefused,
  lossOfLastWrites,
  lostReplies,
  garbageFlood,
  pause,
  eventsLost,
  storeUnreachable,
];
const START_WITHIN_MS = 3_000;

/** Runs a world whose faults last to the end; throws a `Violation` if an invariant is broken. */
export async function playLasting(lasting: LastingWorld): Promise<void> {
  const { plan, world } = lasting;
  const { time, random } = world;
  if (plan.slowPagesMs !== undefined) world.storeFaults.slowPagesMs = plan.slowPagesMs;
  if (plan.storeLostFromMs === 0) world.storeFaults.down = true;
  for (const podPlan of plan.podPlans) {
    time.schedule(random.between(0, START_WITHIN_MS), () => void lasting.start(podPlan));
    if (podPlan.restart !== undefined) time.schedule(podPlan.restart.everyMs, () => replace(lasting, podPlan));
    if (podPlan.faultFromMs > 0) time.schedule(podPlan.faultFromMs, () => startPathFault(lasting, podPlan));
    if (podPlan.faultToMs !== undefined) time.schedule(podPlan.faultToMs, () => endPathFault(lasting, podPlan));
  }
  for (const target of plan.targets) scheduleTruth(lasting, target.id);
  for (const { atMs, byMs } of plan.clockSteps) time.schedule(atMs, () => step(lasting, byMs));
  if (plan.storeLostFromMs !== undefined) time.schedule(plan.storeLostFromMs, () => loseStore(lasting));
  scheduleGarbage(lasting);
  for (const { atMs, key, target, text } of plan.planted ?? []) {
    time.schedule(atMs, () => plantText(lasting, { key, field: target, text }));
  }
  if (plan.dataLostAtMs !== undefined) time.schedule(plan.dataLostAtMs, () => loseData(lasting));
  schedulePassing(lasting);
  noteKinds(lasting);
  // Without a store a target waits for the slots of pods that may have ended, and members may be counted differently.
  if (plan.storeLostFromMs === undefined) watchProbeCoverage(world, plan.runMs);
  watchLiveness(lasting);
  await world.run(plan.runMs);
  if (plan.storeLostFromMs === undefined) checkCalmRates(lasting);
}

function scheduleTruth({ plan, planned, world }: LastingWorld, id: string): void {
  const truth = world.truths.get(id);
  const { failure, fromMs = 0, toMs = Infinity } = planned.get(id) ?? {};
  if (truth === undefined || failure === undefined) return;
  world.time.schedule(fromMs, () => {
    truth.failure = failure;
  });
  if (toMs < plan.runMs) {
    world.time.schedule(toMs, () => {
      truth.failure = undefined;
    });
  }
}

function startPathFault({ plan, running }: LastingWorld, podPlan: PodPlan): void {
  const pod = running.get(podPlan);
  if (pod !== undefined) pod.path = pathOf(plan, podPlan.path);
}

function endPathFault({ running }: LastingWorld, podPlan: PodPlan): void {
  const pod = running.get(podPlan);
  if (pod !== undefined) pod.path = { kind: 'open' };
}

/** Ends the running process of a planned pod and starts the next one. */
function replace(lasting: LastingWorld, podPlan: PodPlan): void {
  const { world, running, plan } = lasting;
  const { restart } = podPlan;
  const pod = running.get(podPlan);
  if (restart === undefined || pod === undefined || world.time.now > plan.runMs) return;
  const isFaulty = pod.path.kind !== 'open';
  const how =
    restart.by === 'crash' ? 'lasting: sick process crashes and starts again' : 'lasting: sick process is rolled';
  world.note(isFaulty ? how : 'lasting: healthy process is replaced');
  if (restart.by === 'crash') {
    world.faultTimes.happened('members');
    pod.clock.kill();
    end(lasting, podPlan);
    world.time.schedule(world.random.between(0, 5_000), () => void lasting.start(podPlan));
  } else {
    world.faultTimes.happened('members');
    end(lasting, podPlan);
    lasting.start(podPlan);
    void pod.fleet.stop();
  }
  world.time.schedule(restart.everyMs, () => replace(lasting, podPlan));
}

function end({ world, running }: LastingWorld, podPlan: PodPlan): void {
  const pod = running.get(podPlan);
  if (pod === undefined) return;
  world.pods.delete(pod);
  world.histories.holds.gone(pod.id);
}

function step({ world, liveness, rate }: LastingWorld, byMs: number): void {
  world.note(byMs > 0 ? 'lasting: store clock steps ahead by hours' : 'lasting: store clock steps back by hours');
  world.faultTimes.happened('store');
  world.stepStoreClock(byMs);
  liveness.disturbed();
  rate.disturbed();
}

function loseStore({ world, spend, plan }: LastingWorld): void {
  world.storeFaults.down = true;
  world.memory.dropSubscribers('connection closed');
  world.faultTimes.begin('store');
  spend.begins(plan.podPlans.length);
}

function loseData({ world, liveness, rate }: LastingWorld): void {
  world.note('loss of all data');
  world.faultTimes.happened('store');
  world.histories.reset();
  world.memory.flush();
  liveness.disturbed();
  rate.disturbed();
}

/** Adds temporary faults until the plan's storm ends; then ends all of them and keeps the lasting ones. */
function schedulePassing(lasting: LastingWorld): void {
  const { world, plan } = lasting;
  const { time, random } = world;
  if (plan.stormEndsMs === 0) return;
  const kinds = passing.filter(() => random.chance(0.5));
  const next = (): void => {
    if (time.now > plan.stormEndsMs - 60_000 || kinds.length === 0) return;
    random.pick(kinds)(world);
    time.schedule(random.between(0, 40_000), next);
  };
  time.schedule(random.between(2_000, 20_000), next);
  time.schedule(plan.stormEndsMs, () => {
    const paths = [...world.pods].map((pod) => [pod, pod.path] as const);
    for (const pod of world.pods) pod.path = { kind: 'open' };
    endFaults(world);
    for (const [pod, path] of paths) pod.path = path;
  });
}

function noteKinds({ plan, world }: LastingWorld): void {
  const { podPlans, targets } = plan;
  const sick = podPlans.filter(({ path }) => path?.kind === 'sick');
  const kinds: readonly (readonly [string, boolean])[] = [
    ['lasting: sick pod', sick.length > 0],
    ['lasting: two sick pods', sick.length > 1],
    ['lasting: pod that cannot reach some hosts', podPlans.some(({ path }) => path?.kind === 'partial')],
    ['lasting: pod whose connections are reset', podPlans.some(({ path }) => acceptsAndResets(path))],
    ['lasting: upstream path is repaired', podPlans.some(({ faultToMs }) => faultToMs !== undefined)],
    ['lasting: blind pod', podPlans.some(({ path }) => path?.kind === 'blind')],
    ['lasting: pod without background checks', podPlans.some(({ background }) => !background)],
    ['lasting: pod that probes at level models only', podPlans.some(({ level }) => level === 'models')],
    ['lasting: target fails to the end', targets.some(({ failure, toMs }) => failure && toMs === undefined)],
    ['lasting: only generation fails', targets.some(({ failure, generationOnly }) => failure && generationOnly)],
    ['lasting: outage ends', targets.some(({ failure, toMs }) => failure && toMs !== undefined)],
    ['lasting: more than 200 targets', targets.length > 200],
    ['lasting: more than 20 pods', podPlans.length > 20],
    ['lasting: store never reached', plan.storeLostFromMs === 0],
    ['lasting: store lost for good', plan.storeLostFromMs !== undefined && plan.storeLostFromMs > 0],
  ];
  for (const [kind, is] of kinds) if (is) world.note(kind);
}

function acceptsAndResets(path: PathFault | undefined): boolean {
  return path !== undefined && path.kind !== 'blind' && path.failure.class === 'network' && path.connects === 'yes';
}
