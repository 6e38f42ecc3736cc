import type { SimPod } from '../sim-pod.ts';
import type { World } from '../world.ts';
import { anyPod } from './fault.ts';
import type { Fault } from './fault.ts';
import { crash, pause, roll, stop } from './pods.ts';
import {
  clockStep,
  garbageFlood,
  resumeStore,
  longClockStep,
  lossOfLastWrites,
  lostReplies,
  storeDown,
  storeHang,
  writesRefused,
} from './store.ts';
import { blind, storeUnreachable, eventsLost, sick, sickBehindProxy } from './upstream-path.ts';

export { faultKinds } from './fault.ts';

/** All faults; each world draws some of them. */
export const faults: readonly Fault[] = [
  crash,
  stop,
  roll,
  pause,
  storeHang,
  storeDown,
  writesRefused,
  lossOfLastWrites,
  clockStep,
  longClockStep,
  lostReplies,
  garbageFlood,
  eventsLost,
  storeUnreachable,
  blind,
  sick,
  sickBehindProxy,
  checkOnDemand,
];

/** Ends all faults. */
export function endFaults(world: World): void {
  const { storeFaults, pods } = world;
  storeFaults.down = false;
  storeFaults.refuses = undefined;
  storeFaults.lostReplies = 0;
  resumeStore(world);
  for (const pod of pods) {
    pod.clock.resume();
    if (pod.path.kind === 'broken') world.heal(pod);
    pod.path = { kind: 'open' };
    Object.assign(pod.storeFaults, { eventsLost: false, storeUnreachable: false } satisfies SimPod['storeFaults']);
  }
  for (const truth of world.truths.values()) truth.frozen = true;
  if (pods.size === 0) world.startPod(world.deploys[0]);
}

/** Not a fault: several callers request checks from several pods at once. */
function checkOnDemand(world: World): void {
  const { random, time } = world;
  world.note('check on demand');
  const ids = [...world.truths.keys()].filter(() => random.chance(0.3));
  for (let callers = random.between(1, 4); callers > 0; callers -= 1) {
    const caller = new AbortController();
    const pod = anyPod(world);
    pod?.callers.add(caller.signal);
    void pod?.fleet.check(ids, caller.signal).then(() => pod.callers.delete(caller.signal));
    time.schedule(random.between(10, 30_000), () => caller.abort());
  }
}
