import type { FleetTarget } from '../../src/fleet/index.ts';
import { isProbedRarely } from '../../src/health/index.ts';
import { endFaults, faults } from './faults/index.ts';
import { checkConverged, checkRoutable, checkTruth } from './invariants/agreement.ts';
import { LONGEST_BACKOFF } from './invariants/probe-coverage.ts';
import { scheduleOrders } from './operators.ts';
import type { SimPod } from './sim-pod.ts';
import { watchProbeCoverage } from './watch-probe-coverage.ts';
import type { World } from './world.ts';

const RUN_MS = 600_000;
/** Long enough for new evidence of every target after the last fault: leases, back-offs, two of the longest intervals. */
const CALM_MS = 200_000;
const CHECK_EVERY_MS = 20_000;
/** After this time without faults all pods hold equal facts. */
const EQUAL_WITHIN_MS = 10_000;

/** Ten minutes of faults, then none; throws a `Violation` if an invariant is broken. */
export async function play(world: World, podCount: number): Promise<void> {
  const { time, random, deploys } = world;
  const pods = random.chance(0.1) ? 1 : podCount;
  if (pods === 1) world.note('single pod');
  if (deploys.some(({ targets }) => targets.some(({ background }) => !background))) world.note('no background checks');
  for (let i = 0; i < pods; i += 1) time.schedule(random.between(0, 3_000), () => void world.startPod(deploys[0]));
  scheduleFaults(world, pods);
  scheduleOrders(world, RUN_MS - 20_000);
  watchProbeCoverage(world, RUN_MS + CALM_MS);
  scheduleChecks(world);
  await world.run(RUN_MS);
  endFaults(world);
  await world.run(RUN_MS + CALM_MS);
  checkEnd(world);
}

/** Each world draws some kinds of faults and their rate. */
export function scheduleFaults(world: World, podCount: number): void {
  const { random, time } = world;
  const kinds = faults.filter(() => random.chance(0.5));
  const rate = random.between(5_000, 60_000);
  const next = (): void => {
    if (time.now > RUN_MS - 60_000 || kinds.length === 0) return;
    random.pick(kinds)(world, podCount);
    time.schedule(random.between(0, 2 * rate), next);
  };
  time.schedule(random.between(2_000, 20_000), next);
}

function scheduleChecks(world: World): void {
  const observe = (): void => {
    world.guard(() => checkAll(world));
    if (world.time.now < RUN_MS + CALM_MS) world.time.schedule(CHECK_EVERY_MS, observe);
  };
  world.time.schedule(CHECK_EVERY_MS, observe);
}

function checkAll(world: World): void {
  const settled = [...world.pods].filter(({ startedAtMs }) => startedAtMs <= world.time.now - EQUAL_WITHIN_MS);
  if (world.faultTimes.quietForMs(['store', 'pod']) >= EQUAL_WITHIN_MS) {
    checkConverged(settled, world.memory.texts('records'), world.storeNow() / 1000, world.check);
    world.histories.holds.observe(settled);
  }
  for (const pod of settled) {
    if (world.isReliable(pod)) checkGroups(world, pod, (id) => world.truths.get(id)?.neverFails === true);
  }
}

function checkGroups(world: World, { id, fleet, deploy }: SimPod, passes: (target: string) => boolean): void {
  for (const group of deploy.groups) {
    if (!group.some(passes)) continue;
    const views = group.flatMap((target) => fleet.target(target) ?? []);
    checkRoutable(id, views, world.check);
  }
}

/** Long after the last fault all pods agree, and their states match the upstreams. */
function checkEnd(world: World): void {
  checkConverged(world.pods, world.memory.texts('records'), world.storeNow() / 1000, world.check);
  world.histories.holds.observe(world.pods);
  for (const pod of world.pods) {
    const unreliable = !world.isReliable(pod);
    const judged = pod.deploy.targets.filter((target) => {
      const localOnly = pod.fleet.target(target.id)?.localOnly === true;
      return target.background && !backsOff(pod, target) && !(unreliable && localOnly);
    });
    const seen = new Set(judged.map(({ id }) => id));
    checkGroups(world, pod, (id) => seen.has(id) && world.truths.get(id)?.failure === undefined);
    for (const id of seen) checkTruth(pod, id, world.truths.get(id)?.failure, world.check);
  }
}

/** Failures that only a person can fix are probed rarely, so that a new probe may not have been due. */
function backsOff({ fleet }: SimPod, { id, intervalMs }: FleetTarget): boolean {
  const { failureRun, rejected } = fleet.target(id)?.facts ?? {};
  const rarely = rejected !== undefined || (failureRun !== undefined && isProbedRarely(failureRun.class));
  return rarely && intervalMs * LONGEST_BACKOFF > CALM_MS;
}
