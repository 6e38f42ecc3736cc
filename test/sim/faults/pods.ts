import { checkStopped } from '../invariants/ended-pods.ts';
import type { SimPod } from '../sim-pod.ts';
import { watchTakeOver } from '../take-over.ts';
import type { World } from '../world.ts';
import { anyPod, happened, lasting } from './fault.ts';

/** After this time without faults, promises for times without other faults apply. */
const QUIET_MS = 15_000;

export function crash(world: World, podCount: number): void {
  const pod = anyPod(world);
  if (pod === undefined || pod.path.kind === 'broken') return;
  const quiet = world.faultTimes.quietForMs() >= QUIET_MS;
  happened(world, 'crash', 'members');
  pod.clock.kill();
  world.pods.delete(pod);
  world.histories.holds.gone(pod.id);
  if (quiet) watchTakeOver(world, pod);
  world.time.schedule(world.random.between(0, 30_000), () => {
    if (world.pods.size >= podCount) return;
    world.note('restart');
    world.startPod(world.random.pick(world.deploys));
  });
}

export function stop(world: World, podCount: number): void {
  const pod = anyPod(world);
  if (pod === undefined || pod.path.kind === 'broken') return;
  happened(world, 'stop', 'members');
  stopInOrder(world, pod);
  world.time.schedule(world.random.between(0, 15_000), () => {
    if (world.pods.size < podCount) world.startPod(world.deploys[0]);
  });
}

export function roll(world: World): void {
  const deploy = world.random.pick(world.deploys);
  [...world.pods]
    .filter((pod) => pod.path.kind !== 'broken')
    .forEach((pod, i) => {
      world.time.schedule(i * 4_000, () => {
        if (!world.pods.has(pod)) return;
        happened(world, 'rolling deploy', 'members');
        world.startPod(deploy);
        stopInOrder(world, pod);
      });
    });
}

export function pause(world: World): void {
  const pod = anyPod(world);
  if (pod === undefined) return;
  lasting(world, 'pause', 'pod', { low: 100, high: 30_000 }, () => {
    pod.clock.pause();
    return () => pod.clock.resume();
  });
}

/** A pod that stops gracefully, with the store reachable throughout, leaves no lease. */
function stopInOrder(world: World, pod: SimPod): void {
  const quiet = (forMs: number): boolean => world.faultTimes.quietForMs(['store', 'pod']) >= forMs;
  const calmBefore = quiet(QUIET_MS);
  const startedMs = world.time.now;
  world.pods.delete(pod);
  world.histories.holds.gone(pod.id);
  void pod.fleet.stop().then(() => {
    if (!calmBefore || !quiet(world.time.now - startedMs)) return;
    world.guard(() => checkStopped(pod.id, world.histories.leases.of(pod.id), world.check));
  });
}
