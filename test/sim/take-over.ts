import type { LiveLease } from '../../src/ports/index.ts';
import { checkTakenOver } from './invariants/ended-pods.ts';
import type { SimPod } from './sim-pod.ts';
import type { World } from './world.ts';

/** After this time a pod has found the other members and read the records. */
const SETTLED_MS = 15_000;
const FREE_SLOTS_AT = 4;

/** Checks, a second after each lease of a crashed pod expires, that its target was taken over. */
export function watchTakeOver(world: World, crashed: SimPod): void {
  const crashedAtMs = world.time.now;
  for (const lease of world.histories.leases.of(crashed.id)) {
    const textBefore = world.memory.texts('records').get(lease.target);
    const leftMs = (lease.until - world.storeNow()) / 1000;
    world.time.schedule(leftMs + 1_000, () => {
      const quietSinceCrash = world.faultTimes.quietForMs() >= world.time.now - crashedAtMs;
      // A target that had to wait for a pause to end is not taken over at once.
      const waited = world.pausedAtMs >= crashedAtMs - SETTLED_MS;
      if (waited || !quietSinceCrash || !couldTakeOver(world, crashed, lease, crashedAtMs)) return;
      const textAfter = world.memory.texts('records').get(lease.target);
      const newestStartMs = world.histories.newestStart.get(lease.target) ?? Number.NEGATIVE_INFINITY;
      world.guard(() =>
        checkTakenOver({ pod: crashed.id, lease, textBefore, textAfter, newestStartMs, crashedAtMs }, world.check),
      );
    });
  }
}

/** A running pod of the same configuration has the target, a free slot, and a due time that has come. */
function couldTakeOver(world: World, crashed: SimPod, { target, until }: LiveLease, crashedAtMs: number): boolean {
  return [...world.pods].some((pod) => {
    const dueAt = pod.fleet.target(target)?.nextDueAt;
    const due = dueAt !== undefined && (dueAt === null || dueAt <= until);
    const settled = pod.startedAtMs <= crashedAtMs - SETTLED_MS && world.isReliable(pod);
    return (
      due &&
      settled &&
      pod.deploy.background.has(target) &&
      pod.deploy === crashed.deploy &&
      pod.probing.size < FREE_SLOTS_AT
    );
  });
}
